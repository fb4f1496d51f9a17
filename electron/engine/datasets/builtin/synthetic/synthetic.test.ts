/** A drawn sample depends on (seed, index) alone, is of the distribution that its summary states, and never changes. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { type ChunkContent, writeChunk } from '../../chunk';
import { generators } from '../synthesize-job';
import { generatorHash } from './generator';
import { shapes } from './shapes';

/** The values of a tensor of `count` samples. */
function column({ tensors }: ChunkContent, name: string): number[] {
  const { data } = tensors[name]!;
  return Array.from(data as Iterable<number>);
}

test.each(generators.map((generator) => [generator.name, generator] as const))(
  '%s: pieces of any size are the whole, and another seed is another set',
  (_, generator) => {
    const whole = generator.make(7, 0, 60);
    const names = Object.keys(whole.tensors).filter((name) => !/offsets|label/.test(name));
    for (const size of [1, 7, 60]) {
      const pieces = Array.from({ length: Math.ceil(60 / size) }, (__, k) =>
        generator.make(7, k * size, Math.min(60, (k + 1) * size)),
      );
      for (const name of names) {
        expect(pieces.flatMap((piece) => column(piece, name))).toEqual(column(whole, name));
      }
      const labels = pieces.flatMap((piece) => column(piece, 'label').map((label) => piece.labels[label]));
      expect(labels).toEqual(column(whole, 'label').map((label) => whole.labels[label]));
    }
    expect(column(generator.make(8, 0, 60), 'hash')).not.toEqual(column(whole, 'hash'));
  },
);

// Made by this code, version 1 of each: whoever changes what is drawn must raise the version.
test('what is drawn never changes', () => {
  const fingerprints = Object.fromEntries(
    generators.map((generator) => [
      `${generator.name} ${generatorHash(generator).slice(0, 8)}`,
      createHash('sha256').update(writeChunk(generator.make(1, 0, 200))).digest('hex').slice(0, 16), // prettier-ignore
    ]),
  );
  expect(fingerprints).toMatchInlineSnapshot(`
    {
      "grid-25 b0f0096d": "97f9c8231b36f404",
      "ring-8 98fc31d2": "d400e23327f95b23",
      "shapes bcf34f49": "72b7e894e3c29adf",
    }
  `);
});

test.each([
  ['ring-8', 8, 2],
  ['grid-25', 25, undefined],
] as const)('%s: every mode is there, and points lie 0.05 around it', (name, modes, radius) => {
  const generator = generators.find((one) => one.name === name)!;
  const content = generator.make(3, 0, 20_000);
  expect(content.labels).toHaveLength(modes);
  const [xs, ys, labels] = ['column.0', 'column.1', 'label'].map((tensor) => column(content, tensor));
  const sums = Array.from({ length: modes }, () => ({ count: 0, x: 0, y: 0, squares: 0 }));
  labels!.forEach((label, i) => {
    const sum = sums[label]!;
    sum.count++;
    sum.x += xs![i]!;
    sum.y += ys![i]!;
  });
  labels!.forEach((label, i) => {
    const { count, x, y } = sums[label]!;
    sums[label]!.squares += (xs![i]! - x / count) ** 2 + (ys![i]! - y / count) ** 2;
  });
  // Standard errors: of a mean 0.05 / sqrt(count), of sigma 0.05 / sqrt(4 count); count is about 2,500 or 800.
  for (const { count, x, y, squares } of sums) {
    expect(Math.abs(Math.sqrt(squares / count / 2) - 0.05)).toBeLessThan(0.005);
    if (radius !== undefined) expect(Math.abs(Math.hypot(x / count, y / count) - radius)).toBeLessThan(0.01);
    else expect(Math.abs(x / count / 2 - Math.round(x / count / 2))).toBeLessThan(0.01);
  }
});

test('shapes: classes take turns, figures fill their share of the picture and leave the border to the ground', () => {
  const content = shapes.make(1, 0, 160);
  expect(content.labels).toEqual(['circle', 'crescent', 'cross', 'pentagon', 'ring', 'square', 'star', 'triangle']);
  const pixels = column(content, 'images');
  for (let k = 0; k < 160; k++) {
    const picture = pixels.slice(k * 3072, (k + 1) * 3072);
    const corner = picture.slice(0, 3);
    const inked = Array.from({ length: 1024 }, (_, p) => picture.slice(3 * p, 3 * p + 3)).filter((pixel) =>
      pixel.some((value, c) => Math.abs(value - corner[c]!) > 60),
    );
    // The circle that holds a figure has a radius of 6 to 13 pixels; the thinnest figure fills a quarter of it.
    expect(inked.length).toBeGreaterThan(20);
    expect(inked.length).toBeLessThan(550);
  }
});
