/** What an edit means for a data set as it is now: a patch, and the words for the undo toast. */
import { AppError } from '../../contract/errors';
import type { DatasetEdit } from '../../contract/datasets';
import type { SplitPlan } from '../../contract/samples';
import type { EditState, Patch } from './edit-state';
import { ascending, toRuns } from './runs';

export interface PlannedEdit {
  readonly what: string;
  readonly patch: Patch;
  /** Nothing would be different. */
  readonly isEmpty: boolean;
}

/** As many as the contract shows. */
const maxClasses = 10_000;

/** Throws `data/unknown` for a class that is not there, `data/mismatch` for one that is there already, `data/too-many`. */
export function planEdit(
  state: EditState,
  count: number,
  edit: DatasetEdit,
  /** Draws all splits anew and keeps the column; gives its hash. */
  drawnHash: string,
): PlannedEdit {
  switch (edit.edit) {
    case 'label':
      return planLabel(state, ascending(edit.indices, count), edit.label);
    case 'exclude':
      return planExclude(state, ascending(edit.indices, count), edit.isExcluded);
    case 'split': {
      const those = ascending(edit.indices, count).filter((index) => state.splitOf(index) !== edit.split);
      return planned(those.length, `${many(those.length)} moved to ${edit.split}`, {
        splits: [[edit.split, toRuns(those)]],
      });
    }
    case 'resplit':
      return planned(1, `Splits drawn anew (${planWords(edit.plan)})`, { plan: { plan: edit.plan, drawn: drawnHash } });
    case 'renameClass':
      return planRename(state, edit.from, edit.to);
    case 'addClass':
      if (state.hasClass(edit.name)) throw taken(edit.name);
      assertRoom(state, edit.name);
      return planned(1, `Class “${edit.name}” added`, { add: [edit.name] });
    case 'removeClass': {
      const those = members(state, edit.name);
      const runs = toRuns(those);
      return planned(1, `Class “${edit.name}” removed`, {
        ...(those.length > 0 ? { labels: [[null, runs]] } : {}),
        remove: [edit.name],
      });
    }
  }
}

function planLabel(state: EditState, indices: readonly number[], label: string | null): PlannedEdit {
  const those = indices.filter((index) => state.labelOf(index) !== label);
  if (label !== null) assertRoom(state, label);
  const what =
    label === null ? `Label of ${many(those.length)} taken away` : `Label “${label}” given to ${many(those.length)}`;
  return planned(those.length, what, { labels: [[label, toRuns(those)]] });
}

function planExclude(state: EditState, indices: readonly number[], isExcluded: boolean): PlannedEdit {
  const those = indices.filter((index) => (state.excluded[index] === 1) !== isExcluded);
  const what = `${many(those.length)} ${isExcluded ? 'left out' : 'taken back in'}`;
  return planned(those.length, what, { excluded: [[isExcluded, toRuns(those)]] });
}

/** To a name that is there already: the two classes become one. */
function planRename(state: EditState, from: string, to: string): PlannedEdit {
  const those = members(state, from);
  if (from === to) return planned(0, '', {});
  if (!state.hasClass(to)) return planned(1, `Class “${from}” renamed to “${to}”`, { rename: [[from, to]] });
  return planned(1, `Class “${from}” merged into “${to}”`, { labels: [[to, toRuns(those)]], remove: [from] });
}

function members(state: EditState, name: string): number[] {
  if (!state.hasClass(name))
    throw new AppError('data/unknown', `There is no class “${name}” in this data set.`, { name });
  const id = state.idOf(name);
  return [...state.indices((index) => state.label[index] === id)];
}

function planned(changes: number, what: string, patch: Patch): PlannedEdit {
  return { what, patch, isEmpty: changes === 0 };
}

function assertRoom(state: EditState, name: string): void {
  if (state.hasClass(name) || [...state.classNames()].length < maxClasses) return;
  throw new AppError('data/too-many', `A data set has at most ${maxClasses} classes.`);
}

function taken(name: string): AppError {
  return new AppError('data/mismatch', `There is already a class “${name}”.`, { name });
}

const many = (count: number): string => (count === 1 ? '1 sample' : `${count.toLocaleString('en')} samples`);

function planWords({ method, validation, test, seed }: SplitPlan): string {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const kept = method === 'given' ? ', what the source gives stays' : '';
  return `${percent(validation)} validation, ${percent(test)} test, seed ${seed}${kept}`;
}
