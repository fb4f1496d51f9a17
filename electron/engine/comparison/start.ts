/** What a person asked for as a job: models and data are named, fitted, sealed and given a number. */
import { createHash } from 'node:crypto';
import type { Comparison, comparisonContract } from '../../contract/comparison';
import { AppError } from '../../contract/errors';
import type { RequestOf } from '../../contract/rpc';
import { bundledSets } from '../datasets/builtin/catalog';
import type { DatasetService } from '../datasets/service';
import type { JobMaker } from '../jobs/job-kind';
import type { DrawingModel, ModelRegistry } from '../models/registry';
import type { ComparisonBook } from './book';
import { fitted } from './fit';
import type { CompareParameters } from './parameters';
import { missingClasses, realSamples } from './real-data';

export interface StartParts {
  readonly book: ComparisonBook;
  readonly registry: Pick<ModelRegistry, 'generator' | 'runnable' | 'detail'>;
  readonly datasets: DatasetService;
  readonly jobs: JobMaker;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

type StartRequest = RequestOf<typeof comparisonContract, 'comparisons.start'>;

/** Bytes of pictures that one comparison keeps in memory, at most. */
const mostBytes = 256 * 1024 * 1024;

/** @throws AppError `comparison/unfit` where models or data do not go together. */
export async function startComparison(parts: StartParts, request: StartRequest): Promise<{ id: string; job: string }> {
  const parameters = await parametersOf(parts, request);
  const { id, title, seed, perClass, generators, classes } = parameters;
  const known = parts.book.has(id) ? parts.book.get(id) : undefined;
  // The same again gives the same digits.
  if (known?.state === 'done') return { id, job: known.job };
  const inputs = [...generators, ...parameters.judges].map(({ hash }) => hash);
  const { id: job } = await parts.jobs.add({
    kind: 'compare.run',
    title: `Compare ${title}`.slice(0, 300),
    parameters,
    inputs: parameters.real === null ? inputs : [...inputs, parameters.real.revision],
    seed,
    // Whatever became of an earlier one, this one is wanted.
    nonce: id,
    expected: { total: perClass * classes.length * generators.length, unit: 'samples' },
  });
  return { id, job };
}

async function parametersOf(parts: StartParts, request: StartRequest): Promise<CompareParameters> {
  const { registry, clock } = parts;
  const generators = [...new Set(request.generators)].map((id) => registry.generator(id));
  const judges = [...new Set(request.judges)].map((id) => registry.runnable(id));
  const { classes, shape } = fitted(generators, judges);
  const total = request.perClass * classes.length * generators.length;
  if (total * shape.height * shape.width * shape.channels > mostBytes) {
    const most = Math.floor((mostBytes / (shape.height * shape.width * shape.channels)) / (classes.length * generators.length)); // prettier-ignore
    throw new AppError('usage/bad-argument', `${total.toLocaleString('en-US')} drawings are more than one comparison holds. Ask for at most ${most} of each class.`); // prettier-ignore
  }
  const { real, advice } = await realOf(parts, request.real, generators, classes);
  const refs = (models: readonly { id: string; card: { title: string } }[]): Comparison['judges'] =>
    models.map(({ id, card }) => ({ id, title: card.title, hash: registry.detail(id).fileHash }));
  const what = {
    generators: refs(generators),
    judges: refs(judges),
    real,
    classes: [...classes],
    shape,
    perClass: request.perClass,
    seed: request.seed,
    unsureBelow: request.unsureBelow,
    controls: request.controls,
  };
  const title = `${names(what.generators)} read by ${names(what.judges)}`.slice(0, 300);
  return { id: freeId(parts.book, what), title, createdAt: clock(), ...what, advice };
}

function names(models: Comparison['judges']): string {
  return models.map(({ title }) => title).join(', ');
}

/** Named by what it is made of: asked for again, it is found again. One that was removed leaves its name to undo. */
function freeId(book: ComparisonBook, what: unknown): string {
  for (let attempt = 0; ; attempt++) {
    const hash = createHash('sha256')
      .update(JSON.stringify([what, attempt]))
      .digest();
    const id = `c${hash.readUIntBE(0, 6).toString(36).padStart(10, '0')}`;
    if (!book.isRemoved(id)) return id;
  }
}

/** The real data to compare with, sealed; or what to add to have some. */
async function realOf(
  { datasets }: StartParts,
  asked: string | null,
  generators: readonly DrawingModel[],
  classes: readonly string[],
): Promise<Pick<CompareParameters, 'real' | 'advice'>> {
  const learned = generators.flatMap(({ card }) => card.training?.dataset ?? []);
  const id = asked ?? learned.find((one) => isThere(datasets, one.id))?.id;
  if (id === undefined) return { real: null, advice: adviceOf(learned[0]) };
  const found = await datasets.use(id, (dataset) => {
    const { title, kind } = dataset.manifest;
    if (dataset.packs.image === null)
      throw unfit(`“${title}” holds no pictures (${kind}). Choose a data set of pictures.`);
    const missing = missingClasses(dataset, classes);
    const { samples, test } = realSamples(dataset, classes, 0);
    return { title, missing, samples, tests: test.index.length };
  });
  if (found.missing.length > 0 || found.tests === 0) {
    const lacks = `“${found.title}” has no samples of ${found.missing.slice(0, 5).map((name) => `“${name}”`).join(', ')}`; // prettier-ignore
    if (asked !== null) throw unfit(`${lacks}, which ${generators[0]?.card.title ?? ''} draws. Choose a data set of the same classes.`); // prettier-ignore
    return { real: null, advice: `${lacks} any more: choose other real data to see how good the judge is.` };
  }
  const revision = await datasets.seal(id, 'Compared with');
  return { real: { id, title: found.title, revision, samples: found.samples }, advice: '' };
}

function isThere(datasets: DatasetService, id: string): boolean {
  return datasets.list().some((entry) => entry.id === id && entry.state === 'ready');
}

function adviceOf(learned: { id: string; title: string } | undefined): string {
  const what = 'to see how good the judge is and how far the drawings are from real ones';
  if (learned === undefined) return `Choose real data ${what}.`;
  const isBuiltIn = bundledSets.some(({ name }) => name === learned.id);
  return isBuiltIn ? `Add ${learned.title} (Data, built-in sets) ${what}.` : `Import ${learned.title}, or choose other real data, ${what}.`; // prettier-ignore
}

function unfit(message: string): AppError {
  return new AppError('comparison/unfit', message);
}
