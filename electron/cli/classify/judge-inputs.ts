/** Hands the inputs to the engine and tells of every picture in order as soon as its turn has come. */
import { AppError, isCancelled } from '../../contract/errors';
import type { Photo } from '../../contract/photo';
import type { RunProgress } from '../../contract/studio';
import type { NodeEngine } from '../../hosts/node-engine';
import { batchesOf, type Batch, type Input } from './inputs';
import { PhotoOrder } from './photo-order';

interface JudgeListeners {
  onPhoto(photo: Photo): void;
  onProgress(run: RunProgress): void;
}

interface JudgeOptions {
  listeners: JudgeListeners;
  /** Without it the engine forgets every picture that was told, so that a long run needs no more memory than a short one. */
  keepsPhotos: boolean;
}

/** Resolves when every picture was told; rejects when that cannot be any more, or with `call/cancelled`. */
export async function judgeInputs(
  engine: NodeEngine,
  inputs: readonly Input[],
  { listeners, keepsPhotos }: JudgeOptions,
  signal: AbortSignal,
): Promise<PhotoOrder> {
  const { studio } = engine;
  let told: string[] = [];
  const order = new PhotoOrder((photo) => {
    listeners.onPhoto(photo);
    if (!keepsPhotos) told.push(photo.id);
  });
  const forgetTold = async (): Promise<void> => {
    const ids = told;
    told = [];
    if (ids.length > 0) await studio.call('photos.forget', { ids });
  };
  const undo: (() => void)[] = [];
  let isListed = false;
  const finished = new Promise<void>((resolve, reject) => {
    const check = (): void => {
      if (isListed && order.isComplete) resolve();
    };
    undo.push(
      studio.on('photos.changed', ({ photos }) => {
        for (const photo of photos) if (photo.state !== 'waiting') order.settled(photo);
        forgetTold().then(check, reject);
      }),
      studio.on('run.progress', (run) => listeners.onProgress(run)),
      studio.on('process.health', ({ role, state, reason }) => {
        if (state === 'gave-up')
          reject(new AppError('engine/gave-up', `The ${role} process ended again and again: ${reason}`));
      }),
      engine.onExit((reason) => reject(new AppError('engine/crashed', `The engine ended unexpectedly (${reason}).`))),
      onAbort(signal, () => reject(new AppError('call/cancelled', 'Cancelled.'))),
    );
    addAll(engine, batchesOf(inputs), order, signal).then(() => {
      isListed = true;
      check();
    }, reject);
  });
  try {
    await finished;
    order.finish();
    return order;
  } catch (error) {
    if (isCancelled(error)) await studio.call('run.stop', {}).catch(() => undefined);
    throw error;
  } finally {
    for (const one of undo) one();
  }
}

/** One batch after the other, so that the engine's numbering tells which picture came from where. */
async function addAll(engine: NodeEngine, batches: Batch[], order: PhotoOrder, signal: AbortSignal): Promise<void> {
  for (const batch of batches) {
    order.begin(batch);
    if (batch.kind === 'missing') continue;
    const paths = batch.kind === 'files' ? batch.inputs.map((input) => input.path) : [batch.input.path];
    const dropped = await engine.host.call('handles.add', { paths }, { signal });
    const handles = dropped.map(({ handle }) => handle);
    const { added } = await engine.studio.call('photos.add', { handles }, { signal });
    order.counted(added);
  }
}

function onAbort(signal: AbortSignal, listener: () => void): () => void {
  signal.addEventListener('abort', listener, { once: true });
  if (signal.aborted) listener();
  return () => signal.removeEventListener('abort', listener);
}

const pageSize = 500;

/** The engine's list in pages, in its order. */
export async function* photoPages({ studio }: NodeEngine): AsyncGenerator<readonly Photo[]> {
  for (let offset = 0; ; offset += pageSize) {
    const { photos, total } = await studio.call('photos.page', { offset, limit: pageSize });
    if (photos.length > 0) yield photos;
    if (offset + pageSize >= total) return;
  }
}
