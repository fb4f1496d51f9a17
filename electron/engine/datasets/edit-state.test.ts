/** Edits, their ways back and revisions: equal states have equal hashes whatever the way there, and the journal tells it all again. */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import type { DatasetEdit } from '../../contract/datasets';
import { defaultSplitPlan, type SplitPlan } from '../../contract/samples';
import { planEdit } from './edit-plan';
import { EditState, type Patch, patchSchema } from './edit-state';
import type { Manifest } from './manifest';
import { type RevisionContent, revisionContent, revisionHash } from './revision';
import type { SampleTable } from './sample-table';
import { drawSplits } from './splits';

const count = 14;
const table = {
  count,
  classes: ['a', 'b', 'c'],
  label: Int32Array.from([0, 0, 1, 1, 2, -1, -1, 0, 1, 2, 0, 0, 1, -1]),
  given: new Uint8Array(count),
  drawn: Uint8Array.from([0, 1, 2, 0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0]),
  starts: [0, 10],
} as unknown as SampleTable;
const manifest = { parts: [{ pack: 'p1' }, { pack: 'p2' }] } as Manifest;

interface Record {
  parts: number;
  patch: Patch;
}

/** A data set with its journal, without a disk. */
class Edited {
  state = new EditState(table, defaultSplitPlan);
  readonly columns = new Map<string, Uint8Array>();
  readonly journal: Record[] = [];
  readonly undo: Patch[] = [];

  constructor(public parts = 2) {
    this.state.grow(parts);
  }

  edit(edit: DatasetEdit): void {
    const drawn = edit.edit === 'resplit' ? this.draw(edit.plan) : '';
    let planned;
    try {
      planned = planEdit(this.state, count, edit, drawn);
    } catch {
      return; // no such class, or one that is there: nothing happens
    }
    if (planned.isEmpty) return;
    this.undo.push(this.state.inverse(planned.patch));
    this.commit(planned.patch);
  }

  back(): void {
    const patch = this.undo.pop();
    if (patch !== undefined) this.commit(patch);
  }

  /** Through JSON, as the journal does it. */
  private commit(patch: Patch): void {
    const written = patchSchema.parse(JSON.parse(JSON.stringify(patch)));
    this.journal.push({ parts: this.parts, patch: written });
    this.state.apply(written, this.columns);
  }

  private draw(plan: SplitPlan): string {
    const label = this.state.label.subarray(0, this.parts === 2 ? count : 10);
    const column = drawSplits({ label, given: table.given }, plan);
    const hash = createHash('sha256').update(column).digest('hex');
    this.columns.set(hash, column);
    return hash;
  }

  content(): RevisionContent {
    return revisionContent(manifest, this.state);
  }

  replayed(parts = this.parts): EditState {
    const state = new EditState(table, defaultSplitPlan);
    for (const record of this.journal) {
      state.grow(record.parts);
      state.apply(record.patch, this.columns);
    }
    state.grow(parts);
    return state;
  }
}

const indices = fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 6 });
const name = fc.constantFrom('a', 'b', 'c', 'd', 'e');
const edits: fc.Arbitrary<DatasetEdit> = fc.oneof(
  fc.record({ edit: fc.constant('label' as const), indices, label: fc.option(name) }),
  fc.record({ edit: fc.constant('exclude' as const), indices, isExcluded: fc.boolean() }),
  fc.record({ edit: fc.constant('split' as const), indices, split: fc.constantFrom('train', 'validation', 'test') }),
  fc
    .integer({ min: 1, max: 5 })
    .map((seed) => ({ edit: 'resplit' as const, plan: { ...defaultSplitPlan, seed, test: 0.3 } })),
  fc.record({ edit: fc.constant('renameClass' as const), from: name, to: name }),
  fc.record({ edit: fc.constant('addClass' as const), name }),
  fc.record({ edit: fc.constant('removeClass' as const), name }),
);
type Step = DatasetEdit | 'back';
const steps = fc.array<Step>(fc.oneof({ weight: 4, arbitrary: edits }, { weight: 1, arbitrary: fc.constant('back') }), {
  maxLength: 15,
});

function run(edited: Edited, all: readonly Step[]): void {
  for (const step of all) {
    if (step === 'back') edited.back();
    else edited.edit(step);
  }
}

test('undoing everything leads back to the very same revision (property)', () => {
  const before = revisionHash(new Edited().content());
  fc.assert(
    fc.property(fc.array(edits, { maxLength: 15 }), (all) => {
      const edited = new Edited();
      const hashes = [before];
      for (const one of all) {
        const { length } = edited.undo;
        edited.edit(one);
        if (edited.undo.length > length) hashes.push(revisionHash(edited.content()));
      }
      while (edited.undo.length > 0) {
        expect(revisionHash(edited.content())).toBe(hashes.pop());
        edited.back();
      }
      expect(revisionHash(edited.content())).toBe(before);
      expect([...edited.state.indices((index) => edited.state.isEdited(index))]).toEqual([]);
    }),
  );
});

test('the journal read again gives the same state (property)', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const edited = new Edited();
      run(edited, all);
      const again = edited.replayed();
      expect(revisionContent(manifest, again)).toEqual(edited.content());
      expect([...again.indices((index) => again.isEdited(index))]).toEqual(
        [...edited.state.indices((index) => edited.state.isEdited(index))], // prettier-ignore
      );
    }),
  );
});

test('equal states have equal hashes whatever the way there, and others have others (property)', () => {
  fc.assert(
    fc.property(steps, steps, (one, other) => {
      const [a, b] = [new Edited(), new Edited()];
      run(a, one);
      run(b, other);
      const told = ({ classes, label, split, excluded }: RevisionContent): string =>
        JSON.stringify([classes, [...label], [...split], [...excluded]]);
      expect(revisionHash(a.content()) === revisionHash(b.content())).toBe(told(a.content()) === told(b.content()));
    }),
  );
});

test('a part that is added later keeps its own labels and splits', () => {
  const edited = new Edited(1);
  edited.edit({ edit: 'renameClass', from: 'a', to: 'cat' });
  edited.edit({ edit: 'removeClass', name: 'b' });
  edited.edit({ edit: 'resplit', plan: { ...defaultSplitPlan, seed: 3 } });
  const later = edited.replayed(2);
  expect([0, 2, 10, 12].map((index) => later.labelOf(index))).toEqual(['cat', null, 'a', 'b']);
  expect(later.split[12]).toBe(2);
  expect([...later.classNames()].sort()).toEqual(['a', 'b', 'c', 'cat']);
});

test('labelling and leaving out never moves a sample to another split', () => {
  const edited = new Edited();
  edited.edit({ edit: 'resplit', plan: { ...defaultSplitPlan, seed: 2, test: 0.4 } });
  const before = edited.state.split.slice();
  edited.edit({ edit: 'label', indices: [0, 5, 9], label: 'new' });
  edited.edit({ edit: 'exclude', indices: [1, 2], isExcluded: true });
  edited.edit({ edit: 'renameClass', from: 'c', to: 'new' });
  expect(edited.state.split).toEqual(before);
});
