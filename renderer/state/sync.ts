/** Mirrors the engine into the store: subscribes to every event, then loads what is there; again after each restart. */
import type { ModelEntry } from '../../electron/contract/models';
import type { Photo } from '../../electron/contract/photo';
import type { ProcessHealth } from '../../electron/contract/studio';
import type { StudioClient } from '../engine/engine-link';
import { failureOf } from './messages';
import type { PhotoStore } from './photo-store';
import type { Studio } from './studio';
import type { StudioState } from './studio-state';

/** Small enough that parsing a page stays far below a frame's worth of blocking. */
const pageSize = 200;

export function mirrorEngine(store: Studio['store'], photos: PhotoStore, client: StudioClient): void {
  const set = (partial: Partial<StudioState>): void => store.setState(partial);
  store.setState((state) => ({ connection: state.connection === 'ready' ? 'loading' : state.connection }));
  client.on('photos.changed', (event) => photos.set(event.photos));
  client.on('photos.removed', (event) => photos.remove(event.ids));
  client.on('run.progress', (run) => set({ run }));
  client.on('history.changed', (history) => set({ history }));
  client.on('models.changed', (event) => takeModels(store, client, event));
  client.on('network.changed', (network) => set({ network }));
  client.on('process.health', (health) =>
    store.setState((state) => ({ health: { ...state.health, [health.role]: health } })),
  );
  loadAll(store, photos, client);
}

/** The engine tells of its workers, main of the engine. */
export function takeEngineHealth(store: Studio['store'], health: ProcessHealth): void {
  store.setState((state) => ({ health: { ...state.health, engine: health } }));
}

function loadAll(store: Studio['store'], photos: PhotoStore, client: StudioClient): void {
  store.setState({ loadFailure: null });
  load(store, photos, client).catch((error: unknown) => {
    const failure = failureOf(error);
    // When the line ended, the next port loads again; everything else is told, with a way to try again.
    if (failure.code === 'engine/crashed' || failure.code === 'engine/closed')
      store.setState({ connection: 'connecting' });
    else store.setState({ loadFailure: { failure, retry: () => loadAll(store, photos, client) } });
  });
}

async function load(store: Studio['store'], photos: PhotoStore, client: StudioClient): Promise<void> {
  const [info, models, run, history] = await Promise.all([
    client.call('studio.info', {}),
    client.call('models.list', {}),
    client.call('run.state', {}),
    client.call('history.state', {}),
  ]);
  const health = Object.fromEntries(info.processes.map((process) => [process.role, process]));
  store.setState((state) => ({ info, run, history, health: { ...state.health, ...health }, network: info.network }));
  takeModels(store, client, models);
  photos.replace(await loadPhotos(client));
  store.setState({ connection: 'ready' });
}

/** All pages; starts over when pictures left meanwhile, since every place has shifted then. */
async function loadPhotos(client: StudioClient): Promise<Map<string, Photo>> {
  const photos = new Map<string, Photo>();
  const seen = { isShifted: false };
  const undo = [
    client.on('photos.changed', (event) => {
      for (const photo of event.photos) photos.set(photo.id, photo);
    }),
    client.on('photos.removed', (event) => {
      seen.isShifted = true;
      for (const id of event.ids) photos.delete(id);
    }),
  ];
  try {
    for (let offset = 0, total = 1; offset < total; offset += pageSize) {
      if (seen.isShifted) {
        photos.clear();
        offset = 0;
        seen.isShifted = false;
      }
      const page = await client.call('photos.page', { offset, limit: pageSize });
      total = page.total;
      for (const photo of page.photos) photos.set(photo.id, photo);
    }
    return photos;
  } finally {
    for (const one of undo) one();
  }
}

function takeModels(
  store: Studio['store'],
  client: StudioClient,
  event: { models: readonly ModelEntry[]; selected: readonly string[] },
): void {
  const before = store.getState();
  const { models, selected } = event;
  const known = new Set(models.map((model) => model.id));
  const isSame = selected.join() === before.selected.join();
  const shownModel = before.shownModel !== null && known.has(before.shownModel) ? before.shownModel : null;
  store.setState({ models, shownModel, ...(isSame ? {} : { selected, sort: sortAfter(before, selected) }) });
  for (const id of selected) if (before.details[id] === undefined) loadDetail(store, client, id);
}

/** Two models: their disagreements come first; back to one: the surest. */
function sortAfter(before: StudioState, selected: readonly string[]): StudioState['sort'] {
  if (selected.length === 2 && before.selected.length === 1) return 'disagreement';
  return selected.length === 1 && before.sort === 'disagreement' ? 'confidence' : before.sort;
}

export function loadDetail(store: Studio['store'], caller: Pick<StudioClient, 'call'>, id: string): void {
  caller
    .call('models.detail', { id })
    .then((detail) => store.setState((state) => ({ details: { ...state.details, [id]: detail } })))
    .catch(() => undefined);
}
