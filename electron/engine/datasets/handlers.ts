/** The data sets contract, call by call. */
import type { datasetsContract } from '../../contract/datasets';
import { AppError } from '../../contract/errors';
import type { Handlers } from '../../contract/server';
import type { Handles } from '../handles';
import type { JobMaker } from '../jobs/job-kind';
import type { ExportParameters } from './export/export-job';
import type { ObjectStore } from '../storage/object-store';
import { describeSamples, factsOf, hashOf, textOf } from './describe-sample';
import type { Proposals } from './import/proposals';
import { leftOutOf } from './left-out';
import type { OpenDataset } from './open-dataset';
import { picturesOf } from './pictures';
import { listRevisions } from './revision';
import { toRuns } from './runs';
import type { Selection } from './select';
import type { DatasetService } from './service';
import type { Suggestion } from './suggest';
import type { SampleFilter } from '../../contract/datasets';

/** What the newest report of a data set says of its samples. */
export interface Reported {
  /** 1 for each sample of the finding or the bar that the filter names. */
  samplesOf(dataset: OpenDataset, filter: Pick<SampleFilter, 'finding' | 'bin'>): Promise<Uint8Array>;
  /** Exact and near duplicates of a sample. */
  alike(dataset: OpenDataset, index: number): Promise<number[]>;
}

export interface DatasetHandlerParts {
  readonly datasets: DatasetService;
  readonly proposals: Proposals;
  readonly handles: Handles;
  readonly objects: ObjectStore;
  readonly datasetsFolder: string;
  readonly reported?: Reported;
  readonly jobs: JobMaker;
  /** What a model takes samples for. */
  readonly suggest: (
    dataset: OpenDataset,
    indices: readonly number[],
    model: string,
    signal: AbortSignal,
  ) => Promise<Suggestion[][]>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type All = Handlers<typeof datasetsContract>;
type Own =
  | 'datasets.list'
  | 'datasets.detail'
  | 'datasets.inspect'
  | 'datasets.discard'
  | 'datasets.import'
  | 'datasets.rename'
  | 'datasets.remove'
  | 'datasets.samples'
  | 'datasets.indices'
  | 'datasets.sample'
  | 'datasets.pictures'
  | 'datasets.edit'
  | 'datasets.seal'
  | 'datasets.suggest'
  | 'datasets.export';

export function datasetHandlers(parts: DatasetHandlerParts): Pick<All, Own> {
  return { ...setHandlers(parts), ...importHandlers(parts), ...sampleHandlers(parts), ...workHandlers(parts) };
}

function setHandlers(
  parts: DatasetHandlerParts,
): Pick<All, Own & `datasets.${'list' | 'detail' | 'rename' | 'remove' | 'edit' | 'seal'}`> {
  const { datasets } = parts;
  return {
    'datasets.list': () => ({ datasets: datasets.list() }),
    'datasets.detail': ({ id }) => datasets.use(id, (dataset) => detailOf(parts, dataset)),
    'datasets.rename': async ({ id, title }) => {
      await datasets.rename(id, title);
      return {};
    },
    'datasets.remove': async ({ id }) => {
      await datasets.remove(id);
      return {};
    },
    'datasets.edit': async ({ id, change }) => ({ what: await datasets.edit(id, change) }),
    'datasets.seal': async ({ id, note }) => ({ revision: await datasets.seal(id, note) }),
  };
}

function importHandlers({
  proposals,
  handles,
}: DatasetHandlerParts): Pick<All, `datasets.${'inspect' | 'discard' | 'import'}`> {
  return {
    'datasets.inspect': ({ handles: given, reader }, { signal, progress }) =>
      proposals.inspect(
        given.map((handle) => handles.path(handle)),
        reader,
        signal,
        progress,
      ),
    'datasets.discard': async ({ proposal }) => {
      await proposals.discard(proposal);
      return {};
    },
    'datasets.import': (choice) => proposals.import(choice),
  };
}

function sampleHandlers(
  parts: DatasetHandlerParts,
): Pick<All, `datasets.${'samples' | 'indices' | 'sample' | 'pictures'}`> {
  const { datasets, reported } = parts;
  return {
    'datasets.samples': ({ id, filter, offset, limit }) =>
      datasets.use(id, async (dataset) => {
        const { indices } = await selectOf(parts, dataset, filter);
        const shown = [...indices.subarray(offset, offset + limit)];
        return { total: indices.length, samples: await describeSamples(dataset, shown) };
      }),
    'datasets.indices': ({ id, filter }) =>
      datasets.use(id, async (dataset) => {
        const { indices, sections } = await selectOf(parts, dataset, filter);
        return { indices: new Uint8Array(indices.slice().buffer), sections: [...sections] };
      }),
    'datasets.sample': ({ id, index }) =>
      datasets.use(id, async (dataset) => {
        assertIndex(dataset, index);
        const [sample] = await describeSamples(dataset, [index]);
        if (sample === undefined) throw new AppError('engine/internal', 'A sample was not described.');
        const alike = (await reported?.alike(dataset, index)) ?? [];
        const [facts, text] = [await factsOf(dataset, index), await textOf(dataset, index)];
        return { sample, hash: hashOf(dataset, index), facts, text, alike: alike.slice(0, 100) };
      }),
    'datasets.pictures': ({ id, indices, size }) => datasets.use(id, (dataset) => picturesOf(dataset, indices, size)),
  };
}

function workHandlers(parts: DatasetHandlerParts): Pick<All, `datasets.${'suggest' | 'export'}`> {
  const { datasets, handles, jobs, clock } = parts;
  return {
    'datasets.suggest': ({ id, indices, model }, { signal }) =>
      datasets.use(id, async (dataset) => ({ suggestions: await parts.suggest(dataset, indices, model, signal) })),
    'datasets.export': ({ id, format, target, filter }) =>
      datasets.use(id, async (dataset) => {
        const { indices } = await selectOf(parts, dataset, filter);
        if (indices.length === 0) throw new AppError('data/empty', 'There is no sample to export.');
        const samples = toRuns([...indices].sort((a, b) => a - b));
        const parameters: ExportParameters = { id, format, target: handles.path(target), samples };
        const { id: job } = await jobs.add({
          kind: 'dataset.export',
          title: `Export ${dataset.manifest.title}`,
          parameters,
          inputs: [dataset.revision()],
          seed: 0,
          // The same again is wanted when it is asked for again.
          nonce: String(clock()),
          expected: { total: indices.length, unit: 'samples' },
        });
        return { job };
      }),
  };
}

async function selectOf(
  { reported }: DatasetHandlerParts,
  dataset: OpenDataset,
  filter: SampleFilter,
): Promise<Selection> {
  const asksReport = filter.finding !== undefined || filter.bin !== undefined;
  return dataset.selector.select(filter, asksReport ? await reported?.samplesOf(dataset, filter) : undefined);
}

function assertIndex({ table }: OpenDataset, index: number): void {
  if (index < table.count) return;
  throw new AppError('call/bad-request', `There is no sample ${index} in this data set.`, { index });
}

const toldLeftOut = 1000;

async function detailOf(parts: DatasetHandlerParts, dataset: OpenDataset): ReturnType<AsyncDetail> {
  const { manifest, state } = dataset;
  const { image, columns, provenance, licence } = manifest;
  const sealed = await listRevisions(`${parts.datasetsFolder}/${manifest.id}`);
  return {
    entry: { ...parts.datasets.entry(manifest.id), classes: [...state.classNames()].length },
    revision: dataset.revision(),
    ...dataset.selector.counts(),
    image,
    columns,
    splits: state.plan,
    leftOut: await leftOutOf(parts.objects, manifest, toldLeftOut),
    leftOutCount: manifest.parts.reduce((sum, { leftOutCount }) => sum + leftOutCount, 0),
    provenance,
    licence,
    revisions: sealed.map(({ hash, at, note }) => ({ hash, at, note })),
  };
}

type AsyncDetail = (
  ...request: Parameters<All['datasets.detail']>
) => Promise<Awaited<ReturnType<All['datasets.detail']>>>;
