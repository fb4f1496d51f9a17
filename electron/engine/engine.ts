/** The application without a window: puts the parts together and serves them to windows, main and the command line. */
import os from 'node:os';
import path from 'node:path';
import { type EngineStart, hostContract } from '../contract/host';
import { serve } from '../contract/server';
import type { StudioInfo } from '../contract/studio';
import type { Transport } from '../contract/transport';
import { type Comparisons, openComparisons } from './comparison/open-comparisons';
import { createSlotPool } from './exchange';
import { type Datasets, openDatasets } from './datasets/open-datasets';
import { generationHandlers } from './generation/handlers';
import { Handles } from './handles';
import { reportToHost } from './jobs/at-work';
import { jobHandlers, reportJobs } from './jobs/handlers';
import { openJobs } from './jobs/open-jobs';
import type { JobQueue } from './jobs/queue';
import { Importer } from './models/importer';
import { ModelRegistry } from './models/registry';
import { eachSample } from './models/sample-pictures';
import type { ProcessHost } from './processes/process-host';
import { Reports } from './reports';
import { SettingsFile } from './settings';
import { Workspace } from './storage/workspace';
import { studioHandlers } from './studio/handlers';
import { Studio } from './studio/studio';
import { Workers } from './studio/workers';
import { Sweeper } from './sweeper';
import { openTraining, type Training } from './training/open-training';
import { makeTemporaryFolders } from './temporary';
import { indexJobs, workspaceHandlers } from './workspace-handlers';

/** Pictures decoded ahead of the judge. */
const spareSlots = 14;

export interface EngineOptions {
  start: EngineStart;
  host: ProcessHost;
  onnxruntimeVersion: string;
  now: () => number;
  log: (message: string) => void;
}

export interface Engine {
  /** Serves a page or the command line; returns how to stop. */
  attachStudio(transport: Transport): () => void;
  /** Serves whoever started the engine. */
  attachHost(transport: Transport): () => void;
  /** Counts requests that a process refused or let out. */
  countNetwork(refused: number, letOut?: number): void;
  /** Jobs at work are kept for the next start, or cancelled. */
  stop(jobs?: 'keep' | 'cancel'): Promise<void>;
}

/** One more than there are cores, for while one waits for its next picture; more than four only wait for the judge. */
export function defaultDecoders(cores: number): number {
  return Math.min(4, cores + 1);
}

class DuetEngine implements Engine {
  private readonly network = { letOut: 0, refused: 0 };

  constructor(
    private readonly options: EngineOptions,
    private readonly studio: Studio,
    private readonly datasets: Datasets,
    private readonly generation: ReturnType<typeof generationHandlers>,
    private readonly comparisons: Comparisons,
    private readonly training: Training,
    private readonly reports: Reports,
    private readonly sweeper: Sweeper,
  ) {}

  attachStudio(transport: Transport): () => void {
    const { workspace, handles } = this.studio.parts;
    const changed = (): void => this.reports.emit('workspace.changed', workspace.info());
    return this.reports.attach(transport, {
      ...this.generation,
      ...studioHandlers(this.studio, () => this.info()),
      ...this.datasets.handlers,
      ...this.comparisons.handlers,
      ...this.training.handlers,
      ...jobHandlers(this.studio.parts.jobs),
      ...workspaceHandlers(workspace, handles, this.sweeper, changed),
    });
  }

  attachHost(transport: Transport): () => void {
    const { handles, folders, jobs } = this.studio.parts;
    const server = serve(hostContract, transport, {
      'handles.add': ({ paths }) => handles.add(paths),
      'handles.target': ({ path: target }) => ({ handle: handles.make(target) }),
      'handles.path': ({ handle }) => ({ path: handles.path(handle) }),
      folders: () => ({ thumbs: folders.thumbs, previews: folders.previews }),
      'network.count': ({ refused, letOut }) => {
        this.countNetwork(refused, letOut);
        return null;
      },
      'jobs.running': () => {
        const running = jobs.running();
        return { count: running.length, titles: running.slice(0, 100).map(({ title }) => title) };
      },
      'engine.stop': async ({ jobs: how }) => {
        await this.stop(how);
        return null;
      },
    });
    const stopReports = reportToHost(jobs, (name, event) => server.emit(name, event));
    return () => {
      stopReports();
      server.dispose();
    };
  }

  countNetwork(refused: number, letOut = 0): void {
    this.network.refused += refused;
    this.network.letOut += letOut;
    this.reports.emit('network.changed', { ...this.network });
  }

  async stop(how: 'keep' | 'cancel' = 'keep'): Promise<void> {
    const { importer, workers, folders, workspace, jobs } = this.studio.parts;
    await jobs.close(how);
    await this.sweeper.dispose();
    this.comparisons.dispose();
    await this.training.dispose();
    await this.datasets.dispose();
    this.reports.dispose();
    this.studio.dispose();
    importer.dispose();
    workers.dispose();
    await folders.remove();
    await workspace.close();
  }

  private info(): StudioInfo {
    const { start, onnxruntimeVersion } = this.options;
    const { workers } = this.studio.parts;
    return {
      version: start.version,
      runtime: start.runtime,
      isTestRuntime: start.isTestRuntime,
      onnxruntime: onnxruntimeVersion,
      device: workers.device,
      workspace: path.basename(start.workspace),
      network: { ...this.network },
      processes: workers.current(),
    };
  }
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { start } = options;
  const workspace = await Workspace.open(start.workspace, {
    access: start.access ?? 'write',
    program: start.runtime.startsWith('Electron') ? 'The window of Duet' : 'A duet command',
  });
  const jobs = await openJobs(workspace, options.now);
  indexJobs(workspace.index, jobs);
  const reports = new Reports();
  reportJobs(jobs, reports.emit);
  const counts: number[] = [];
  let count = (refused: number): void => void counts.push(refused);
  const studio = await buildStudio(options, { workspace, jobs }, reports, (refused) => count(refused));
  const goEasy = ({ isGentle }: { isGentle: boolean }): void => studio.parts.workers.setGentle(isGentle);
  goEasy(jobs.list());
  jobs.changed.add(goEasy);
  const datasets = await openDatasets(studio, reports, start.assets);
  const { registry } = studio.parts;
  const onNetwork = (refused: number): void => count(refused);
  const { host } = options;
  const training = await openTraining({
    workspace,
    jobs,
    registry,
    datasets: datasets.service,
    host,
    reports,
    onNetwork,
  });
  const comparisons = await openComparisons(studio, datasets.service, reports, (file, error) =>
    options.log(`${file}: ${String(error)}`),
  );
  const onFinding = (): void => reports.emit('workspace.changed', workspace.info());
  const sweeper = new Sweeper({ workspace, jobs, onFinding });
  const engine = new DuetEngine(
    options,
    studio,
    datasets,
    generationHandlers(studio),
    comparisons,
    training,
    reports,
    sweeper,
  );
  count = (refused) => engine.countNetwork(refused);
  counts.forEach(count);
  await studio.parts.workers.start();
  await studio.parts.registry.load((file, error) => options.log(`${file}: ${String(error)}`));
  await begin(studio, start);
  if (start.runsJobs ?? true) {
    jobs.start();
    sweeper.start();
  }
  return engine;
}

async function buildStudio(
  options: EngineOptions,
  { workspace, jobs }: { workspace: Workspace; jobs: JobQueue },
  reports: Reports,
  onNetwork: (refused: number) => void,
): Promise<Studio> {
  const { start, host, now } = options;
  const folders = await makeTemporaryFolders(start.temporary);
  const decoders = start.decoders > 0 ? start.decoders : defaultDecoders(os.availableParallelism());
  const workers = new Workers({ host, decoders, device: start.device, exchange: folders.exchange, now, onNetwork });
  const registry = new ModelRegistry({
    builtIn: path.join(start.assets, 'models'),
    imported: path.join(workspace.root, 'models'),
    assertWritable: () => workspace.assertWritable(),
    describe: (file) => workers.describe(file),
  });
  const slots = createSlotPool(folders.exchange, decoders + spareSlots);
  const samples = path.join(start.assets, 'samples');
  const importer = new Importer({
    host,
    registry,
    temporary: folders.models,
    exchange: folders.exchange,
    gate: (file, signal) => workers.gate(file, signal),
    readLabels: (file) => workers.labels(file),
    eachSample: (shortSide, signal, use) =>
      eachSample({ samples, thumbs: folders.thumbs, workers, slots }, shortSide, signal, use),
  });
  const studio: Studio = new Studio({
    workspace,
    jobs,
    handles: new Handles(),
    registry,
    importer,
    workers,
    settings: await SettingsFile.open(workspace),
    folders,
    slots,
    samples,
    decoders,
    makesThumbs: start.makesThumbs ?? true,
    now,
    onPhotosChanged: reports.bundle(() => {
      const photos = studio.book.takeChanged();
      if (photos.length > 0) reports.emit('photos.changed', { photos });
    }),
    onPhotosRemoved: (ids) => reports.emit('photos.removed', { ids }),
    onProgress: reports.bundle(() => reports.emit('run.progress', studio.pipeline.progress())),
  });
  workers.health.add((health) => reports.emit('process.health', health));
  studio.history.changed.add((state) => reports.emit('history.changed', state));
  registry.changed.add(() =>
    reports.emit('models.changed', { models: registry.list(), selected: registry.selectedIds() }),
  );
  return studio;
}

/** Takes the models of this session or those saved, loads the first, and greets a new person with the samples. */
async function begin(studio: Studio, { showSamples, models }: EngineStart): Promise<void> {
  const { registry, workers, settings } = studio.parts;
  const known = new Set(registry.list().map((entry) => entry.id));
  const chosen = (models ?? settings.get().selectedModels).filter((id) => known.has(id));
  if (chosen.length > 0) registry.select(chosen);
  const [first] = registry.selected();
  if (first !== undefined) await workers.load(first.path);
  if (showSamples && !settings.get().haveSamplesBeenShown) {
    await studio.addSamples();
    await settings.set({ haveSamplesBeenShown: true });
  }
}
