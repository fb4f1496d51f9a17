/** Safetensors against the Python package's own file (testing/golden/safetensors-file.py), round trips, and what is said of damaged files. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { ModelError } from '../errors';
import { readGolden } from '../testing/stored-tensors';
import { isDType, numericTypes } from './dtype';
import { elementCount, hostTensor, type HostTensor, numbersOf, tensorView } from './host-tensor';
import { readSafetensors, writeSafetensors } from './safetensors';

const golden = readGolden(
  'safetensors',
  z.object({
    file: z.string(),
    values: z.record(z.string(), z.object({ dims: z.array(z.number()), data: z.array(z.number()) })),
  }),
);
const file = Uint8Array.from(Buffer.from(golden.file, 'base64'));

test("the Python package's file: every element type, a scalar, nothing, names in any letters", () => {
  const { tensors, metadata } = readSafetensors(file);
  expect(metadata).toEqual({ format: 'pt', note: 'größer' });
  expect(Object.keys(tensors).sort()).toEqual(Object.keys(golden.values).sort());
  for (const [name, { dims, data }] of Object.entries(golden.values)) {
    expect(tensors[name]!.dims, name).toEqual(dims);
    expect(numbersOf(tensors[name]!), name).toEqual(data);
    if (isDType(name)) expect(tensors[name]!.dtype).toBe(name);
  }
});

test('what is written is byte for byte what the Python package writes', () => {
  const { tensors, metadata } = readSafetensors(file);
  const reversed = (record: object): [string, never][] => Object.entries(record).reverse() as [string, never][];
  const written = writeSafetensors(Object.fromEntries(reversed(tensors)), Object.fromEntries(reversed(metadata)));
  const { tensors: again } = readSafetensors(written);
  expect(again).toEqual(tensors);
  expect(Buffer.from(written).toString('latin1')).toBe(Buffer.from(file).toString('latin1'));
});

const anyTensor: fc.Arbitrary<HostTensor> = fc
  .record({
    dtype: fc.constantFrom(...(Object.keys(numericTypes) as (keyof typeof numericTypes)[])),
    dims: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
  })
  .chain(({ dtype, dims }) => {
    const length = elementCount(dims) * numericTypes[dtype].bytes;
    return fc
      .uint8Array({ minLength: length, maxLength: length })
      .map((bytes) => tensorView(dtype, dims, bytes.slice()));
  });

test('what is written comes back bit for bit, as views over the file', () => {
  const tensors = fc.dictionary(
    fc.string({ minLength: 1 }).filter((name) => name !== '__proto__'),
    anyTensor,
  );
  fc.assert(
    fc.property(
      tensors,
      fc.dictionary(
        fc.string().filter((name) => name !== '__proto__'),
        fc.string(),
      ),
      (given, metadata) => {
        const bytes = writeSafetensors(given, metadata);
        const read = readSafetensors(bytes);
        expect(read.metadata).toEqual(metadata);
        expect(Object.keys(read.tensors).sort()).toEqual(Object.keys(given).sort());
        for (const [name, tensor] of Object.entries(given)) {
          const { dtype, dims, data } = read.tensors[name]!;
          expect({ dtype, dims }).toEqual({ dtype: tensor.dtype, dims: tensor.dims });
          if (dtype === 'string' || tensor.dtype === 'string') continue;
          expect(data.buffer).toBe(bytes.buffer);
          const raw = (of: typeof data): Buffer => Buffer.from(of.buffer, of.byteOffset, of.byteLength);
          expect(raw(data).equals(raw(tensor.data))).toBe(true);
        }
      },
    ),
  );
});

/** A file with this header and so many bytes of elements. */
function made(header: unknown, length: number): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Uint8Array.from(Buffer.concat([size, text, Buffer.alloc(length)]));
}

const entry = (shape: unknown, from: number, to: number, dtype: unknown = 'F32') => ({ dtype, shape, data_offsets: [from, to] }); // prettier-ignore

test.each([
  ['too short', Uint8Array.of(1, 2, 3), 'it has 3 bytes'],
  ['a header beyond the file', made('{}', 0).fill(9, 0, 1), 'its header would take 9 bytes, 2 are there'],
  ['a header beyond all measure', made('{}', 0).fill(255, 0, 8), 'are allowed'],
  ['no JSON', made('{"a":', 0), 'its header is no JSON object'],
  ['a list', made('[]', 0), 'its header is no JSON object'],
  ['an entry that is a number', made({ a: 1 }, 0), 'the entry of "a" is no object'],
  ['an unknown type', made({ a: entry([1], 0, 4, 'F8_E4M3') }, 4), '"a" has element type F8_E4M3'],
  ['a type of all objects', made({ a: entry([1], 0, 4, 'toString') }, 4), '"a" has element type toString'],
  ['a negative size', made({ a: entry([-1], 0, 4) }, 4), 'the shape of "a" is no list of sizes'],
  ['offsets in the wrong order', made({ a: entry([1], 4, 0) }, 4), 'the offsets of "a"'],
  ['an end beyond the file', made({ a: entry([2], 0, 8) }, 4), '"a" ends at byte 8, the file holds 4'],
  ['a wrong length', made({ a: entry([2, 2], 0, 12) }, 12), '"a" F32 [2, 2] takes 16 bytes, its offsets span 12'],
  ['an impossible shape', made({ a: entry([2 ** 52, 2 ** 52], 0, 4) }, 4), 'its offsets span 4'],
  [
    'an overlap',
    made({ a: entry([2], 0, 8), b: entry([2], 4, 12) }, 12),
    '"b" begins at byte 4 where 8 bytes are taken',
  ],
  ['a gap', made({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, 12), '"b" begins at byte 8 where 4 bytes are taken'],
  ['a rest', made({ a: entry([1], 0, 4) }, 9), 'the tensors take 4 bytes, the file holds 9'],
  ['metadata that is no text', made({ __metadata__: { a: 1 } }, 0), 'the metadata "a" is no text'],
])('%s is refused', (_, bytes, message) => {
  expect(() => readSafetensors(bytes)).toThrow(ModelError);
  expect(() => readSafetensors(bytes)).toThrow(message);
});

test('texts are refused', () => {
  expect(() => writeSafetensors({ a: hostTensor('string', [1], ['a']) })).toThrow('"a" holds texts');
});
