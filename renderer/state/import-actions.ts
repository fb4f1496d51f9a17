/** A foreign model on its way in: checked by the engine, tried on samples, imported or let go. */
import type { Dropped } from '../../electron/contract/bridge';
import { type Failure, isCancelled } from '../../electron/contract/errors';
import type { ImportOptions, ModelEntry, Proposal } from '../../electron/contract/models';
import { failureOf, say, sayFailure } from './messages';
import type { Studio } from './studio';
import type { ImportStage } from './studio-state';

function setImport(studio: Studio, imported: ImportStage | null): void {
  studio.store.setState({ imported });
}

/** Lets go of a proposal that was not taken; the engine frees its quarantine. */
function discard(studio: Studio, imported: ImportStage | null): void {
  if (imported?.stage === 'checking') imported.cancel();
  if (imported?.stage !== 'found') return;
  studio.engine.call('models.discard', { proposal: imported.proposal.id }).catch(() => undefined);
}

export function closeImport(studio: Studio): void {
  const { imported } = studio.store.getState();
  setImport(studio, null);
  discard(studio, imported);
}

export async function chooseModelFile(studio: Studio): Promise<void> {
  try {
    const [file] = await studio.bridge.openDialog('model');
    if (file !== undefined) await openModelFile(studio, file);
  } catch (error) {
    sayFailure(studio, 'The model could not be opened.', error);
  }
}

export async function openModelFile(studio: Studio, file: Dropped): Promise<void> {
  const { imported } = studio.store.getState();
  discard(studio, imported);
  await inspect(studio, file, null, null);
}

/** Checks the same model again with a file of labels beside it; what was found before stays when the labels do not fit. */
export async function takeLabels(studio: Studio, labels: Dropped): Promise<void> {
  const { imported } = studio.store.getState();
  if (imported === null || imported.stage === 'checking') return;
  await inspect(studio, imported.file, labels, imported);
}

export async function chooseLabels(studio: Studio): Promise<void> {
  try {
    const [labels] = await studio.bridge.openDialog('labels');
    if (labels !== undefined) await takeLabels(studio, labels);
  } catch (error) {
    sayFailure(studio, 'The labels could not be opened.', error);
  }
}

async function inspect(
  studio: Studio,
  file: Dropped,
  labels: Dropped | null,
  before: ImportStage | null,
): Promise<void> {
  const abort = new AbortController();
  const cancel = (): void => abort.abort();
  const isCurrent = (): boolean => {
    const { imported } = studio.store.getState();
    return imported?.stage === 'checking' && imported.cancel === cancel;
  };
  setImport(studio, { stage: 'checking', file, fraction: null, cancel });
  const onProgress = (fraction: number): void => {
    if (isCurrent()) setImport(studio, { stage: 'checking', file, fraction, cancel });
  };
  const request = { handle: file.handle, ...(labels === null ? {} : { labelsHandle: labels.handle }) };
  try {
    const proposal = await studio.engine.call('models.inspect', request, { signal: abort.signal, onProgress });
    if (!isCurrent()) discard(studio, { stage: 'found', file, labels, labelsFailure: null, proposal });
    else {
      discard(studio, before);
      setImport(studio, { stage: 'found', file, labels, labelsFailure: null, proposal });
    }
  } catch (error) {
    if (isCurrent()) setImport(studio, afterRefusal(file, labels, before, error));
  }
}

function afterRefusal(
  file: Dropped,
  labels: Dropped | null,
  before: ImportStage | null,
  error: unknown,
): ImportStage | null {
  if (isCancelled(error)) return before;
  const failure: Failure = failureOf(error);
  if (before?.stage === 'found' && labels !== null) return { ...before, labelsFailure: failure };
  return { stage: 'refused', file, labels, failure };
}

/** Bakes the chosen preparation into a copy of the model and judges with it from now on. Throws when the engine refuses. */
export async function importModel(
  studio: Studio,
  proposal: Proposal,
  options: ImportOptions,
  name: string,
): Promise<ModelEntry> {
  const { model } = await studio.engine.call('models.import', { proposal: proposal.id, options, name });
  setImport(studio, null);
  say(studio, `${model.title} imported`, {
    label: 'Judge with it',
    keys: null,
    run: () => void selectModels(studio, [model.id]),
  });
  return model;
}

export async function selectModels(studio: Studio, ids: readonly string[]): Promise<void> {
  try {
    await studio.engine.call('models.select', { ids: [...ids] });
  } catch (error) {
    sayFailure(studio, 'The model could not be chosen.', error);
  }
}

export async function removeModel(studio: Studio, model: ModelEntry): Promise<void> {
  try {
    await studio.engine.call('models.remove', { id: model.id });
    const run = (): void => {
      studio.engine.call('history.undo', {}).catch((error: unknown) => sayFailure(studio, 'Not undone.', error));
    };
    say(studio, `${model.title} removed`, { label: 'Undo', keys: 'Ctrl Z', run });
  } catch (error) {
    sayFailure(studio, `${model.title} could not be removed.`, error);
  }
}
