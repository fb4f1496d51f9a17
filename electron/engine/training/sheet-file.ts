/** Sheets of a run: drawings from noise that stays the same, one small file for each step that has one. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { drawnShapeSchema } from '../../contract/model-card';
import type { Sheet } from '../../contract/training';
import { bytesOf, hostTensor, type HostTensor } from '../../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../../models/tensor/safetensors';
import { durableWrite, isMissing } from '../storage/durable-write';

const format = 'duet-sheet-1';
const namePattern = /^sheet-(\d+)\.safetensors$/;

/** As the worker has drawn it; points in the units of the data. */
export interface DrawnSheet extends Pick<Sheet, 'step' | 'shape' | 'columns' | 'count'> {
  readonly samples: Uint8Array | Float32Array;
  /** As many real points; empty for pictures. */
  readonly real: Float32Array;
}

export async function writeSheet(folder: string, { step, shape, columns, count, samples, real }: DrawnSheet): Promise<void> {
  const tensors = { samples: flat(samples), ...(real.length > 0 && { real: flat(real) }) };
  const metadata = { format, columns: String(columns), count: String(count), shape: JSON.stringify(shape) };
  await durableWrite(path.join(folder, `sheet-${step}.safetensors`), writeSafetensors(tensors, metadata));
} // prettier-ignore

/** `step` null: the newest. Throws `call/bad-request` where there is none. */
export async function readSheet(folder: string, step: number | null): Promise<Sheet> {
  const steps = await listSheets(folder);
  const wanted = step ?? steps.at(-1);
  if (wanted === undefined || !steps.includes(wanted))
    throw new AppError('call/bad-request', 'There are no drawings of this step.', { step: step ?? -1 });
  const { tensors, metadata } = readSafetensors(await readFile(path.join(folder, `sheet-${wanted}.safetensors`)));
  const shape = drawnShapeSchema.safeParse(JSON.parse(metadata['shape'] ?? 'null'));
  if (metadata['format'] !== format || !shape.success)
    throw new AppError('workspace/damaged', `The drawings of step ${wanted} are damaged.`, { step: wanted });
  return {
    step: wanted,
    shape: shape.data,
    columns: Number(metadata['columns']),
    count: Number(metadata['count']),
    samples: copied(tensors['samples']),
    real: copied(tensors['real']),
  };
}

/** Steps that have one, ascending. */
async function listSheets(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.flatMap((name) => Number(namePattern.exec(name)?.[1] ?? [])).filter((step) => step >= 0).sort((a, b) => a - b); // prettier-ignore
}

const flat = (data: Uint8Array | Float32Array): HostTensor =>
  data instanceof Uint8Array ? hostTensor('uint8', [data.length], data) : hostTensor('float32', [data.length], data);

function copied(tensor: HostTensor | undefined): Uint8Array<ArrayBuffer> {
  if (tensor === undefined || tensor.dtype === 'string') return new Uint8Array(0);
  return new Uint8Array(bytesOf(tensor.data));
}
