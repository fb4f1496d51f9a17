/**
 * A classifier from elsewhere learns ten kinds of emoji: EfficientNet-Lite0, trained on photos, is read from its .onnx file, gets a new last
 * layer, and is then trained on. First only the new layer learns, on features of the untouched net: the baseline, and the better start
 * (Kumar et al. 2022, "Fine-Tuning can Distort Pretrained Features").
 */
import { readFileSync } from 'node:fs';
import { decodeModel } from '../graph/decode';
import { decodeGraph } from '../graph/decode-graph';
import type { Graph, Value } from '../graph/ir';
import { upgradeGraph } from '../graph/upgrade';
import { dense } from '../nn/layers';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { constantRate, cosine, warmUp } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { integers, rowBatch, shuffledBatches } from './lib/batches';
import { type EmojiData, readEmoji, withMirrorImages } from './lib/emoji';
import { importGraph } from './lib/import-graph';
import { type Layers, outputRows, type Weights } from './lib/load-program';
import { type Options, type Report, rounded } from './lib/options';
import { runTraining } from './lib/run-training';

const classes = 10;
const batch = 12;
const featureCount = 1280;

type Rows = readonly Float32Array[];

/** Pictures [N, 3, side, side] to features [N, 1280]: the file's net between its values `pixels` and `features`. */
const body = (net: Network, file: Graph, x: Value): Value =>
  net.scope('body', () => importGraph(net, file, { pixels: x }, 'features'));

const head: Layers = (net, features) => dense(net, 'head', features, classes);

/** What is trained: the second half of the file's net and the new layer. Its first half sees edges and colours, which emoji have too. */
const trained = [...Array.from({ length: 8 }, (_, k) => `body.block${k + 8}.`), 'body.featureMap.', 'head.'];

/** A step that trains layers from x [batch, ...shape] to logits. */
function trainingStep(seed: number, shape: readonly number[], logits: Layers): StepProgram {
  const net = new Network({ seed });
  const x = net.g.input('x', 'float32', [batch, ...shape]);
  const loss = crossEntropy(net.g, logits(net, x), net.g.input('labels', 'int64', [batch]));
  minimize(net, loss, adam(), { only: trained });
  return stepProgram(net, 'fine-tune', { loss });
}

/** Share of rows of logits whose largest is that of the label. */
function accuracyOf(logits: Rows, labels: readonly number[]): number {
  const hits = logits.filter((row, k) => row.indexOf(Math.max(...row)) === labels[k]);
  return rounded(hits.length / labels.length);
}

/** Trains the new layer alone, then together with half of the net; the budget is that of the second part. */
export async function fineTune(options: Options, given?: EmojiData, side = 112): Promise<Report> {
  const data = given ?? (await readEmoji(side));
  const file = upgradeGraph(decodeGraph(decodeModel(readFileSync('assets/models/everyday-1000.onnx'))));
  const pictures = [3, side, side];
  const train = withMirrorImages(data.train);
  const next = shuffledBatches(train.labels.length, batch, options.seed);
  const batches = (rows: Rows, shape: readonly number[]) => (step: number) => ({
    x: rowBatch(rows, next(step), shape),
    labels: integers(
      [batch],
      Array.from(next(step), (index) => train.labels[index] ?? 0),
    ),
  });
  const whole: Layers = (net, x) => head(net, body(net, file, x));
  const accuracy = async (weights: Weights): Promise<number> =>
    accuracyOf(await outputRows(whole, data.test.pixels, pictures, batch, weights), data.test.labels);

  const features = await outputRows((net, x) => body(net, file, x), train.pixels, pictures, batch);
  const frozen = await runTraining(
    trainingStep(options.seed, [featureCount], head),
    { rate: constantRate(1e-3), batch: batches(features, [featureCount]) },
    { seed: options.seed, out: options.out, steps: 400 },
  );
  const tuned = await runTraining(
    trainingStep(options.seed, pictures, whole),
    { start: frozen.weights, rate: warmUp(100, cosine(2e-4, 900)), batch: batches(train.pixels, pictures) },
    options,
  );
  const frozenAccuracy = await accuracy(frozen.weights);
  return { ...tuned.figures, frozenAccuracy, testAccuracy: await accuracy(tuned.weights) };
}
