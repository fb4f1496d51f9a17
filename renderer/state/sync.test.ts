/** The page against a served contract: loading, streaming, and a restart of the engine. */
import { describe, expect, it, vi } from 'vitest';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Photo } from '../../electron/contract/photo';
import { type Handlers, serve, type Server } from '../../electron/contract/server';
import { type StudioContract, studioContract } from '../../electron/contract/studio';
import { memoryPair } from '../../electron/contract/transport';
import { EngineLink } from '../engine/engine-link';
import { keepList } from './keep-list';
import { PhotoStore } from './photo-store';
import { initialState, idleRun, type StudioState } from './studio-state';
import { mirrorEngine } from './sync';
import { judged, manyJudged, prediction } from './test-photos';

const refuse = (): never => {
  throw new Error('not asked for in this test');
};

function handlers(photos: () => readonly Photo[]): Handlers<StudioContract> {
  const names = Object.keys(studioContract.calls);
  return {
    ...(Object.fromEntries(names.map((name) => [name, refuse])) as unknown as Handlers<StudioContract>),
    'studio.info': () => ({
      version: '1',
      runtime: 'test',
      isTestRuntime: true,
      onnxruntime: '1',
      device: { provider: 'cpu', threads: 1, note: '' },
      workspace: 'test',
      network: { letOut: 0, refused: 0 },
      processes: [],
    }),
    'models.list': () => ({ models: [], selected: ['a'] }),
    'run.state': () => idleRun,
    'history.state': () => ({ undo: null, redo: null }),
    'photos.page': ({ offset, limit }) => ({
      photos: [...photos().slice(offset, offset + limit)],
      total: photos().length,
    }),
    'photos.preview': () => new Promise<never>(() => undefined),
  };
}

function makePage(): { store: StoreApi<StudioState>; link: EngineLink } {
  const store = createStore<StudioState>(() => initialState);
  const photos = new PhotoStore(store, (flush) => flush);
  keepList(store, () => 0);
  return { store, link: new EngineLink((client) => mirrorEngine(store, photos, client)) };
}

function startEngine(link: EngineLink, photos: () => readonly Photo[]): Server<StudioContract> {
  const [here, there] = memoryPair();
  const server = serve(studioContract, there, handlers(photos));
  link.attach(here);
  return server;
}

describe('mirror', () => {
  it('loads all pages and follows events', async () => {
    const { store, link } = makePage();
    const all = manyJudged(700);
    const server = startEngine(link, () => all);
    await vi.waitFor(() => expect(store.getState().connection).toBe('ready'));
    expect(store.getState().photos.size).toBe(700);
    await vi.waitFor(() => expect(store.getState().list.shown).toBe(700));

    server.emit('photos.changed', { photos: [judged(9001, { a: [prediction('cat', 1)] })] });
    server.emit('photos.removed', { ids: ['p1'] });
    await vi.waitFor(() => expect(store.getState().photos.has('p1')).toBe(false));
    await vi.waitFor(() => expect(store.getState().list.order).toContain('p9001'));
    expect(store.getState().list.shown).toBe(700);
  });

  it('ends pending calls and starts over with the next engine', async () => {
    const { store, link } = makePage();
    startEngine(link, () => manyJudged(3));
    await vi.waitFor(() => expect(store.getState().connection).toBe('ready'));
    const pending = link.call('photos.preview', { id: 'p1' });
    const ended = expect(pending).rejects.toMatchObject({ code: 'engine/crashed' });
    startEngine(link, () => [judged(5, {})]);
    await ended;
    await vi.waitFor(() => expect([...store.getState().photos.keys()]).toEqual(['p5']));
    expect(store.getState().connection).toBe('ready');
  });
});
