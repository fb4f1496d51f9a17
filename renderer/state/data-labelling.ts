/** The round that gives labels by key: one sample after the other, with what a model takes it for. */
import { isCancelled } from '../../electron/contract/errors';
import { edit } from './data-actions';
import { getData, setData, toInt32 } from './data-load';
import type { Labelling } from './data-state';
import { failureOf, say, sayFailure } from './messages';
import { noSelection } from './selection';
import type { Studio } from './studio';

/** How many samples are asked about at once. */
const askedAtOnce = 16;

function setLabelling(studio: Studio, change: Partial<Labelling>): void {
  const { labelling } = getData(studio);
  if (labelling !== null) setData(studio, { labelling: { ...labelling, ...change } });
}

/** Begins with the samples that have no label; when all have one, goes through what is shown. */
export async function startLabelling(studio: Studio): Promise<void> {
  const { shown, order, selection } = getData(studio);
  if (shown === null) return;
  try {
    const reply = await studio.engine.call('datasets.indices', {
      id: shown,
      filter: { label: null, isExcluded: false },
    });
    const open = toInt32(reply.indices);
    const chosen = selection.ids.size > 1 ? Int32Array.from(selection.ids) : (order?.indices ?? open);
    const queue = open.length > 0 ? open : chosen;
    if (queue.length === 0) {
      say(studio, 'There is nothing to label here');
      return;
    }
    const model = studio.store.getState().selected[0] ?? null;
    const labelling: Labelling = { queue, at: 0, given: new Map(), model, suggestions: new Map(), failure: null };
    setData(studio, { labelling, opened: null, selection: noSelection, isPicking: false });
    void suggest(studio);
  } catch (error) {
    sayFailure(studio, 'The labelling could not begin.', error);
  }
}

export function stopLabelling(studio: Studio): void {
  const { labelling } = getData(studio);
  if (labelling === null) return;
  setData(studio, { labelling: null });
}

export function chooseSuggester(studio: Studio, model: string | null): void {
  setLabelling(studio, { model, suggestions: new Map(), failure: null });
  void suggest(studio);
}

/** Asks the model about the next samples, unless their answers are here or on the way. */
async function suggest(studio: Studio): Promise<void> {
  const { labelling, shown } = getData(studio);
  if (labelling === null || shown === null || labelling.failure !== null) return;
  const { model, queue, at, suggestions } = labelling;
  if (model === null) return;
  const index = queue[at];
  if (index === undefined || suggestions.has(index)) return;
  const indices = [...queue.slice(at, at + askedAtOnce)].filter((one) => !suggestions.has(one));
  const isCurrent = (): boolean => {
    const now = getData(studio);
    return now.shown === shown && now.labelling?.queue === queue && now.labelling.model === model;
  };
  try {
    const reply = await studio.engine.call('datasets.suggest', { id: shown, indices, model });
    if (!isCurrent()) return;
    const next = new Map(getData(studio).labelling?.suggestions);
    indices.forEach((one, place) => next.set(one, reply.suggestions[place] ?? []));
    setLabelling(studio, { suggestions: next });
    void suggest(studio);
  } catch (error) {
    if (isCurrent() && !isCancelled(error)) setLabelling(studio, { failure: failureOf(error) });
  }
}

/** Goes to a place in the round; behind the last one it is over. */
export function goToLabelling(studio: Studio, at: number): void {
  const { labelling } = getData(studio);
  if (labelling === null) return;
  if (at < labelling.queue.length) {
    setLabelling(studio, { at: Math.max(0, at) });
    void suggest(studio);
    return;
  }
  setData(studio, { labelling: null });
  say(studio, `All looked at: ${labelling.given.size} ${labelling.given.size === 1 ? 'label' : 'labels'} given`);
}

export async function giveLabel(studio: Studio, label: string): Promise<void> {
  const { labelling } = getData(studio);
  const index = labelling?.queue[labelling.at];
  if (labelling === null || index === undefined) return;
  const given = new Map(labelling.given).set(index, label);
  setLabelling(studio, { given });
  goToLabelling(studio, labelling.at + 1);
  const isDone = await edit(studio, { edit: 'label', indices: [index], label }, false);
  if (isDone) return;
  const after = new Map(getData(studio).labelling?.given);
  after.delete(index);
  setLabelling(studio, { given: after });
}

/** Takes the model's first answer. */
export function acceptSuggestion(studio: Studio): void {
  const { labelling } = getData(studio);
  const index = labelling?.queue[labelling.at];
  if (labelling === null || index === undefined) return;
  const [best] = labelling.suggestions.get(index) ?? [];
  if (best !== undefined) void giveLabel(studio, best.label);
}
