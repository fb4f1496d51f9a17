/** What a person does with pictures: add, remove, paste, correct, open large, sort out the doubtful. */
import type { Dropped } from '../../electron/contract/bridge';
import { type Photo, standingOf, topPrediction } from '../../electron/contract/photo';
import { countOf } from '../ui/format';
import { closeDataImport, openData } from './data-import';
import { openModelFile, takeLabels } from './import-actions';
import { runJob, say, sayFailure } from './messages';
import { type DropAction, inWords, recognise } from './recognise';
import { selectOne } from './selection';
import type { Studio } from './studio';
import type { Detail } from './studio-state';
import { goTo } from './view-actions';

const undoKeys = 'Ctrl Z';

/** Does with what was dropped what was chosen while it hovered, or else the first sensible thing. */
export async function takeDropped(studio: Studio, dropped: readonly Dropped[], wanted?: DropAction): Promise<void> {
  const { screen, imported } = studio.store.getState();
  const kinds = dropped.map((one) => one.kind);
  const { actions } = recognise(kinds, { screen, isModelOpen: imported !== null });
  const action = actions.find((one) => one === wanted) ?? actions[0];
  const [only] = dropped;
  if (action === 'labels' && only !== undefined) {
    await takeLabels(studio, only);
    return;
  }
  const model = dropped.find((one) => one.kind === 'model');
  if (model !== undefined) void openModelFile(studio, model);
  const others = dropped.filter((one) => one.kind !== 'model');
  if (others.length === 0) return;
  if (action === 'dataset') await makeDataset(studio, others, actions.includes('judge'));
  else await addHandles(studio, others);
}

/** The import of data asks before anything is done; judging is offered where that makes sense, too. */
async function makeDataset(studio: Studio, dropped: readonly Dropped[], canJudge: boolean): Promise<void> {
  if (canJudge) {
    const run = (): void => {
      closeDataImport(studio);
      void addHandles(studio, dropped);
    };
    say(studio, inWords(dropped.map((one) => one.kind)), { label: 'Classify instead', keys: null, run });
  }
  await openData(studio, dropped);
}

async function addHandles(studio: Studio, dropped: readonly Dropped[]): Promise<void> {
  goTo(studio, 'classify');
  const [first] = dropped;
  const what = dropped.length === 1 && first !== undefined ? first.name : countOf(dropped.length, 'item');
  const handles = dropped.map((one) => one.handle);
  await runJob(studio, `Adding ${what}`, 'Looking for pictures', async ({ signal, onProgress }) => {
    const reply = await studio.engine.call('photos.add', { handles }, { signal, onProgress });
    const left = reply.ignored > 0 ? `, ${countOf(reply.ignored, 'other file')} left out` : '';
    const detail = `${countOf(reply.added, 'picture')} added${left}`;
    const run = (): void => void openData(studio, dropped);
    say(studio, detail, reply.added === 0 ? null : { label: 'Make a data set', keys: null, run });
    return { value: reply, detail };
  });
}

export async function openPictures(studio: Studio, kind: 'pictures' | 'folder'): Promise<void> {
  try {
    const dropped = await studio.bridge.openDialog(kind);
    if (dropped.length > 0) await takeDropped(studio, dropped, 'judge');
  } catch (error) {
    sayFailure(studio, 'The pictures could not be opened.', error);
  }
}

export async function addSamples(studio: Studio): Promise<void> {
  goTo(studio, 'classify');
  try {
    const { added } = await studio.engine.call('photos.addSamples', {});
    say(studio, added === 0 ? 'The sample photos are here already' : `${countOf(added, 'sample photo')} added`);
  } catch (error) {
    sayFailure(studio, 'The sample photos could not be added.', error);
  }
}

/** Files from the clipboard by their path; a copied picture without a file by its bytes. */
export async function takeFiles(studio: Studio, files: readonly File[], wanted?: DropAction): Promise<void> {
  try {
    const dropped = await studio.bridge.handlesFor(files);
    if (dropped.length > 0) {
      await takeDropped(studio, dropped, wanted);
      return;
    }
    goTo(studio, 'classify');
    for (const file of files) {
      const bytes = new Uint8Array(await file.arrayBuffer());
      await studio.engine.call('photos.paste', { name: file.name === '' ? 'pasted.png' : file.name, bytes });
    }
    say(studio, `${countOf(files.length, 'picture')} added`);
  } catch (error) {
    sayFailure(studio, 'The picture could not be pasted.', error);
  }
}

/** Without `ids`, all of them. Says what went, with a way back. */
export async function removePhotos(studio: Studio, ids: readonly string[] | null): Promise<void> {
  try {
    const { removed } = await studio.engine.call('photos.remove', ids === null ? {} : { ids: [...ids] });
    if (removed === 0) return;
    const run = (): void => void undo(studio);
    say(studio, `${countOf(removed, 'picture')} removed`, { label: 'Undo', keys: undoKeys, run });
  } catch (error) {
    sayFailure(studio, 'The pictures could not be removed.', error);
  }
}

export async function correctPhotos(studio: Studio, ids: readonly string[], label: string | null): Promise<void> {
  try {
    await studio.engine.call('photos.correct', { ids: [...ids], label });
  } catch (error) {
    sayFailure(studio, 'The label could not be kept.', error);
  }
}

/** "Yes, that is right": the model's label becomes the person's. */
export async function confirmPhotos(studio: Studio, photos: readonly Photo[]): Promise<void> {
  const model = studio.store.getState().selected[0] ?? '';
  const byLabel = new Map<string, string[]>();
  for (const photo of photos) {
    const label = topPrediction(photo, model)?.label;
    if (label !== undefined) byLabel.set(label, [...(byLabel.get(label) ?? []), photo.id]);
  }
  for (const [label, ids] of byLabel) await correctPhotos(studio, ids, label);
}

export async function retryPhotos(studio: Studio, ids: readonly string[]): Promise<void> {
  try {
    await studio.engine.call('run.retry', { ids: [...ids] });
  } catch (error) {
    sayFailure(studio, 'The pictures could not be tried again.', error);
  }
}

export async function undo(studio: Studio): Promise<void> {
  await travel(studio, 'history.undo', 'Undone');
}

export async function redo(studio: Studio): Promise<void> {
  await travel(studio, 'history.redo', 'Done again');
}

/** An offer to undo is stale once something was undone or done again. */
function dropOffers(studio: Studio): void {
  studio.store.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.action?.keys !== undoKeys) }));
}

async function travel(studio: Studio, call: 'history.undo' | 'history.redo', word: string): Promise<void> {
  dropOffers(studio);
  try {
    const { what } = await studio.engine.call(call, {});
    if (what !== null) say(studio, `${word}: ${what}`);
  } catch (error) {
    sayFailure(studio, 'That could not be undone.', error);
  }
}

export async function setRunning(studio: Studio, call: 'run.stop' | 'run.resume'): Promise<void> {
  try {
    await studio.engine.call(call, {});
  } catch (error) {
    sayFailure(studio, 'The judging could not be changed.', error);
  }
}

export function openDetail(studio: Studio, id: string, review: Detail['review'] = null): void {
  studio.store.setState({ detail: { id, review }, selection: selectOne(id), labelling: null });
}

/** The neighbour in the round or on the screen; stays put at the ends. */
export function stepDetail(studio: Studio, by: 1 | -1): void {
  const { detail, list } = studio.store.getState();
  if (detail === null) return;
  const order = detail.review?.queue ?? list.order;
  const next = order[order.indexOf(detail.id) + by];
  if (next !== undefined) openDetail(studio, next, detail.review);
}

/** Opens the first doubtful picture and remembers the round, since each answer takes its picture out of the section. */
export function startReview(studio: Studio): void {
  const { list, selected, threshold } = studio.store.getState();
  const model = selected[0] ?? '';
  const score = (photo: Photo): number => topPrediction(photo, model)?.score ?? 0;
  const doubtful = list.all.filter((photo) => standingOf(photo, model, threshold) === 'unsure');
  const queue = doubtful.sort((a, b) => score(a) - score(b)).map((photo) => photo.id);
  const [first] = queue;
  if (first !== undefined) openDetail(studio, first, { queue, given: 0 });
}

/** Gives the open picture its label; a round goes on with the next. */
export async function answer(studio: Studio, label: string): Promise<void> {
  const { detail } = studio.store.getState();
  if (detail === null) return;
  await correctPhotos(studio, [detail.id], label);
  if (detail.review === null) {
    studio.store.setState({ labelling: null });
    return;
  }
  const { queue } = detail.review;
  const review = { queue, given: detail.review.given + 1 };
  const next = queue[queue.indexOf(detail.id) + 1];
  if (next !== undefined) {
    openDetail(studio, next, review);
    return;
  }
  studio.store.setState({ detail: null, labelling: null });
  const run = (): void => void undo(studio);
  say(studio, `All looked at: ${countOf(review.given, 'label')} given`, {
    label: 'Undo the last',
    keys: undoKeys,
    run,
  });
}
