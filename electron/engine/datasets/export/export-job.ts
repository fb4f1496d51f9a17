/** The job `dataset.export`: writes beside the target and gives it its name once all of it is on disk; nothing is ever replaced. */
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { ZipFile } from 'yazl';
import * as z from 'zod';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import { datasetIdSchema } from '../../../contract/samples';
import type { JobContext, JobKind, JobResult } from '../../jobs/job-kind';
import { durableStream, durableWrite, syncFolder, writeError } from '../../storage/durable-write';
import type { OpenDataset } from '../open-dataset';
import { fromRuns } from '../runs';
import type { DatasetService } from '../service';
import { placesOf } from './places';
import { extensionOf, sampleFile } from './sample-file';
import { writeCsv, writeParquet } from './tables';

const exportParametersSchema = z.strictObject({
  id: datasetIdSchema,
  format: z.enum(['folders', 'zip', 'csv', 'parquet']),
  /** Absolute path of the folder or file to make. */
  target: z.string(),
  /** Samples, as runs of indices. */
  samples: z.array(z.int().min(0)),
});
export type ExportParameters = z.infer<typeof exportParametersSchema>;

type Context = JobContext<ExportParameters>;

/** So many files are written at once. */
const writers = 8;

export function exportJob(datasets: DatasetService): JobKind<ExportParameters> {
  return {
    kind: 'dataset.export',
    lane: 'disk',
    parameters: exportParametersSchema,
    run: (context) => datasets.use(context.parameters.id, (dataset) => run(dataset, context)),
  };
}

async function run(dataset: OpenDataset, context: Context): Promise<JobResult> {
  const { target, samples, format } = context.parameters;
  const indices = [...fromRuns(samples)];
  const part = path.join(path.dirname(target), `.${path.basename(target).slice(0, 40)}.${context.id}.part`);
  const mark = path.join(context.folder, 'whole');
  if (!(await isFinished(mark, part, target))) {
    await assertFree(target);
    try {
      await rm(part, { recursive: true, force: true });
      await make[format](dataset, indices, part, context);
      // Killed between these two, the next attempt finds that the renaming is all that is left.
      await durableWrite(mark, Buffer.from(target));
      await assertFree(target);
      await rename(part, target);
      await syncFolder(path.dirname(target));
    } catch (error) {
      await rm(part, { recursive: true, force: true }).catch(() => undefined);
      throw writeError(error, target);
    }
  }
  const count = `${indices.length.toLocaleString('en')} ${indices.length === 1 ? 'sample' : 'samples'}`;
  return { dataset: dataset.manifest.id, summary: `Wrote ${count} to ${path.basename(target)}`, files: [] };
}

/** An earlier attempt has made it whole, and perhaps given it its name. */
async function isFinished(mark: string, part: string, target: string): Promise<boolean> {
  const noted = await readFile(mark, 'utf8').catch(() => undefined);
  if (noted !== target || (await isThere(part))) return false;
  return isThere(target);
}

function isThere(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function assertFree(target: string): Promise<void> {
  if (!(await isThere(target))) return;
  const name = path.basename(target);
  throw new AppError('file/exists', `${name} is there already. Nothing was replaced: choose another name.`, { name });
}

type Maker = (dataset: OpenDataset, indices: number[], part: string, context: Context) => Promise<void>;

const make: Record<ExportParameters['format'], Maker> = {
  folders: writeFolders,
  zip: writeZip,
  csv: (dataset, indices, part, context) =>
    durableStream(part, { replace: true }, (sink) =>
      writeCsv({ dataset, indices, sink, onRow: step(indices, context) }),
    ),
  parquet: (dataset, indices, part, context) =>
    durableStream(part, { replace: true }, (sink) =>
      writeParquet({ dataset, indices, sink, onRow: step(indices, context) }),
    ),
};

/** Tells how far it is, lets others have their turn, and stops when it is to stop. */
function step({ length }: readonly number[], { progress, signal }: Context): (done: number) => Promise<void> {
  return async (done) => {
    throwIfCancelled(signal);
    progress(done, length, 'samples', `writing ${done.toLocaleString('en')} of ${length.toLocaleString('en')} samples`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  };
}

async function writeFolders(dataset: OpenDataset, indices: number[], part: string, context: Context): Promise<void> {
  const places = placesOf(dataset, indices, extensionOf(dataset));
  await mkdir(part, { recursive: true });
  const folders = [...new Set(places.map((place) => path.posix.dirname(place.path)))];
  for (const folder of folders) await mkdir(path.join(part, folder), { recursive: true });
  const tell = step(indices, context);
  let next = 0;
  const work = async (): Promise<void> => {
    for (let at = next++; at < places.length; at = next++) {
      const place = places[at];
      if (place === undefined) return;
      await writeSynced(path.join(part, place.path), await sampleFile(dataset, place.index));
      if (at % 50 === 0) await tell(at);
    }
  };
  await Promise.all(Array.from({ length: writers }, work));
  const parents = new Set(folders.flatMap((folder) => [folder, path.posix.dirname(folder)]));
  for (const folder of new Set([...parents, '.'])) await syncFolder(path.join(part, folder));
}

async function writeSynced(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The same bytes every time: entries have no clock. */
const entryTime = new Date(1980, 0, 1);

async function writeZip(dataset: OpenDataset, indices: number[], part: string, context: Context): Promise<void> {
  const extension = extensionOf(dataset);
  const zip = new ZipFile();
  const tell = step(indices, context);
  const compress = extension === '.txt' || extension === '.smi' || extension === '.wav';
  placesOf(dataset, indices, extension).forEach((place, at) => {
    zip.addReadStreamLazy(place.path, { mtime: entryTime, mode: 0o100644, compress }, (give) => {
      const stream = new PassThrough();
      const fill = async (): Promise<void> => {
        if (at % 50 === 0) await tell(at);
        stream.end(await sampleFile(dataset, place.index));
      };
      fill().then(
        () => give(undefined, stream),
        (error: unknown) => give(error, stream),
      );
    });
  });
  zip.end();
  await durableStream(part, { replace: true }, async (sink) => {
    zip.on('error', (error: Error) => zip.outputStream.emit('error', error));
    for await (const chunk of zip.outputStream) {
      const piece: unknown = chunk;
      if (piece instanceof Uint8Array) await sink.write(piece);
    }
  });
}
