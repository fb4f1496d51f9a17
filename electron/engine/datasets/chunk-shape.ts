/** What a finished chunk holds, without its bytes: enough to lay out a pack, and to see that the chunk is one that fits. */
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import { columnSchema, sampleKindSchema, splitNames } from '../../contract/samples';
import type { HostTensor } from '../../../models/tensor/host-tensor';
import type { ChunkContent } from './chunk';

const dtypeSchema = z.enum(['uint8', 'int32', 'uint32', 'float64']);

export const chunkShapeSchema = z.strictObject({
  kind: sampleKindSchema,
  samples: z.int().min(0),
  labels: z.array(z.string()),
  columns: z.array(columnSchema),
  tensors: z.record(z.string(), z.strictObject({ dtype: dtypeSchema, dims: z.array(z.int().min(0)) })),
});
export type ChunkShape = z.infer<typeof chunkShapeSchema>;

/** Element types and row sizes that chunk.ts promises; images, columns and ragged values are of any size. */
const promised: Readonly<Record<string, { dtype: HostTensor['dtype']; row: readonly number[] }>> = {
  label: { dtype: 'int32', row: [] },
  split: { dtype: 'uint8', row: [] },
  hash: { dtype: 'uint8', row: [32] },
  look: { dtype: 'uint8', row: [8] },
  size: { dtype: 'int32', row: [2] },
  colour: { dtype: 'uint8', row: [3] },
  marks: { dtype: 'uint8', row: [] },
};

const always = ['label', 'split', 'hash', 'names.bytes', 'names.offsets'];
const byKind: Readonly<Record<ChunkShape['kind'], readonly string[]>> = {
  image: ['images', 'look', 'size', 'colour', 'marks', 'thumbs.bytes', 'thumbs.offsets'],
  text: ['text.bytes', 'text.offsets'],
  molecule: ['text.bytes', 'text.offsets'],
  sound: ['sound.bytes', 'sound.offsets'],
  music: ['notes.bytes', 'notes.offsets'],
  row: [],
};

/** Tensors that a chunk of this kind has. */
export function tensorNames({ kind, columns }: Pick<ChunkShape, 'kind' | 'columns'>): string[] {
  const values = columns.flatMap(({ type }, k) =>
    type === 'number' ? [`column.${k}`] : [`column.${k}.bytes`, `column.${k}.offsets`],
  );
  return [...always, ...byKind[kind], ...values];
}

/**
 * The shape of a chunk that `readChunk` has let through, once it has all that its kind needs and nothing of another type.
 * Throws `data/damaged`.
 */
export function shapeOf(content: ChunkContent): ChunkShape {
  const { kind, samples, labels, columns, tensors } = content;
  const shape: ChunkShape = { kind, samples, labels: [...labels], columns: [...columns], tensors: {} };
  if (samples === 0) return shape;
  for (const name of tensorNames(shape)) {
    const tensor = tensors[name];
    if (tensor === undefined) throw damaged(`"${name}" is missing`);
    checkTensor(name, tensor);
    const dtype = dtypeSchema.safeParse(tensor.dtype);
    if (!dtype.success) throw damaged(`"${name}" is of type ${tensor.dtype}`);
    shape.tensors[name] = { dtype: dtype.data, dims: [...tensor.dims] };
  }
  return shape;
}

function checkTensor(name: string, { dtype, dims, data }: HostTensor): void {
  const rule = promised[name];
  const expected =
    rule?.dtype ?? (name.endsWith('.offsets') ? 'uint32' : /^column\.\d+$/.test(name) ? 'float64' : 'uint8');
  if (dtype !== expected) throw damaged(`"${name}" is of type ${dtype}`);
  if (rule !== undefined && dims.slice(1).join() !== rule.row.join())
    throw damaged(`"${name}" has rows of [${dims.slice(1).join(', ')}]`);
  if (name === 'images' && (dims.length !== 4 || (dims[3] !== 1 && dims[3] !== 3)))
    throw damaged('its images have no 1 or 3 channels');
  if (name === 'split' && data instanceof Uint8Array && data.some((split) => split > splitNames.length)) {
    throw damaged('a split is out of range');
  }
}

/** A chunk must continue the ones before it: same kind, columns, and sizes of rows. Throws `data/mismatch`. */
export function assertContinues(first: ChunkShape, next: ChunkShape): void {
  const rows = ({ tensors, kind, columns }: ChunkShape): string =>
    JSON.stringify([
      kind,
      columns,
      Object.entries(tensors).map(([name, { dims }]) => [name, isRagged(name) ? [] : dims.slice(1)]),
    ]);
  if (rows(first) === rows(next)) return;
  throw new AppError(
    'data/mismatch',
    'The parts of this source do not belong together: their samples differ in kind or size.',
  );
}

const isRagged = (name: string): boolean => name.endsWith('.bytes') || name.endsWith('.offsets');

function damaged(reason: string): AppError {
  return new AppError('data/damaged', `A part of the import is damaged: ${reason}.`);
}
