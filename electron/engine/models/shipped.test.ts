/** The models in assets/models: cards valid and bound to their graphs, golden pictures answered, metadata the only addition. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { afterAll, describe, expect, test } from 'vitest';
import { graphSummarySchema } from '../../contract/model-card';
import { decodeModel } from '../../../models/graph/decode';
import { encodeModel } from '../../../models/graph/encode';
import { withMetadata } from '../../../models/graph/metadata';
import { summarise } from '../../../models/graph/summary';
import { createSession, liveSessions } from '../../../models/runtime/session';
import { checkGraphHash, graphHash, readJudgeCard, writeCard } from './card';
import { goldenDifferences, pictureTensor, rampPicture } from './golden';

const bytesOf = (name: string): Uint8Array => readFileSync(join('assets/models', `${name}.onnx`));

afterAll(() => expect(liveSessions()).toBe(0));

describe.each([
  ['everyday-1000', 1000, 10, 256],
  ['photo-objects', 80, 3, 384],
] as const)('%s', (name, classes, goldenValues, shortSide) => {
  const bytes = bytesOf(name);
  const model = decodeModel(bytes);
  const card = readJudgeCard(model);

  test('carries a card of its own name, with all labels, licence and notice', () => {
    expect(card.name).toBe(name);
    expect(card.labels).toHaveLength(classes);
    expect(new Set(card.labels).size).toBeGreaterThan(classes - 3); // ImageNet has two "crane" and two "maillot"
    expect(card.licence.spdx).toBe('Apache-2.0');
    expect(card.licence.notice).not.toBe('');
    expect(card.input.shortSide).toBe(shortSide);
  });

  test('has the graph that the card was written for', () => {
    expect(graphHash(model)).toBe(card.graphHash);
    expect(() => checkGraphHash(model, card)).not.toThrow();
    expect(Buffer.compare(encodeModel(model), bytes)).toBe(0);
  });

  test('answers the golden pictures', async () => {
    expect(card.golden.flatMap((golden) => golden.values).length).toBeGreaterThanOrEqual(goldenValues);
    const session = await createSession(bytes, { threads: 1 });
    try {
      expect(await goldenDifferences(session, card)).toEqual([]);
      const shifted = card.golden.map((golden) => ({
        ...golden,
        values: golden.values.map((value) => ({ ...value, value: value.value + 2 * golden.tolerance })),
      }));
      expect(await goldenDifferences(session, { ...card, golden: shifted })).toHaveLength(
        shifted.flatMap((g) => g.values).length,
      );
    } finally {
      await session.dispose();
    }
  });

  test('is summarised in the form of the contract', () => {
    const summary = graphSummarySchema.parse(summarise(model));
    expect(summary.stages.reduce((sum, stage) => sum + stage.nodes, 0)).toBe(summary.nodes);
    expect(summary.weightBytes).toBeGreaterThan(7_000_000);
    expect(summary.weightBytes).toBeLessThan(bytes.byteLength);
    expect(`${summary.stages.map((s) => `${s.title} ${s.outputShape}`).join('\n')}\n`).toMatchSnapshot();
  });
});

test('a batch of pictures gets the same probabilities as each alone', async () => {
  const session = await createSession(bytesOf('everyday-1000'), { threads: 1 });
  try {
    const one = rampPicture(64, 80);
    const two = one.map((value) => 255 - value);
    const both = Uint8Array.from([...one, ...two]);
    const alone = await session.run({ image: pictureTensor('NHWC', two, 64, 80) });
    const batch = await session.run({ image: { dtype: 'uint8', dims: [2, 64, 80, 3], data: both } });
    const expected = alone['probabilities']!.data as Float32Array;
    const got = (batch['probabilities']!.data as Float32Array).subarray(1000);
    expect(got.every((value, index) => Math.abs(value - expected[index]!) < 1e-5)).toBe(true);
  } finally {
    await session.dispose();
  }
});

test('objects: empty and extreme pictures give empty or bounded answers', async () => {
  const session = await createSession(bytesOf('photo-objects'), { threads: 1 });
  try {
    const black = await session.run({ image: { dtype: 'uint8', dims: [200, 300, 3], data: new Uint8Array(180_000) } });
    expect(black['boxes']!.dims).toEqual([0, 4]);
    for (const [height, width] of [
      [1, 1],
      [3, 500],
      [500, 3],
      [64, 64],
    ] as const) {
      const feed = pictureTensor('HWC', rampPicture(height, width), height, width);
      const { boxes, scores, classes } = await session.run({ image: feed });
      expect(boxes!.dims).toEqual([scores!.data.length, 4]);
      expect(classes!.data).toHaveLength(scores!.data.length);
      expect((boxes!.data as Float32Array).every((side) => side >= 0 && side <= 1)).toBe(true);
      const list = Array.from(scores!.data as Float32Array);
      expect(list).toEqual([...list].sort((a, b) => b - a));
      expect(list.every((score) => score > 0.25)).toBe(true);
    }
  } finally {
    await session.dispose();
  }
});

test('a changed graph, a missing card and a broken card are told apart', () => {
  const model = decodeModel(bytesOf('everyday-1000'));
  const card = readJudgeCard(model);
  const changed = decodeModel(encodeModel(model));
  changed.graph!.node[0]!.name = 'other';
  expect(() => checkGraphHash(changed, card)).toThrow(/changed after its card/);
  expect(() => readJudgeCard(withMetadata(model, 'duet.card', '{"format":2}'))).toThrow(/card is not valid at "/);
  expect(() => readJudgeCard(withMetadata(model, 'duet.card', 'no json'))).toThrow(/card is not valid/);
  const bare = decodeModel(encodeModel(model));
  bare.metadataProps = [];
  expect(() => readJudgeCard(bare)).toThrow(/no model card/);
  const { graphHash: hash, ...draft } = card;
  expect(readJudgeCard(writeCard(bare, draft)).graphHash).toBe(hash);
});

/** A sample photo reduced to the cards' short side, as uint8 RGB [H, W, 3]. */
async function sample(name: string): Promise<{ height: number; width: number; pixels: Uint8Array }> {
  const picture = await loadImage(join('assets/samples', `${name}.jpg`));
  const scale = Math.min(1, 384 / Math.min(picture.width, picture.height));
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)];
  const context = createCanvas(width, height).getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, 0, 0, width, height);
  const rgba = context.getImageData(0, 0, width, height).data;
  return { height, width, pixels: Uint8Array.from(rgba.filter((_, index) => index % 4 !== 3)) };
}

/** Class and box (left, top, right, bottom in 0..1, read off the photo by eye to about a tenth). */
const seen = [
  ['giraffe-and-zebra', 'giraffe', [0.34, 0.06, 0.9, 0.87]],
  ['tabby-cat', 'cat', [0, 0, 0.92, 1]],
  ['eagle-at-the-lake', 'bird', [0.18, 0.17, 0.78, 0.87]],
  ['dog-bicycle-truck', 'dog', [0.17, 0.37, 0.45, 0.94]],
  ['astronaut', 'person', [0.05, 0.03, 0.71, 1]],
  ['kites-at-the-beach', 'kite', undefined],
] as const;

test.each(seen)('objects: %s shows a %s where it is', async (name, label, box) => {
  const bytes = bytesOf('photo-objects');
  const { labels } = readJudgeCard(decodeModel(bytes));
  const { height, width, pixels } = await sample(name);
  const session = await createSession(bytes);
  try {
    const { boxes, classes } = await session.run({ image: pictureTensor('HWC', pixels, height, width) });
    expect(labels[Number(classes!.data[0])]).toBe(label);
    const [left, top, right, bottom] = boxes!.data as Float32Array;
    if (box !== undefined) {
      const away = [left!, top!, right!, bottom!].map((side, index) => Math.abs(side - box[index]!));
      expect(Math.max(...away), `${left} ${top} ${right} ${bottom}`).toBeLessThan(0.12);
    }
  } finally {
    await session.dispose();
  }
});

test.each([
  ['espresso', 'espresso', 0.5],
  ['tabby-cat', 'cat', 0.2],
  ['photographer-with-tripod', 'tripod', 0.5],
] as const)('everyday: %s is called %s', async (name, word, atLeast) => {
  const bytes = bytesOf('everyday-1000');
  const { labels } = readJudgeCard(decodeModel(bytes));
  const { height, width, pixels } = await sample(name);
  const session = await createSession(bytes);
  try {
    const { probabilities } = await session.run({ image: pictureTensor('NHWC', pixels, height, width) });
    const row = Array.from(probabilities!.data as Float32Array);
    const best = Math.max(...row);
    expect(labels[row.indexOf(best)]).toContain(word);
    expect(best).toBeGreaterThan(atLeast);
    expect(row.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
  } finally {
    await session.dispose();
  }
});
