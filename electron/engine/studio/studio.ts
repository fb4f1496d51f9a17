/** The studio's state: the pictures, the models, the run and the history, and the events they cause. */
import { readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { AppError, type Failure, errorCodeSchema } from '../../contract/errors';
import type { FoundFile } from '../../contract/workers';
import type { SlotPool } from '../exchange';
import type { Handles } from '../handles';
import { History } from '../history';
import type { Importer } from '../models/importer';
import type { JobQueue } from '../jobs/queue';
import type { ModelRegistry } from '../models/registry';
import type { SettingsFile } from '../settings';
import type { Workspace } from '../storage/workspace';
import type { TemporaryFolders } from '../temporary';
import { PhotoBook } from './photo-book';
import { Pipeline } from './pipeline';
import type { Workers } from './workers';

export interface StudioParts {
  workspace: Workspace;
  jobs: JobQueue;
  handles: Handles;
  registry: ModelRegistry;
  importer: Importer;
  workers: Workers;
  settings: SettingsFile;
  folders: TemporaryFolders;
  slots: SlotPool;
  samples: string;
  decoders: number;
  makesThumbs: boolean;
  now: () => number;
  onPhotosChanged: () => void;
  onPhotosRemoved: (ids: string[]) => void;
  onProgress: () => void;
}

const maxBatch = 4;
const shownClasses = 5;
const previewLongSide = 2048;
const pictureNames = /\.(jpe?g|png|webp|gif|avif)$/i;

export class Studio {
  readonly history = new History();
  readonly book: PhotoBook;
  readonly pipeline: Pipeline;
  private readonly life = new AbortController();
  private pasted = 0;

  constructor(readonly parts: StudioParts) {
    this.book = new PhotoBook(parts.onPhotosChanged);
    this.pipeline = new Pipeline({
      book: this.book,
      selected: () => parts.registry.selected(),
      decode: (record, shortSides, slots) => {
        const isWanted = parts.makesThumbs && !record.photo.hasThumb;
        const thumb = isWanted ? this.thumbFile(record.photo.id) : undefined;
        return parts.workers.decode(record.path, shortSides, slots, thumb);
      },
      judge: (model, slots) => parts.workers.judge(model, slots, shownClasses),
      slots: {
        acquire: () => parts.slots.acquire(this.life.signal),
        release: (slot) => parts.slots.release(slot),
      },
      decoders: parts.decoders,
      maxBatch,
      now: parts.now,
      onProgress: parts.onProgress,
    });
  }

  /** Lets go of whoever waits for a slot. */
  dispose(): void {
    this.life.abort();
  }

  thumbFile(id: string): string {
    return path.join(this.parts.folders.thumbs, `${id}.jpg`);
  }

  /** Lists what the handles stand for and queues it. A person's own pictures take the place of the samples. */
  async add(handles: readonly string[], signal: AbortSignal): Promise<{ added: number; ignored: number }> {
    const roots = handles.map((handle) => this.parts.handles.path(handle));
    const samples = this.book.list().filter((record) => record.photo.isSample);
    if (samples.length > 0) this.take(samples.map((record) => record.photo.id));
    let added = 0;
    this.pipeline.listing(1);
    try {
      const result = await this.parts.workers.list(roots, signal, (files) => {
        added += files.length;
        this.addFound(files, false);
      });
      return { added, ignored: result.ignored };
    } finally {
      this.pipeline.listing(-1);
    }
  }

  async addSamples(): Promise<number> {
    const names = (await readdir(this.parts.samples)).filter((name) => pictureNames.test(name)).sort();
    const have = new Set(this.book.list().flatMap((record) => (record.photo.isSample ? [record.photo.name] : [])));
    const found = names
      .filter((name) => !have.has(name))
      .map((name) => ({ path: path.join(this.parts.samples, name), name, bytes: 0 }));
    this.addFound(found, true);
    return found.length;
  }

  /** A pasted picture becomes a file first, so that it is opened like any other: in intake. */
  async paste(name: string, bytes: Uint8Array): Promise<number> {
    const file = path.join(this.parts.folders.pasted, `pasted-${++this.pasted}`);
    await writeFile(file, bytes, { flag: 'wx' });
    this.addFound([{ path: file, name, bytes: bytes.length }], false);
    return 1;
  }

  private addFound(files: readonly FoundFile[], isSample: boolean): void {
    const ids: string[] = [];
    let refused = 0;
    for (const file of files) {
      const failure = file.refused === undefined ? undefined : asFailure(file.refused);
      const id = this.book.add({ ...file, isSample, ...(failure === undefined ? {} : { failure }) });
      if (failure === undefined) ids.push(id);
      else refused += 1;
    }
    if (refused > 0) this.pipeline.countFailed(refused);
    if (ids.length > 0) this.pipeline.add(ids);
  }

  /** Undoable removal; returns how many left. */
  async remove(ids: readonly string[] | undefined): Promise<number> {
    const those = this.book.list(ids).map((record) => record.photo.id);
    if (those.length === 0) return 0;
    const what = `${those.length} ${those.length === 1 ? 'picture' : 'pictures'} removed`;
    await this.history.run({
      what,
      redo: () => this.take(those),
      undo: () => {
        this.book.restore(those);
        this.judgeMissing(those);
      },
    });
    return those.length;
  }

  private take(ids: string[]): void {
    this.book.remove(ids);
    this.parts.onPhotosRemoved(ids);
  }

  async correct(ids: readonly string[], label: string | null): Promise<void> {
    const before = this.book.list(ids).map((record) => ({ id: record.photo.id, label: record.photo.correction }));
    if (before.length === 0) return;
    const count = before.length === 1 ? 'a picture' : `${before.length} pictures`;
    await this.history.run({
      what: label === null ? `Label of ${count} taken back` : `Label “${label}” given to ${count}`,
      redo: () => before.forEach(({ id }) => this.setCorrection(id, label ?? undefined)),
      undo: () => before.forEach((one) => this.setCorrection(one.id, one.label)),
    });
  }

  private setCorrection(id: string, label: string | undefined): void {
    this.book.update(id, (photo) => {
      if (label === undefined) delete photo.correction;
      else photo.correction = label;
    });
  }

  async select(ids: readonly string[]): Promise<void> {
    this.parts.registry.select(ids);
    this.judgeMissing();
    await this.parts.settings.set({ selectedModels: [...ids] });
  }

  /** Queues what a chosen model has not judged yet. */
  judgeMissing(ids?: readonly string[]): void {
    const chosen = this.parts.registry.selectedIds();
    const missing = this.book
      .list(ids)
      .filter(({ photo }) => photo.state !== 'failed' && chosen.some((id) => photo.verdicts[id] === undefined))
      .map(({ photo }) => photo.id);
    if (missing.length > 0) this.pipeline.add(missing);
  }

  retry(ids: readonly string[]): void {
    const failed = this.book.list(ids).filter(({ photo }) => photo.state === 'failed');
    for (const { photo } of failed) {
      this.book.update(photo.id, (one) => {
        one.state = 'waiting';
        delete one.failure;
      });
    }
    this.pipeline.add(failed.map(({ photo }) => photo.id));
  }

  async preview(id: string): Promise<string> {
    const record = this.book.get(id);
    const target = path.join(this.parts.folders.previews, `${id}.jpg`);
    const kept = await readdir(this.parts.folders.previews);
    if (!kept.includes(`${id}.jpg`)) {
      // A person looks at a few pictures at a time; the folder stays small.
      for (const name of kept.slice(0, Math.max(0, kept.length - 40))) {
        await rm(path.join(this.parts.folders.previews, name), { force: true });
      }
      await this.parts.workers.decode(record.path, [], [], target, previewLongSide);
    }
    return `duet://preview/${id}`;
  }

  async removeModel(id: string): Promise<void> {
    const { registry, workers } = this.parts;
    let restore: (() => Promise<void>) | undefined;
    await this.history.run({
      what: `Model ${id} removed`,
      redo: async () => {
        const path = registry.selected().find((model) => model.id === id)?.path;
        if (path !== undefined) await workers.unload(path);
        restore = await registry.remove(id);
        this.judgeMissing();
      },
      undo: async () => restore?.(),
    });
  }
}

function asFailure(refused: { code: string; message: string }): Failure {
  const code = errorCodeSchema.safeParse(refused.code);
  return new AppError(code.success ? code.data : 'file/unreadable', refused.message).toFailure();
}
