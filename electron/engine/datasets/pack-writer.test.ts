/** From chunks to a part: bytes do not depend on the cutting, every value is found again, chunks that lie are refused. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type HostTensor, hostTensor } from '../../../models/tensor/host-tensor';
import { readSafetensors } from '../../../models/tensor/safetensors';
import { writeChunk } from './chunk';
import { writePart } from './pack-writer';
import { TensorFile } from './tensor-file';
import { chunkFile, imageChunk, pixelsOf, type TestSample, textChunk } from './testing/chunks';

let folder = '';
let next = 0;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'duet-pack-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;
const target = () => {
  const at = path.join(folder, `out-${next++}`);
  return { pack: `${at}.pack`, samples: `${at}.samples`, thumbs: `${at}.thumbs` };
};

const some: TestSample[] = [
  { name: 'ten/1.png', label: 'ten 10', value: 1, split: 3 },
  { name: 'two/1.png', label: 'ten 2', value: 2 },
  { name: 'stray.png', label: null, value: 3, thumb: Uint8Array.of(255, 216, 3) },
  { name: 'ten/2.png', label: 'ten 10', value: 4, split: 1 },
  { name: 'ä/3.png', label: 'ä', value: 5 },
];

/** Packs the samples, cut before the given places. */
async function pack(samples: readonly TestSample[], cuts: readonly number[], make: typeof textChunk) {
  const edges = [0, ...cuts, samples.length];
  const chunks = edges.slice(1).map((end, at) => chunkFile(folder, `c${next++}`, make(samples.slice(edges[at], end))));
  const files = target();
  return { files, written: await writePart(chunks, files, never) };
}

test('labels are merged in natural order, values stand in the order of the chunks', async () => {
  const { files, written } = await pack(some, [2, 4], imageChunk);
  expect(written).toMatchObject({ count: 5, labels: ['ä', 'ten 2', 'ten 10'], thumbs: { file: files.thumbs } });
  expect([...written.label]).toEqual([2, 1, -1, 2, 0]);
  expect([...written.given]).toEqual([3, 0, 0, 1, 0]);
  const table = readSafetensors(readFileSync(files.samples)).tensors;
  expect(table['label']?.data).toEqual(written.label);
  const file = await TensorFile.open(files.pack, 'duet-pack-1');
  const picked = [4, 0, 1, 2];
  const expected = Buffer.concat(picked.map((index) => pixelsOf(some[index]!.value, 12)));
  expect(Buffer.from(file.rowsSync('images', picked))).toEqual(expected);
  expect(Buffer.from(await file.rows('images', picked))).toEqual(expected);
  await file.close();
  const thumbs = await TensorFile.open(files.thumbs, 'duet-thumbs-1');
  expect(await thumbs.value('thumbs', 2)).toEqual(Uint8Array.of(255, 216, 3));
  expect(await thumbs.value('thumbs', 1)).toEqual(new Uint8Array(0));
  await thumbs.close();
});

test('the bytes are the same however the samples are cut into chunks (property)', async () => {
  const sample = fc.record({
    name: fc.string(),
    label: fc.option(fc.constantFrom('a', 'b', 'B', 'b 2', 'b 10')),
    split: fc.integer({ min: 0, max: 3 }),
    value: fc.integer({ min: 0, max: 1000 }),
    text: fc.string({ unit: 'grapheme' }),
    thumb: fc.uint8Array({ maxLength: 4 }),
  });
  const cut = fc.array(fc.nat(12), { maxLength: 4 }).map((cuts) => [...cuts].sort((a, b) => a - b));
  for (const make of [imageChunk, textChunk]) {
    await fc.assert(
      fc.asyncProperty(fc.array(sample, { minLength: 1, maxLength: 12 }), cut, async (samples, cuts) => {
        const whole = await pack(samples, [], make);
        const cutUp = await pack(
          samples,
          cuts.filter((at) => at <= samples.length),
          make,
        );
        const { label, given, labels, count } = whole.written;
        expect(cutUp.written).toMatchObject({ label, given, labels, count });
        for (const name of ['pack', 'samples', 'thumbs'] as const) {
          const made = whole.written[name];
          if (made === null) continue;
          const bytes = readFileSync(cutUp.files[name]);
          expect(bytes).toEqual(readFileSync(made.file));
          expect(made).toMatchObject({
            bytes: bytes.length,
            hash: createHash('sha256').update(bytes).digest('hex'),
          });
        }
      }),
      { numRuns: 40 },
    );
  }
});

test('texts and columns are found one by one', async () => {
  const samples = ['', 'zwei', '三'].map((text, value) => ({ name: `${value}`, label: null, value, text }));
  const { files } = await pack(samples, [1], textChunk);
  const file = await TensorFile.open(files.pack, 'duet-pack-1');
  const texts = await Promise.all([0, 1, 2].map((index) => file.value('text', index)));
  expect(texts.map((bytes) => new TextDecoder().decode(bytes))).toEqual(['', 'zwei', '三']);
  expect(new TextDecoder().decode(await file.value('column.1', 2, 4))).toBe('note');
  expect(new Float64Array((await file.whole('column.0')).buffer)).toEqual(Float64Array.of(0, 1, 2));
  await expect(file.rows('column.0', [3])).rejects.toMatchObject({ code: 'call/bad-request' });
  await file.close();
});

test('chunks that do not fit, changed since, or hold nothing are refused', async () => {
  const small = chunkFile(folder, 'small', imageChunk(some.slice(0, 1)));
  const large = chunkFile(folder, 'large', imageChunk(some.slice(1, 2), 5));
  await expect(writePart([small, large], target(), never)).rejects.toMatchObject({ code: 'data/mismatch' });
  await expect(writePart([chunkFile(folder, 'none', imageChunk([]))], target(), never)).rejects.toMatchObject({
    code: 'data/empty',
  });
  writeFileSync(small.file, writeChunk(imageChunk(some.slice(0, 2))));
  await expect(writePart([small], target(), never)).rejects.toMatchObject({ code: 'data/damaged' });
});

test('chunks that intake should never write are not accepted', () => {
  const good = imageChunk(some);
  const spoil = (name: string, value: HostTensor | undefined) => () => {
    const rest = Object.fromEntries(Object.entries(good.tensors).filter(([one]) => one !== name));
    chunkFile(folder, 'bad', { ...good, tensors: value === undefined ? rest : { ...rest, [name]: value } });
  };
  const refusal = expect.objectContaining({ code: 'data/damaged' }) as Error;
  expect(spoil('hash', undefined)).toThrow(refusal);
  expect(spoil('split', hostTensor('uint8', [5], Uint8Array.of(0, 1, 2, 3, 4)))).toThrow(refusal);
  expect(spoil('label', hostTensor('uint8', [5], new Uint8Array(5)))).toThrow(refusal);
  expect(spoil('images', hostTensor('uint8', [5, 4, 3, 2], new Uint8Array(120)))).toThrow(refusal);
  expect(spoil('hash', hostTensor('uint8', [5, 31], new Uint8Array(155)))).toThrow(refusal);
});
