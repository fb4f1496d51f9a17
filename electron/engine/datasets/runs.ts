/** Sets of sample indices in few numbers: `[first, count, first, count, ...]`, ascending. */
import { AppError } from '../../contract/errors';

export function toRuns(ascending: Iterable<number>): number[] {
  const runs: number[] = [];
  let next = -1;
  for (const index of ascending) {
    if (index === next && runs.length > 0) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(index, 1);
    next = index + 1;
  }
  return runs;
}

export function* fromRuns(runs: readonly number[]): Generator<number> {
  for (let at = 0; at + 1 < runs.length; at += 2) {
    const first = runs[at] ?? 0;
    const end = first + (runs[at + 1] ?? 0);
    for (let index = first; index < end; index++) yield index;
  }
}

/** Indices by what belongs to them, each group as runs. */
export function groupRuns<Value>(ascending: Iterable<number>, valueOf: (index: number) => Value): [Value, number[]][] {
  const groups = new Map<Value, number[]>();
  for (const index of ascending) {
    const value = valueOf(index);
    const members = groups.get(value);
    if (members === undefined) groups.set(value, [index]);
    else members.push(index);
  }
  return [...groups].map(([value, members]) => [value, toRuns(members)]);
}

/** Without repeats, in order. Throws `call/bad-request` for an index that is none. */
export function ascending(indices: readonly number[], count: number): number[] {
  const sorted = [...new Set(indices)].sort((a, b) => a - b);
  const last = sorted.at(-1);
  if (last === undefined || last < count) return sorted;
  throw new AppError('call/bad-request', `There is no sample ${last} in this data set.`, { index: last });
}
