/** The job `dataset.import`: from sources to a data set, in steps that each survive a kill. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../contract/errors';
import type { ImageOptions } from '../../../contract/samples';
import type { JobContext, JobKind, JobResult } from '../../jobs/job-kind';
import type { Workspace } from '../../storage/workspace';
import { manifestFile, objectsOf, type Manifest } from '../manifest';
import { ChunkLog } from './chunk-log';
import { type ImportParameters, importParametersSchema } from './parameters';
import { assertSpace, publishedBy, publishPart } from './publish';
import { readFiles } from './read-files';
import type { ImportReaders } from './readers';
import { readStream } from './read-stream';
import { sourceList, unpackedArchive } from './source-list';

export interface ImportOptions {
  readonly workspace: Workspace;
  readonly readers: ImportReaders;
  /** How many chunks are decoded at the same time. */
  readonly decoders: number;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** A data set is new or has a new part. */
  readonly onPublished: (id: string) => void | Promise<void>;
}

export function importJob(options: ImportOptions): JobKind<ImportParameters> {
  return {
    kind: 'dataset.import',
    lane: 'intake',
    parameters: importParametersSchema,
    run: (context) => new Import(options, context).run(),
    kill: () => options.readers.killStopping(),
  };
}

/** Words for what is counted. */
const units: Record<ImportParameters['kind'], string> = {
  image: 'images',
  text: 'texts',
  molecule: 'molecules',
  sound: 'sounds',
  music: 'pieces',
  row: 'rows',
};

/** Thumbnails take about so much. */
const thumbBytes = 6000;

class Import {
  private readonly unit: string;

  constructor(
    private readonly options: ImportOptions,
    private readonly context: JobContext<ImportParameters>,
  ) {
    this.unit = units[context.parameters.kind];
  }

  async run(): Promise<JobResult> {
    const { workspace, onPublished } = this.options;
    const { id, parameters, folder } = this.context;
    workspace.assertWritable();
    const manifest =
      (await publishedBy(workspace, parameters.id, id)) ?? (await this.make(path.join(folder, 'chunks')));
    await onPublished(parameters.id);
    return this.result(manifest);
  }

  private async make(folder: string): Promise<Manifest> {
    await mkdir(folder, { recursive: true });
    const log = await ChunkLog.open(folder);
    try {
      await this.read(log);
      return await this.publish(log);
    } catch (error) {
      // A chunk that is not what it was when it was accepted: the next attempt makes them anew.
      if (error instanceof AppError && error.code === 'data/damaged') await log.forget();
      throw error;
    } finally {
      await log.close();
    }
  }

  private async read(log: ChunkLog): Promise<void> {
    const { workspace, readers, decoders } = this.options;
    const { parameters, folder, signal, slice } = this.context;
    const sources = { parameters, folder, root: workspace.root, readers, signal };
    if (parameters.reader === 'files') {
      this.tell(0, null, 'looking for files');
      const list = await sourceList({ ...sources, chunkFiles: (files) => this.chunkFiles(files) });
      const total = list.files.length;
      await assertSpace(folder, 2 * this.filesBytes(total) - log.bytes);
      if (list.leftOut.length > 0) this.context.log(`${list.leftOut.length} files were left out while listing.`);
      const onChunk = (handled: number): Promise<void> => {
        this.tell(handled, total, `reading ${handled.toLocaleString('en')} of ${total.toLocaleString('en')} files`);
        return slice(handled);
      };
      await readFiles({
        roots: parameters.paths,
        list,
        options: parameters.options,
        readers,
        log,
        decoders,
        signal,
        onChunk,
      });
      this.listedLeftOut = list.leftOut;
      return;
    }
    const listing = parameters.isArchive ? (await unpackedArchive(sources)).listing : undefined;
    await assertSpace(folder, 2 * parameters.packBytes - log.bytes);
    const onChunk = (handled: number): Promise<void> => {
      this.tell(handled, null, `reading: ${handled.toLocaleString('en')} ${this.unit}`);
      return slice(handled);
    };
    await readStream({ parameters, listing, readers, log, signal, onChunk });
  }

  private listedLeftOut: Parameters<typeof publishPart>[1]['leftOut'] = [];

  private publish(log: ChunkLog): Promise<Manifest> {
    const { workspace, clock } = this.options;
    const { id, parameters, folder, signal } = this.context;
    const chunks = log.chunkFiles();
    const columns = chunks.find(({ shape }) => shape.samples > 0)?.shape.columns ?? [];
    const { image = null } = parameters.options;
    return publishPart(
      workspace,
      {
        ...parameters,
        image: parameters.kind === 'image' ? (image ?? imageOf(chunks)) : null,
        columns,
        sampleRate: parameters.kind === 'sound' ? (parameters.options.sampleRate ?? null) : null,
        chunks,
        leftOut: [...this.listedLeftOut, ...log.leftOut()],
        job: id,
        folder,
        signal,
        onSamples: (done) => this.tell(done, null, `packing ${done.toLocaleString('en')} ${this.unit}`),
      },
      clock,
    );
  }

  private result(manifest: Manifest): JobResult {
    const { id, parameters } = this.context;
    const part = manifest.parts.find(({ job }) => job === id);
    const count = part?.count ?? 0;
    const leftOut = part?.leftOutCount ?? 0;
    const told = [
      `${count.toLocaleString('en')} ${this.unit}`,
      manifest.classes.length > 0 ? `in ${countOf(manifest.classes.length, 'class', 'classes')}` : 'without labels',
    ].join(' ');
    return {
      dataset: parameters.id,
      summary: leftOut > 0 ? `${told}, ${countOf(leftOut, 'file', 'files')} left out` : told,
      files: [
        ...objectsOf({ ...manifest, report: null }),
        path.relative(this.options.workspace.root, manifestFile(this.options.workspace.datasetsFolder, manifest.id)),
      ],
    };
  }

  private tell(done: number, total: number | null, doing: string): void {
    this.context.progress(done, total, this.unit, doing);
  }

  /** So many that each decoder has several turns, and not more than a few megabytes together. */
  private chunkFiles(files: number): number {
    const { height = 64, width = 64, channels = 3 } = this.context.parameters.options.image ?? {};
    const fits = Math.floor((16 * 1024 * 1024) / (height * width * channels));
    const turns = Math.ceil(files / (this.options.decoders * 4));
    return Math.max(8, Math.min(256, fits, Math.max(32, turns)));
  }

  private filesBytes(files: number): number {
    const { height = 64, width = 64, channels = 3 } = this.context.parameters.options.image ?? {};
    return files * (height * width * channels + thumbBytes);
  }
}

const countOf = (count: number, one: string, many: string): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** Readers of packed pictures keep their size. */
function imageOf(chunks: ReturnType<ChunkLog['chunkFiles']>): ImageOptions | null {
  const dims = chunks.map(({ shape }) => shape.tensors['images']?.dims).find((one) => one !== undefined);
  if (dims === undefined) return null;
  const [, height = 1, width = 1, channels = 1] = dims;
  return { height, width, fit: 'stretch', channels: channels === 1 ? 1 : 3 };
}
