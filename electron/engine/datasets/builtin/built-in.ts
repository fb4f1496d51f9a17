/** The gallery: what can be added without bringing anything, whether its files are there, and adding it. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { datasetsContract, GalleryEntry } from '../../../contract/datasets';
import { AppError } from '../../../contract/errors';
import { defaultSplitPlan } from '../../../contract/samples';
import type { Handlers } from '../../../contract/server';
import type { JobMaker } from '../../jobs/job-kind';
import { freeId } from '../import/naming';
import type { ImportParameters } from '../import/parameters';
import type { DatasetService } from '../service';
import { type BundledFile, type BundledSet, bundledSets } from './catalog';
import { generators, type SynthesizeParameters } from './synthesize-job';
import { type Generator, generatorHash } from './synthetic/generator';

type AddRequest = Parameters<Handlers<typeof datasetsContract>['datasets.add']>[0];

export interface BuiltInOptions {
  /** assets/datasets. */
  readonly folder: string;
  readonly datasets: Pick<DatasetService, 'isTaken' | 'mark'>;
  readonly jobs: JobMaker;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

/** Only of Duet's own drawings. */
const ownLicence = 'CC0-1.0';
const ownSource = 'Drawn by Duet';

export class BuiltIn {
  constructor(private readonly options: BuiltInOptions) {}

  async gallery(): Promise<GalleryEntry[]> {
    const bundled = await Promise.all(bundledSets.map(async (set) => entryOf(set, await this.missing(set))));
    return [...bundled, ...generators.map(drawnEntry)];
  }

  /** Makes the job that adds it; durable once it returns. */
  async add(request: AddRequest): Promise<{ id: string; job: string }> {
    const bundled = bundledSets.find(({ name }) => name === request.name);
    if (bundled !== undefined) return this.addBundled(bundled, request);
    const generator = generators.find(({ name }) => name === request.name);
    if (generator !== undefined) return this.addDrawn(generator, request);
    const all = [...bundledSets, ...generators].map(({ name }) => name).join(', ');
    throw new AppError('data/unknown', `There is no built-in data set "${request.name}". There are: ${all}.`);
  }

  private async addBundled(
    set: BundledSet,
    { title = set.title, samples, seed }: AddRequest,
  ): Promise<{ id: string; job: string }> {
    if (samples !== undefined) {
      throw new AppError(
        'usage/bad-argument',
        `"${set.name}" has ${set.samples} samples; their number cannot be chosen.`,
      );
    }
    const missing = await this.missing(set);
    if (missing !== '') throw new AppError('file/missing', `${set.title} is not on this machine. ${missing}`);
    for (const file of set.files) await this.checkFile(file);
    const parameters: ImportParameters = {
      id: this.freeId(title, set.name),
      title,
      isAddition: false,
      kind: set.kind,
      origin: 'real',
      reader: set.reader,
      paths: set.files.map((file) => this.pathOf(file)),
      isArchive: set.isArchive ?? false,
      unpacked: null,
      options: set.options,
      plan: seed === undefined ? set.plan : { ...set.plan, seed },
      packBytes: set.bytes,
      provenance: `Built in: ${set.source}.`,
      licence: set.licence,
    };
    const expected = { total: set.samples, unit: 'samples' };
    return this.queue({ kind: 'dataset.import', parameters, inputs: set.files.map(({ sha256 }) => sha256), seed: parameters.plan.seed, expected }); // prettier-ignore
  }

  private addDrawn(
    generator: Generator,
    { title = generator.title, samples = generator.samples, seed = 1 }: AddRequest,
  ): Promise<{ id: string; job: string }> {
    const { name, version, parameters: shape } = generator;
    const parameters: SynthesizeParameters = {
      id: this.freeId(title, name),
      title,
      kind: generator.kind,
      origin: 'generated',
      generator: name,
      hash: generatorHash(generator),
      samples,
      seed,
      plan: { ...defaultSplitPlan, method: 'stratified', seed },
      provenance: `Drawn by Duet: ${name}, version ${version}, ${JSON.stringify(shape)}, seed ${seed}.`,
      licence: ownLicence,
    };
    const expected = { total: samples, unit: generator.kind === 'image' ? 'images' : 'rows' };
    return this.queue({ kind: 'dataset.synthesize', parameters, inputs: [parameters.hash], seed, expected });
  }

  private async queue(
    job: Omit<Parameters<JobMaker['add']>[0], 'title' | 'parameters'> & {
      parameters: ImportParameters | SynthesizeParameters;
    },
  ): Promise<{ id: string; job: string }> {
    const { jobs, datasets, clock } = this.options;
    const { id, title } = job.parameters;
    // The same again is wanted when it is asked for again.
    const made = await jobs.add({ ...job, title: `Add ${title}`, nonce: `${clock()} ${id}` });
    datasets.mark();
    return { id, job: made.id };
  }

  /** Called like the built-in data set itself, unless the person has given a title. */
  private freeId(title: string, name: string): string {
    const isOwn = [...bundledSets, ...generators].some((one) => one.name === name && one.title === title);
    return freeId(isOwn ? name : title, (id) => this.options.datasets.isTaken(id));
  }

  private pathOf({ path: place }: BundledFile): string {
    return path.join(this.options.folder, ...place.split('/'));
  }

  /** Empty, or what to do. */
  private async missing({ name, files }: BundledSet): Promise<string> {
    const there = await Promise.all(files.map((file) => stat(this.pathOf(file)).then(() => true, () => false))); // prettier-ignore
    if (there.every(Boolean)) return '';
    return name === 'fashion-mnist'
      ? 'Set-up fetches it on Debian and its relatives (npm run setup); elsewhere import its four IDX files as Zalando publishes them.'
      : 'Set-up fetches it: run npm run setup with a network.';
  }

  /** Throws `data/changed` when a file is not the one that came with this Duet. */
  private async checkFile(file: BundledFile): Promise<void> {
    const hash = createHash('sha256');
    const bytes = createReadStream(this.pathOf(file));
    if (file.path.endsWith('.gz')) await pipeline(bytes, createGunzip(), hash);
    else await pipeline(bytes, hash);
    if (hash.digest('hex') === file.sha256) return;
    throw new AppError(
      'data/changed',
      `${path.basename(file.path)} is not the file that came with this Duet. Install Duet again, or run npm run setup.`,
      { file: file.path },
    );
  }
}

function entryOf(set: BundledSet, missing: string): GalleryEntry {
  const { name, title, kind, summary, samples, classes, bytes, licence, source } = set;
  return { name, title, kind, summary, samples, classes, bytes, licence, source, isSynthetic: false, missing };
}

function drawnEntry({ name, title, kind, summary, samples, classes, bytesPerSample }: Generator): GalleryEntry {
  const bytes = samples * bytesPerSample;
  return { name, title, kind, summary, samples, classes, bytes, licence: ownLicence, source: ownSource, isSynthetic: true, missing: '' }; // prettier-ignore
}

export function builtInHandlers(
  builtIn: BuiltIn,
): Pick<Handlers<typeof datasetsContract>, 'datasets.gallery' | 'datasets.add'> {
  return {
    'datasets.gallery': async () => ({ entries: await builtIn.gallery() }),
    'datasets.add': (request) => builtIn.add(request),
  };
}
