/** A real classifier of somebody else's (411 drawn symbols, detypify-service 0.3.0, MIT) through gate, probe, wrapping and card. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { fetchPackage } from '../../../scripts/fetch-package.mjs';
import { decodeModel } from '../../../models/graph/decode';
import { encodeModel } from '../../../models/graph/encode';
import { findClassifierSignature } from '../../../models/graph/signature';
import { type WrapOptions, wrapImageClassifier } from '../../../models/graph/classifier';
import { createSession, liveSessions } from '../../../models/runtime/session';
import { probeModel } from '../compute/probe';
import { gateModel } from '../intake/gate/gate';
import { checkGraphHash, readJudgeCard } from './card';
import { goldenDifferences } from './golden';
import { wrapForeign } from './wrap-foreign';

const integrity = 'sha512-kpJumpOeQJrOZxZXfEoICz/jIwoA3qV9iuCfVpRrPMHFCl75q/8/SEc+56aRBwZq3qyhjKBmJd1Q9/2HMy+vUA==';
let bytes: Uint8Array;
let symbols: string[];

beforeAll(() => {
  const folder = fetchPackage('detypify-service@0.3.0', integrity, ['train/model.onnx', 'train/infer.json']);
  bytes = readFileSync(join(folder, 'train/model.onnx'));
  const entries = z
    .array(z.looseObject({ char: z.string() }))
    .parse(JSON.parse(readFileSync(join(folder, 'train/infer.json'), 'utf8')));
  symbols = entries.map((entry) => entry.char);
}, 120_000);
afterAll(() => expect(liveSessions()).toBe(0));

type Stroke = readonly (readonly [number, number])[];

const circle: Stroke = Array.from({ length: 41 }, (_, k) => [
  0.5 + 0.4 * Math.cos((k * Math.PI) / 20),
  0.5 + 0.4 * Math.sin((k * Math.PI) / 20),
]);
const drawings: readonly (readonly [string, readonly Stroke[]])[] = [
  [
    '→',
    [
      [
        [0.05, 0.5],
        [0.95, 0.5],
      ],
      [
        [0.7, 0.3],
        [0.95, 0.5],
        [0.7, 0.7],
      ],
    ],
  ],
  [
    '⊕',
    [
      circle,
      [
        [0.5, 0.1],
        [0.5, 0.9],
      ],
      [
        [0.1, 0.5],
        [0.9, 0.5],
      ],
    ],
  ],
  [
    '∑',
    [
      [
        [0.85, 0.1],
        [0.15, 0.1],
        [0.55, 0.5],
        [0.15, 0.9],
        [0.85, 0.9],
      ],
    ],
  ],
];

/** The strokes in ink on paper, `side` pixels square, as uint8 RGB. */
function draw(strokes: readonly Stroke[], side: number, ink: string, paper: string): Uint8Array {
  const context = createCanvas(side, side).getContext('2d');
  context.fillStyle = paper;
  context.fillRect(0, 0, side, side);
  context.strokeStyle = ink;
  context.lineWidth = (8 / 224) * side; // the network was trained with 8 pixels of 224
  context.lineCap = 'round';
  context.lineJoin = 'round';
  for (const stroke of strokes) {
    context.beginPath();
    for (const [x, y] of stroke) context.lineTo((0.05 + 0.9 * x) * side, (0.05 + 0.9 * y) * side);
    context.stroke();
  }
  const rgba = context.getImageData(0, 0, side, side).data;
  return Uint8Array.from(rgba.filter((_, index) => index % 4 !== 3));
}

const asTrained: WrapOptions = { preset: 'zero-one', fit: 'stretch', givesProbabilities: false };

async function best(
  model: Uint8Array,
  pixels: Uint8Array,
  side: number,
): Promise<{ symbol: string; score: number; sum: number }> {
  const session = await createSession(model);
  try {
    const { probabilities } = await session.run({ image: { dtype: 'uint8', dims: [1, side, side, 3], data: pixels } });
    const row = Array.from(probabilities!.data as Float32Array);
    const score = Math.max(...row);
    return { symbol: symbols[row.indexOf(score)] ?? '', score, sum: row.reduce((a, b) => a + b, 0) };
  } finally {
    await session.dispose();
  }
}

test('the gate lets it in, the probe reads it right', async () => {
  expect(gateModel(bytes)).toMatchObject({ nodes: 119, functions: 0 });
  expect(await probeModel(bytes)).toMatchObject({
    inputs: [{ name: 'x', dtype: 'float32', dims: ['1', '1', '224', '224'] }],
    image: { layout: 'nchw', channels: 1, height: 224, width: 224, maxBatch: 1 },
    classes: 411,
    givesProbabilities: false,
    labels: [],
  });
});

test.each(drawings)('%s, white on black as in training, is recognised', async (symbol, strokes) => {
  const model = decodeModel(bytes);
  const wrapped = encodeModel(wrapImageClassifier(model, findClassifierSignature(model), asTrained));
  const found = await best(wrapped, draw(strokes, 224, '#fff', '#000'), 224);
  expect(found.symbol).toBe(symbol);
  expect(found.sum).toBeCloseTo(1, 4);
});

test.each(drawings)(
  '%s, black on white and three times as large, is recognised by an inverting wrap',
  async (symbol, strokes) => {
    const model = decodeModel(bytes);
    const wrapped = encodeModel(
      wrapImageClassifier(model, findClassifierSignature(model), { ...asTrained, isInverted: true }),
    );
    expect((await best(wrapped, draw(strokes, 672, '#000', '#fff'), 672)).symbol).toBe(symbol);
  },
);

test('the wrapped copy computes what the network computes on the same numbers', async () => {
  const model = decodeModel(bytes);
  const wrapped = encodeModel(
    wrapImageClassifier(model, findClassifierSignature(model), { ...asTrained, givesProbabilities: true }),
  );
  const pixels = draw(drawings[1]![1], 224, '#fff', '#000');
  const direct = await createSession(bytes);
  const ours = await createSession(wrapped);
  try {
    const data = Float32Array.from({ length: 224 * 224 }, (_, index) => pixels[3 * index]! / 255);
    const expected = (await direct.run({ x: { dtype: 'float32', dims: [1, 1, 224, 224], data } }))['linear']!
      .data as Float32Array;
    const got = (await ours.run({ image: { dtype: 'uint8', dims: [1, 224, 224, 3], data: pixels } }))['probabilities']!
      .data as Float32Array;
    expect(got.length).toBe(411);
    expect(got.every((value, index) => Math.abs(value - expected[index]!) < 1e-3)).toBe(true);
  } finally {
    await direct.dispose();
    await ours.dispose();
  }
});

test('the import carries a card, a hash that fits and golden values that hold, and the gate would let it in again', async () => {
  const imported = await wrapForeign(decodeModel(bytes), bytes, {
    options: { preset: 'zero-one', layout: 'auto', fit: 'stretch', invert: true },
    givesProbabilities: false,
    maxBatch: 1,
    classes: 411,
    name: 'drawn-symbols',
    fileName: 'model.onnx',
    labels: symbols,
  });
  const model = decodeModel(imported);
  const card = readJudgeCard(model);
  expect(card).toMatchObject({ name: 'drawn-symbols', labels: symbols, input: { maxBatch: 1 } });
  checkGraphHash(model, card);
  expect(gateModel(imported).operators).toContain('MatMul');
  const session = await createSession(imported);
  try {
    expect(await goldenDifferences(session, card)).toEqual([]);
  } finally {
    await session.dispose();
  }
  const [symbol, strokes] = drawings[2]!;
  expect((await best(imported, draw(strokes, 300, '#000', '#fff'), 300)).symbol).toBe(symbol);
});
