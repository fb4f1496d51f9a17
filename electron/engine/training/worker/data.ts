/** The samples that a run learns from and is checked on: a sealed revision, held in memory where it is small enough. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../../contract/errors';
import { splitNames } from '../../../contract/samples';
import type { TrainingDataFiles } from '../../../contract/training-worker';
import { readSafetensors } from '../../../../models/tensor/safetensors';
import { type DataShape, sampleSize } from '../../../../models/zoo/data-shape';
import { Packs } from '../../datasets/packs';
import { type RowScale, scaleOf } from './row-scale';

/** Samples in one go: u8 [N, H, W, C] as they are stored, or float32 [N, width] as the model sees them. */
export type Samples = Uint8Array | Float32Array;

/** Samples of one split by their places in the data set, with their classes (-1: none). */
export interface SplitOf {
  readonly indices: Uint32Array;
  readonly labels: Int32Array;
}

export interface TrainingData {
  readonly shape: DataShape;
  readonly classes: readonly string[];
  readonly train: SplitOf;
  readonly validation: SplitOf;
  readonly test: SplitOf;
  /** How rows of numbers become what the model sees; undefined for pictures. */
  readonly scale: RowScale | undefined;
  /** Blocks: for batches. */
  take(indices: ArrayLike<number>): Samples;
  close(): Promise<void>;
}

/** Up to so many bytes are held in memory. */
const mostInMemory = 512 * 2 ** 20;

/** `isLabelled`: only samples with a class. Throws `training/unsuited` where nothing is left to learn from. */
export async function openTrainingData(files: TrainingDataFiles, isLabelled: boolean): Promise<TrainingData> {
  const columns = await readColumns(files);
  const packs = await Packs.openFiles(files.packs.map(({ file, count }) => ({ pack: file, thumbs: null, count })));
  try {
    const splits = splitNames.map((_, split) => splitOf(columns, split, isLabelled));
    const [train = none, validation = none, test = none] = splits;
    if (train.indices.length === 0)
      throw new AppError('training/unsuited', 'No sample is for training: all are for tests, left out or without a class.'); // prettier-ignore
    const common = { classes: files.classes, train, validation, test, close: () => packs.close() };
    return files.kind === 'image' ? ofPictures(packs, common) : await ofRows(packs, files, common);
  } catch (error) {
    await packs.close();
    throw error;
  }
}

const none: SplitOf = { indices: new Uint32Array(), labels: new Int32Array() };

interface Columns {
  readonly label: Int32Array;
  readonly split: Uint8Array;
  readonly excluded: Uint8Array;
}

async function readColumns({ columns }: TrainingDataFiles): Promise<Columns> {
  const { tensors } = readSafetensors(await readFile(columns));
  const { label, split, excluded } = tensors;
  if (label?.dtype === 'int32' && split?.dtype === 'uint8' && excluded?.dtype === 'uint8')
    return { label: label.data, split: split.data, excluded: excluded.data };
  throw new AppError('workspace/damaged', 'The columns of a sealed revision are damaged. Restore them from a backup.');
}

function splitOf({ label, split, excluded }: Columns, wanted: number, isLabelled: boolean): SplitOf {
  const indices: number[] = [];
  for (let index = 0; index < label.length; index++) {
    const hasClass = (label[index] ?? -1) >= 0;
    if (split[index] === wanted && excluded[index] === 0 && (hasClass || !isLabelled)) indices.push(index);
  }
  return { indices: Uint32Array.from(indices), labels: Int32Array.from(indices, (index) => label[index] ?? -1) };
}

type Common = Pick<TrainingData, 'classes' | 'train' | 'validation' | 'test' | 'close'>;

function ofPictures(packs: Packs, common: Common): TrainingData {
  const { image } = packs;
  if (image === null) throw new AppError('training/unsuited', 'This data set holds no pictures.');
  const { height, width } = image;
  const channels = image.channels === 3 ? 3 : 1;
  const shape: DataShape = { kind: 'image', height, width, channels, classes: common.classes.length };
  const size = sampleSize(shape);
  const isSmall = packs.count * size <= mostInMemory;
  const all = isSmall ? packs.imagesSync(Uint32Array.from({ length: packs.count }, (_, index) => index)) : undefined;
  const take = (indices: ArrayLike<number>): Uint8Array => {
    if (all === undefined) return packs.imagesSync(indices);
    const batch = new Uint8Array(indices.length * size);
    for (let k = 0; k < indices.length; k++) {
      const from = (indices[k] ?? 0) * size;
      batch.set(all.subarray(from, from + size), k * size);
    }
    return batch;
  };
  return { ...common, shape, scale: undefined, take };
}

async function ofRows(packs: Packs, { features }: TrainingDataFiles, common: Common): Promise<TrainingData> {
  const columns = await Promise.all(features.map((name) => packs.numbers(name)));
  const width = columns.length;
  const scale = scaleOf(columns, common.train.indices);
  const shape: DataShape = { kind: 'vector', width, classes: common.classes.length };
  const take = (indices: ArrayLike<number>): Float32Array => {
    const batch = new Float32Array(indices.length * width);
    for (let k = 0; k < indices.length; k++) {
      for (let c = 0; c < width; c++) {
        const value = columns[c]?.[indices[k] ?? 0] ?? 0;
        batch[k * width + c] = (value - (scale.means[c] ?? 0)) / (scale.spreads[c] ?? 1);
      }
    }
    return batch;
  };
  return { ...common, shape, scale, take };
}
