/**
 * A small GPT that writes like Jane Austen, letter by letter (Radford et al. 2019; the sizes are those of Karpathy's smallest nanoGPT). It is
 * judged on the last tenth of the novel, beside n-grams that saw the same nine tenths.
 */
import { writeFileSync } from 'node:fs';
import type { Value } from '../graph/ir';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { adamW } from '../optim/adam';
import { clipByGlobalNorm } from '../optim/gradient-transforms';
import { minimize } from '../optim/optimizer';
import { cosine, warmUp } from '../optim/schedules';
import { type StepProgram, stepProgram } from '../optim/step-program';
import { type GptConfig, gptLogits, referenceGpt } from '../reference/gpt';
import { randomBits, streamOf } from '../tensor/random';
import { floatsOf, integers } from './lib/batches';
import { type Weights, withInference } from './lib/load-program';
import { ngramLoss } from './lib/ngram';
import { type Options, outputPath, type Report, rounded } from './lib/options';
import { runTraining } from './lib/run-training';
import { alphabetOf, continued, readNovel, windowsOf } from './lib/text';

const temperature = 0.8;
const orders = [1, 2, 3, 4, 5, 6];

/** Mean cross-entropy of the positions from `first` on. Inputs: tokens, targets int64 [batch, context]. */
function lossFrom(net: Network, config: GptConfig, first: number): Value {
  const { g } = net;
  const { batch, context, vocabulary } = config;
  const tokens = g.input('tokens', 'int64', [batch, context]);
  const targets = g.input('targets', 'int64', [batch, context]);
  const judged = (value: Value): Value => (first === 0 ? value : g.Slice(value, [first], [context], [1]));
  const logits = g.Reshape(judged(gptLogits(net, tokens, config)), [-1, vocabulary]); // [batch (context - first), vocabulary]
  return crossEntropy(g, logits, g.Reshape(judged(targets), [-1]));
}

function trainingStep(seed: number, config: GptConfig): StepProgram {
  const net = new Network({ seed });
  const loss = lossFrom(net, config, 0);
  minimize(net, loss, adamW({ betas: [0.9, 0.99] }), { transform: clipByGlobalNorm(1) });
  return stepProgram(net, 'char-gpt', { loss });
}

/** Mean loss on windows that overlap by half, of which the second halves count: every symbol has at least half a context before it. */
async function validationLoss(weights: Weights, text: Uint8Array, config: GptConfig): Promise<number> {
  const half = config.context / 2;
  const count = Math.floor((text.length - config.context - 1) / half / config.batch) * config.batch;
  let sum = 0;
  await withInference(
    (net) => ({ loss: lossFrom(net, config, half) }),
    weights,
    async (run) => {
      for (let first = 0; first < count; first += config.batch) {
        const starts = Array.from({ length: config.batch }, (_, k) => (first + k) * half);
        sum += floatsOf(await run(windowsOf(text, starts, config.context)), 'loss')[0] ?? 0;
      }
    },
  );
  return (sum * config.batch) / count;
}

/** Writes on from a line's end: the net gives probabilities for the next symbol, chance draws one, again and again. */
async function sampleText(weights: Weights, config: GptConfig, first: number, seed: number): Promise<number[]> {
  const one = { ...config, batch: 1 };
  const forward = (net: Network): Record<string, Value> => {
    const logits = gptLogits(net, net.g.input('tokens', 'int64', [1, config.context]), one); // [1, context, vocabulary]
    return { probabilities: net.g.Softmax(net.g.Div(logits, temperature)) };
  };
  return withInference(forward, weights, (run) =>
    continued([first], 600, config.context, { seed, stream: streamOf('sample') }, async (tokens) =>
      floatsOf(await run({ tokens: integers([1, config.context], tokens) }), 'probabilities'),
    ),
  );
}

/** Trains on nine tenths of a novel, judges on the rest, writes a page. */
export async function charGpt(options: Options, novel = readNovel(), sizes = referenceGpt): Promise<Report> {
  const { seed } = options;
  const alphabet = alphabetOf(novel);
  const config = { ...sizes, vocabulary: alphabet.size };
  const text = alphabet.encode(novel);
  const [train, validation] = [text.subarray(0, 0.9 * text.length), text.subarray(0.9 * text.length)];
  const starts = (step: number): number[] =>
    Array.from({ length: config.batch }, (_, k) => {
      const draw = randomBits({ seed, stream: streamOf('window'), step }, k)[0];
      return draw % (train.length - config.context - 1);
    });
  const run = await runTraining(
    trainingStep(seed, config),
    { rate: warmUp(50, cosine(2e-3, 950, 1e-4)), batch: (step) => windowsOf(train, starts(step), config.context) },
    options,
  );
  const loss = await validationLoss(run.weights, validation, config);
  const ngrams = orders.map(
    (order) => [`${order}`, rounded(ngramLoss(train, validation, alphabet.size, order))] as const,
  );
  const file = outputPath(options, 'char-gpt.txt');
  const [lineEnd = 0] = alphabet.encode('\n');
  writeFileSync(file, alphabet.decode(await sampleText(run.weights, config, lineEnd, seed)));
  return {
    ...run.figures,
    validationLoss: rounded(loss),
    ngramLosses: Object.fromEntries(ngrams),
    sample: file,
  };
}
