/** What was dropped and looked at, until it is imported or put aside. */
import { rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../../contract/errors';
import { type Inspection, type ReaderName, type ReadOptions, type SplitPlan } from '../../../contract/samples';
import { startTimer } from '../../coalesce';
import type { JobMaker } from '../../jobs/job-kind';
import type { Workspace } from '../../storage/workspace';
import type { DatasetService } from '../service';
import { freeId, titleOf } from './naming';
import type { ImportParameters } from './parameters';
import { assertFits } from './publish';
import type { ImportReaders } from './readers';
import { unpackInto } from './source-list';

export interface InspectingReaders extends ImportReaders {
  inspectDataset(
    request: { paths: string[]; listing?: string; reader?: ReaderName },
    signal: AbortSignal,
  ): Promise<Inspection>;
}

export interface ProposalOptions {
  readonly workspace: Workspace;
  readonly datasets: DatasetService;
  readonly jobs: JobMaker;
  readonly readers: InspectingReaders;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

interface Proposal {
  readonly paths: string[];
  readonly inspection: Inspection;
  /** Folder below the workspace in which an archive was unpacked. */
  readonly unpacked: string | null;
}

export interface ImportChoice {
  readonly proposal: string;
  readonly title: string;
  readonly options: ReadOptions;
  readonly splits: SplitPlan;
  readonly into?: string | undefined;
}

const archiveNames = /\.(zip|tar|tgz|tar\.gz)$/i;
/** Below the workspace; whatever lies there when it is opened was left behind. */
const incoming = path.join('cache', 'incoming');

export class Proposals {
  private readonly proposals = new Map<string, Proposal>();
  private next = 1;

  private constructor(private readonly options: ProposalOptions) {}

  static async start(options: ProposalOptions): Promise<Proposals> {
    const { workspace } = options;
    if (workspace.isWritable) await rm(path.join(workspace.root, incoming), { recursive: true, force: true });
    return new Proposals(options);
  }

  async inspect(
    paths: string[],
    reader: ReaderName | undefined,
    signal: AbortSignal,
    progress: (share: number) => void,
  ): Promise<{ proposal: string; inspection: Inspection; title: string; freeBytes: number }> {
    const { workspace, readers } = this.options;
    workspace.assertWritable();
    const id = `d${this.next++}`;
    const archive = archiveOf(paths);
    const unpacked = archive === undefined ? null : path.join(incoming, `${process.pid}-${id}`);
    const stopWaiting = killLate(readers, signal);
    try {
      const folder = path.join(workspace.root, unpacked ?? '');
      const sources =
        archive === undefined
          ? { paths }
          : { paths: [folder], ...(await unpackInto(folder, archive, readers, signal, progress)) };
      const request = { ...sources, ...(reader === undefined ? {} : { reader }) };
      const inspection = await readers.inspectDataset(request, signal);
      this.proposals.set(id, { paths, inspection, unpacked });
      const { bavail, bsize } = await statfs(workspace.root);
      return { proposal: id, inspection, title: titleOf(paths), freeBytes: bavail * bsize };
    } catch (error) {
      if (unpacked !== null) await rm(path.join(workspace.root, unpacked), { recursive: true, force: true });
      throw error;
    } finally {
      stopWaiting();
    }
  }

  /** Makes the job; durable once it returns. */
  async import({ proposal, title, options, splits, into }: ImportChoice): Promise<{ id: string; job: string }> {
    const { datasets, jobs, clock } = this.options;
    const { paths, inspection, unpacked } = this.find(proposal);
    const before = into === undefined ? undefined : datasets.manifest(into);
    const chosen = before?.image === undefined || before.image === null ? options : { ...options, image: before.image };
    if (before !== undefined) assertFits(before, { ...before, kind: inspection.kind });
    const date = new Date(clock()).toISOString().slice(0, 10);
    const parameters: ImportParameters = {
      id: into ?? freeId(title, (id) => datasets.isTaken(id)),
      title: before?.title ?? title,
      isAddition: before !== undefined,
      kind: inspection.kind,
      origin: before?.origin ?? 'real',
      reader: inspection.reader,
      paths,
      isArchive: unpacked !== null,
      unpacked,
      options: chosen,
      plan: splits,
      packBytes: packBytes(inspection, chosen),
      provenance: `Imported from ${sourceWords(paths)} on ${date}.`.slice(0, 1000),
      licence: '',
    };
    const { id: job } = await jobs.add({
      kind: 'dataset.import',
      title: before === undefined ? `Import ${title}` : `Add to ${before.title}`,
      parameters,
      inputs: paths,
      seed: splits.seed,
      // The same again is wanted when it is asked for again.
      nonce: `${clock()} ${parameters.id} ${proposal}`,
      expected: { total: inspection.samples, unit: 'samples' },
    });
    this.proposals.delete(proposal);
    datasets.mark();
    return { id: parameters.id, job };
  }

  async discard(id: string): Promise<void> {
    const proposal = this.proposals.get(id);
    this.proposals.delete(id);
    const folder = proposal?.unpacked ?? null;
    if (folder !== null) await rm(path.join(this.options.workspace.root, folder), { recursive: true, force: true });
  }

  async dispose(): Promise<void> {
    for (const id of [...this.proposals.keys()]) await this.discard(id);
  }

  private find(id: string): Proposal {
    const found = this.proposals.get(id);
    if (found !== undefined) return found;
    throw new AppError('call/bad-request', 'That is not being imported any more. Drop it again.', { id });
  }
}

/** As for jobs: what has not stopped five seconds after it was told to loses its process. */
const killAfterMs = 5_000;

function killLate(readers: InspectingReaders, signal: AbortSignal): () => void {
  const undo: (() => void)[] = [];
  const stop = (): void => void undo.push(startTimer(() => readers.killStopping(), killAfterMs));
  signal.addEventListener('abort', stop);
  return () => {
    signal.removeEventListener('abort', stop);
    for (const one of undo) one();
  };
}

function archiveOf(paths: readonly string[]): string | undefined {
  const archive = paths.find((one) => archiveNames.test(one));
  if (archive === undefined || paths.length === 1) return archive;
  throw new AppError(
    'data/unsupported',
    `${path.basename(archive)} is an archive. Import it by itself, or unpack it and import the folder.`,
  );
}

/** Options may have changed since the inspection. */
function packBytes(inspection: Inspection, { image }: ReadOptions): number {
  if (inspection.kind !== 'image' || image === undefined) return inspection.packBytes;
  return Math.max(inspection.packBytes, inspection.samples * image.height * image.width * image.channels);
}

function sourceWords(paths: readonly string[]): string {
  const [first = ''] = paths;
  const name = `“${path.basename(first)}”`;
  return paths.length === 1 ? name : `${name} and ${paths.length - 1} more`;
}
