/** Which drawings a cell of the matrix opens, and in which order. */
import type { CellFilter, ComparedSample, Comparison, comparisonContract } from '../../contract/comparison';
import type { RequestOf } from '../../contract/rpc';
import { AppError } from '../../contract/errors';
import { columnOf, type Drawings } from './drawings';

export type SampleSort = RequestOf<typeof comparisonContract, 'comparisons.samples'>['sort'];
type Asked = Pick<Comparison, 'generators' | 'judges' | 'classes' | 'unsureBelow'>;

/** Place of a model among those of the comparison. */
export function placeOf(models: Comparison['judges'], id: string): number {
  const place = models.findIndex((model) => model.id === id);
  if (place >= 0) return place;
  throw new AppError('call/bad-request', `${id} takes no part in this comparison.`, { id });
}

interface Read {
  readonly index: number;
  readonly asked: number;
  readonly column: number;
  readonly score: number;
}

/** Indices of the drawings read so far that pass, in order. */
export function select(comparison: Asked, drawings: Drawings, filter: CellFilter, sort: SampleSort): Int32Array {
  const judge = placeOf(comparison.judges, filter.judge);
  const found: Read[] = [];
  for (let index = 0; index < drawings.done; index++) {
    const read = readOf(comparison, drawings, judge, index);
    if (passes(comparison, drawings, filter, read)) found.push(read);
  }
  return Int32Array.from(found.sort(orders(drawings)[sort]), ({ index }) => index);
}

function readOf({ classes, unsureBelow }: Asked, drawings: Drawings, judge: number, index: number): Read {
  const row = rowOf(drawings, judge, index);
  const column = columnOf(row, classes.length, unsureBelow);
  return { index, asked: drawings.asked(index), column, score: Math.max(...row) };
}

function rowOf({ probabilities, size }: Drawings, judge: number, index: number): Float32Array {
  return probabilities[judge]?.subarray(index * size.classes, (index + 1) * size.classes) ?? new Float32Array(0);
}

function passes(
  { classes, judges }: Asked,
  drawings: Drawings,
  { asked, readAs, only }: CellFilter,
  read: Read,
): boolean {
  if (asked !== null && read.asked !== asked) return false;
  const column = readAs === 'unsure' ? classes.length : readAs;
  if (column !== null && read.column !== column) return false;
  if (only === 'wrong') return read.column !== read.asked;
  if (only === 'copies') return drawings.nearest?.isCopy[read.index] === 1;
  return only === 'all' || disagree(drawings, judges.length, read.index);
}

/** Whether two judges take it for different classes, however sure they are. */
function disagree(drawings: Drawings, judges: number, index: number): boolean {
  const best = Array.from({ length: judges }, (_, judge) => columnOf(rowOf(drawings, judge, index), -1, 0));
  return best.some((one) => one !== best[0]);
}

/** Alike ones in the order of their numbers. */
function orders({ nearest }: Drawings): Record<SampleSort, (a: Read, b: Read) => number> {
  const isWrong = ({ column, asked }: Read): number => (column === asked ? 0 : 1);
  const distance = ({ index }: Read): number => nearest?.distance[index] ?? Infinity;
  return {
    surest: (a, b) => isWrong(b) - isWrong(a) || b.score - a.score || a.index - b.index,
    unsurest: (a, b) => a.score - b.score || a.index - b.index,
    index: (a, b) => a.index - b.index,
    nearest: (a, b) => (nearest === undefined ? 0 : distance(a) - distance(b)) || a.index - b.index,
  };
}

/** Drawings as the page shows them. */
export function describe(
  { judges, classes }: Asked,
  drawings: Drawings,
  generator: string,
  indices: ArrayLike<number>,
): ComparedSample[] {
  return Array.from(indices, (index) => ({
    generator,
    index,
    asked: drawings.asked(index),
    judged: judges.map((_, judge) => ({
      best: drawings.best(judge, index).map((one) => ({ ...one, label: classes[one.classIndex] ?? '' })),
    })),
    nearest: nearestOf(drawings, index),
  }));
}

function nearestOf({ nearest }: Drawings, index: number): ComparedSample['nearest'] {
  const place = nearest?.index[index] ?? -1;
  if (nearest === undefined || place < 0) return null;
  return { index: place, distance: nearest.distance[index] ?? 0, isCopy: nearest.isCopy[index] === 1 };
}
