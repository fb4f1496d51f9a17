/** Which samples a filter shows, and in which order: class by class in natural order, those without a label last, by index within. */
import type { ClassRow, SampleFilter } from '../../contract/datasets';
import { splitNames } from '../../contract/samples';
import { naturally } from '../intake/list-files';
import type { EditState } from './edit-state';
import type { SampleTable } from './sample-table';

export interface Selection {
  readonly indices: Int32Array;
  /** Lengths of the runs of one class each; none is empty. */
  readonly sections: readonly { label: string | null; count: number }[];
}

/** Answers filters; what it worked out is kept until the data set changes. */
export class Selector {
  private version = -1;
  /** Class ids in the order in which they are shown, -1 last. */
  private shown: number[] = [];
  private order = new Int32Array(0);
  private readonly known = new Map<string, Selection>();

  constructor(
    private readonly table: SampleTable,
    private readonly state: EditState,
  ) {}

  /** `reported`: 1 for each sample of the finding or bar that the filter names. */
  select(filter: SampleFilter, reported?: Uint8Array): Selection {
    this.refresh();
    // A newer report of the same data set may hold others.
    if (reported !== undefined) return this.make(filter, reported);
    const key = JSON.stringify(filter);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const made = this.make(filter, undefined);
    // A person has a few filters in hand; a search makes one with every letter.
    if (this.known.size >= 8) this.known.clear();
    this.known.set(key, made);
    return made;
  }

  /** Rows of all classes in the order in which they are shown, and the row of those without a label. */
  counts(): { classes: ClassRow[]; unlabelled: ClassRow } {
    this.refresh();
    const rows = new Map(this.shown.map((id): [number, ClassRow] => [id, emptyRow(this.state.classOf(id) ?? '-')]));
    const { label, excluded, split } = this.state;
    for (let index = 0; index < this.table.count; index++) {
      const row = rows.get(label[index] ?? -1);
      if (row === undefined) continue;
      if (excluded[index] === 1) row.excluded++;
      else row[splitNames[split[index] ?? 0] ?? 'train']++;
    }
    const unlabelled = rows.get(-1) ?? emptyRow('-');
    rows.delete(-1);
    return { classes: [...rows.values()], unlabelled };
  }

  private refresh(): void {
    if (this.version === this.state.version) return;
    this.version = this.state.version;
    this.known.clear();
    const names = [...this.state.classNames()].sort(naturally);
    this.shown = [...names.map((name) => this.state.idOf(name)), -1];
    this.order = countingSort(this.state.label, this.shown);
  }

  private make(filter: SampleFilter, reported: Uint8Array | undefined): Selection {
    const keeps = this.conditions(filter, reported);
    const indices = keeps.reduce((left, keep) => left.filter(keep), this.order);
    const sections: { label: string | null; count: number }[] = [];
    let last = -2;
    for (const index of indices) {
      const id = this.state.label[index] ?? -1;
      const section = sections.at(-1);
      if (section !== undefined && id === last) section.count++;
      else sections.push({ label: this.state.classOf(id), count: 1 });
      last = id;
    }
    return { indices, sections };
  }

  private conditions(filter: SampleFilter, reported: Uint8Array | undefined): ((index: number) => boolean)[] {
    const { state } = this;
    const keeps: ((index: number) => boolean)[] = [];
    if (filter.label !== undefined) {
      const id = filter.label === null ? -1 : state.idOf(filter.label);
      const isUnknown = filter.label !== null && id < 0;
      keeps.push((index) => !isUnknown && state.label[index] === id);
    }
    if (filter.split !== undefined) {
      const split = splitNames.indexOf(filter.split);
      keeps.push((index) => state.split[index] === split);
    }
    if (filter.isExcluded !== undefined) {
      const excluded = filter.isExcluded ? 1 : 0;
      keeps.push((index) => state.excluded[index] === excluded);
    }
    if (filter.finding !== undefined || filter.bin !== undefined) keeps.push((index) => reported?.[index] === 1);
    if (filter.text !== undefined && filter.text !== '') {
      const text = filter.text.toLowerCase();
      const names = this.table.lowerNames();
      keeps.push((index) => names[index]?.includes(text) === true);
    }
    return keeps;
  }
}

function emptyRow(name: string): ClassRow {
  return { name, train: 0, validation: 0, test: 0, excluded: 0 };
}

/** Indices by the place of their class in `shown`, ascending within. */
function countingSort(label: Int32Array, shown: readonly number[]): Int32Array<ArrayBuffer> {
  const ranks = new Int32Array(Math.max(0, ...shown) + 2).fill(-1);
  shown.forEach((id, rank) => (ranks[id + 1] = rank));
  const next = new Int32Array(shown.length + 1);
  for (const id of label) {
    const rank = (ranks[id + 1] ?? 0) + 1;
    next[rank] = (next[rank] ?? 0) + 1;
  }
  for (let rank = 1; rank < next.length; rank++) next[rank] = (next[rank] ?? 0) + (next[rank - 1] ?? 0);
  const order = new Int32Array(label.length);
  label.forEach((id, index) => {
    const rank = ranks[id + 1] ?? 0;
    const place = next[rank] ?? 0;
    next[rank] = place + 1;
    order[place] = index;
  });
  return order;
}
