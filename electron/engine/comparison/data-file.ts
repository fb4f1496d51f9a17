/** The numbers of a comparison as objects of the workspace: safetensors that open anywhere. */
import { AppError } from '../../contract/errors';
import { hostTensor, type HostTensor } from '../../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../../models/tensor/safetensors';
import type { ObjectStore } from '../storage/object-store';
import { Drawings, type DrawingsSize, type Nearest } from './drawings';
import type { Labelled } from './real-data';

const drawingsFormat = 'duet-comparison-drawings-1';
const realFormat = 'duet-comparison-real-1';

/** What judges read in some samples: f32 [N, width] for each judge that offers features. */
export type FeatureSets = ReadonlyMap<number, { readonly width: number; readonly data: Float32Array }>;

export function putDrawings(objects: ObjectStore, drawings: Drawings, features: FeatureSets): Promise<string> {
  const { total, classes, each } = drawings.size;
  const tensors: Record<string, HostTensor> = { samples: hostTensor('uint8', [total, each], drawings.samples) };
  drawings.probabilities.forEach((numbers, judge) => {
    tensors[`probabilities.${judge}`] = hostTensor('float32', [total, classes], numbers);
  });
  if (drawings.nearest !== undefined) {
    const { index, distance, isCopy } = drawings.nearest;
    tensors['nearest.index'] = hostTensor('int32', [total], index);
    tensors['nearest.distance'] = hostTensor('float32', [total], distance);
    tensors['nearest.copy'] = hostTensor('uint8', [total], isCopy);
  }
  return objects.put(writeSafetensors({ ...tensors, ...featureTensors(features) }, { format: drawingsFormat }), 'safetensors'); // prettier-ignore
}

export async function readDrawings(objects: ObjectStore, hash: string, size: DrawingsSize): Promise<Drawings> {
  const file = await open(objects, hash, drawingsFormat);
  const samples = file.bytes('samples');
  if (samples.length !== size.total * size.each) throw damaged(hash);
  const probabilities = Array.from({ length: size.judges }, (_, judge) => file.floats(`probabilities.${judge}`));
  return new Drawings(size, { samples, probabilities, nearest: nearestIn(file) });
}

function nearestIn(file: DataFile): Nearest | undefined {
  if (!file.has('nearest.index')) return undefined;
  return {
    index: file.ints('nearest.index'),
    distance: file.floats('nearest.distance'),
    isCopy: file.bytes('nearest.copy'),
  };
}

export interface RealUse {
  /** Held-out samples that judges were tested with. */
  readonly test: Labelled;
  readonly reference: Labelled;
  readonly floor: Labelled;
}

export function putReal(
  objects: ObjectStore,
  { test, reference, floor }: RealUse,
  probabilities: readonly Float32Array[],
  features: FeatureSets,
): Promise<string> {
  const tensors: Record<string, HostTensor> = {};
  for (const [name, { index, label }] of Object.entries({ test, reference, floor })) {
    tensors[`${name}.index`] = hostTensor('int32', [index.length], index);
    tensors[`${name}.label`] = hostTensor('int32', [label.length], label);
  }
  probabilities.forEach((numbers, judge) => {
    const rows = test.index.length;
    tensors[`test.probabilities.${judge}`] = hostTensor('float32', [rows, rows === 0 ? 0 : numbers.length / rows], numbers); // prettier-ignore
  });
  return objects.put(writeSafetensors({ ...tensors, ...featureTensors(features) }, { format: realFormat }), 'safetensors'); // prettier-ignore
}

export async function readReal(objects: ObjectStore, hash: string): Promise<RealUse> {
  const file = await open(objects, hash, realFormat);
  const of = (name: string): Labelled => ({ index: file.ints(`${name}.index`), label: file.ints(`${name}.label`) });
  return { test: of('test'), reference: of('reference'), floor: of('floor') };
}

function featureTensors(features: FeatureSets): Record<string, HostTensor> {
  return Object.fromEntries(
    [...features].map(([judge, { width, data }]) => [
      `features.${judge}`,
      hostTensor('float32', [data.length / width, width], data),
    ]),
  );
}

interface DataFile {
  has(name: string): boolean;
  floats(name: string): Float32Array;
  ints(name: string): Int32Array;
  bytes(name: string): Uint8Array;
}

async function open(objects: ObjectStore, hash: string, format: string): Promise<DataFile> {
  const { tensors, metadata } = readSafetensors(await objects.read(hash));
  if (metadata['format'] !== format) throw damaged(hash);
  return {
    has: (name) => tensors[name] !== undefined,
    floats: (name) => {
      const tensor = tensors[name];
      if (tensor?.dtype !== 'float32') throw damaged(hash);
      return tensor.data;
    },
    ints: (name) => {
      const tensor = tensors[name];
      if (tensor?.dtype !== 'int32') throw damaged(hash);
      return tensor.data;
    },
    bytes: (name) => {
      const tensor = tensors[name];
      if (tensor?.dtype !== 'uint8') throw damaged(hash);
      return tensor.data;
    },
  };
}

function damaged(hash: string): AppError {
  return new AppError('workspace/damaged', `A file of this workspace is damaged: objects/${hash.slice(0, 2)}/${hash}. Restore it from a backup.`, { hash }); // prettier-ignore
}
