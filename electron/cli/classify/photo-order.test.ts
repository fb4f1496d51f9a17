/** Pictures come out in the order in which they were named, whatever finishes first. */
import fc from 'fast-check';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Photo } from '../../contract/photo';
import { batchesOf, type Input } from './inputs';
import { PhotoOrder } from './photo-order';

const file = (typed: string): Input => ({ typed, path: `/at/${typed}`, kind: 'file' });
const folder = (typed: string): Input => ({ typed, path: `/at/${typed}`, kind: 'folder' });
const missing = (typed: string): Input => ({ typed, path: `/at/${typed}`, kind: 'missing' });

function photo(number: number, name: string, isFailed = false): Photo {
  return {
    id: `p${number}`,
    name,
    state: isFailed ? 'failed' : 'judged',
    bytes: 1,
    width: 1,
    height: 1,
    hasThumb: false,
    isSample: false,
    verdicts: {},
  };
}

const inputs = [missing('gone.jpg'), file('a.jpg'), file('b.jpg'), missing('lost'), folder('./trip/'), file('c.jpg')];
/** As the engine would list them: two files, a folder of three, a file. */
const listed = ['a.jpg', 'b.jpg', 'x.jpg', 'sub/y.jpg', 'z.jpg', 'c.jpg'];
const counts = [2, 3, 1];
const expected = [
  'gone.jpg',
  'a.jpg',
  'b.jpg',
  'lost',
  path.join('trip', 'x.jpg'),
  path.join('trip', 'sub', 'y.jpg'),
  path.join('trip', 'z.jpg'),
  'c.jpg',
];

test('neighbouring files make one batch, folders and missing things stand alone', () => {
  expect(batchesOf(inputs).map((batch) => [batch.kind, batch.kind === 'files' ? batch.inputs.length : 1])).toEqual([
    ['missing', 1],
    ['files', 2],
    ['missing', 1],
    ['folder', 1],
    ['files', 1],
  ]);
  expect(batchesOf(Array.from({ length: 2500 }, (_, index) => file(`${index}.jpg`)))).toHaveLength(3);
});

test('any order of finishing gives the order of naming, once each', async () => {
  const numbers = listed.map((_, index) => index + 1);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(numbers, { minLength: numbers.length }), async (finishing) => {
      const told: string[] = [];
      const order = new PhotoOrder(({ name }) => told.push(name));
      const sizes = [...counts];
      for (const batch of batchesOf(inputs)) {
        order.begin(batch);
        if (batch.kind !== 'missing') order.counted(sizes.shift()!);
      }
      for (const number of finishing) {
        expect(order.isComplete).toBe(false);
        order.settled(photo(number, listed[number - 1]!));
        order.settled(photo(number, listed[number - 1]!));
      }
      expect(order.isComplete).toBe(true);
      order.finish();
      expect(told).toEqual(expected);
      expect(await again(order)).toEqual(expected);
    }),
    { seed: 9, numRuns: 200 },
  );
});

async function again(order: PhotoOrder): Promise<string[]> {
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* pages() {
    const photos = listed.map((name, index) => photo(index + 1, name));
    yield photos.slice(0, 4);
    yield photos.slice(4);
  }
  const names: string[] = [];
  for await (const { name } of order.again(pages())) names.push(name);
  return names;
}

test('a picture that finishes while its folder is still being listed is told at once', () => {
  const told: string[] = [];
  const order = new PhotoOrder(({ name }) => told.push(name));
  for (const batch of batchesOf([folder('trip')])) order.begin(batch);
  order.settled(photo(1, 'x.jpg'));
  expect(told).toEqual([path.join('trip', 'x.jpg')]);
});

test('a folder that cannot be read is named as it was typed', () => {
  const told: string[] = [];
  const order = new PhotoOrder(({ name }) => told.push(name));
  for (const batch of batchesOf([folder('./locked')])) order.begin(batch);
  order.settled(photo(1, 'locked', true));
  expect(told).toEqual(['./locked']);
});
