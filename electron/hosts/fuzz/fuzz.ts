/** Puts wounded files to a real intake process: each must end as a result or as an error with a code, in time, leaving nothing behind. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import { intakeContract } from '../../contract/workers';
import { readChunk } from '../../engine/datasets/chunk';
import type { FuzzKind } from '../../engine/intake/datasets/hostile/fuzz-kind';
import { wound } from '../../engine/intake/datasets/hostile/wound';
import type { ProcessHost } from '../../engine/processes/process-host';
import { Supervisor } from '../../engine/processes/supervisor';

/** Longer than any of these small files may take, also on a machine that is busy with other things. */
const limitMs = 20_000;
const batchSize = 100;
const bytesAtMost = 64 * 1024 * 1024;

export interface FuzzReport {
  /** How many ended how: `ok`, or the code of the error. */
  readonly outcomes: Map<string, number>;
  /** Seeds that ended the process; each was an error for the one who asked. */
  readonly deaths: number[];
  /** What must never happen: an error that is ours, a broken reply, no answer in time, something left behind. */
  readonly defects: { seed: number; what: string }[];
}

interface Wounded {
  readonly seed: number;
  readonly folder: string;
  /** The wounded file, and what is in it. */
  readonly file: string;
  readonly bytes: Uint8Array;
}

type Intake = Supervisor<typeof intakeContract>;

export interface FuzzOptions {
  /** The checkout. */
  readonly root: string;
  readonly host: ProcessHost;
  /** Empty. */
  readonly folder: string;
  readonly first: number;
  readonly count: number;
}

/** Files `first` .. `first + count - 1` of a kind. */
export async function fuzzIntake(
  kind: FuzzKind,
  { root, host, folder, first, count }: FuzzOptions,
): Promise<FuzzReport> {
  let clock = 0;
  // Time that leaps lets the process be started again however often it dies.
  const intake: Intake = new Supervisor({ role: 'intake', contract: intakeContract, host, now: () => (clock += 1e9) });
  const report: FuzzReport = { outcomes: new Map(), deaths: [], defects: [] };
  const files = await kind.files(root);
  try {
    for (let from = first; from < first + count; from += batchSize) {
      const batch = Array.from({ length: Math.min(batchSize, first + count - from) }, (_, i) =>
        writeWounded(folder, kind, files, from + i),
      );
      await routes[kind.route](intake, batch, report);
      for (const { seed, folder: own, file, bytes } of batch) {
        if (!readFileSync(file).equals(bytes)) report.defects.push({ seed, what: 'the source was changed' });
        rmSync(own, { recursive: true });
      }
      const left = readdirSync(folder);
      if (left.length > 0) report.defects.push({ seed: from, what: `left behind: ${left.join(', ')}` });
    }
  } finally {
    intake.dispose();
  }
  return report;
}

function writeWounded(
  folder: string,
  { finish = (bytes) => bytes }: FuzzKind,
  files: Readonly<Record<string, readonly Uint8Array[]>>,
  seed: number,
): Wounded {
  const own = path.join(folder, String(seed));
  mkdirSync(own);
  const names = Object.keys(files);
  const chosen = names[Math.floor(seed / 2) % names.length] ?? '';
  for (const [name, [whole = new Uint8Array(0)]] of Object.entries(files))
    writeFileSync(path.join(own, name), finish(whole));
  const file = path.join(own, chosen);
  const bytes = woundedBytes(files[chosen] ?? [], seed, finish);
  writeFileSync(file, bytes);
  return { seed, folder: own, file, bytes };
}

function woundedBytes(
  good: readonly Uint8Array[],
  seed: number,
  finish: (bytes: Uint8Array) => Uint8Array,
): Uint8Array {
  return seed % 2 === 0 ? finish(wound(good, seed)) : wound(good.map(finish), seed);
}

const routes: Record<FuzzKind['route'], (intake: Intake, batch: Wounded[], report: FuzzReport) => Promise<void>> = {
  picture: putPictures,
  archive: (intake, batch, report) => oneByOne(intake, batch, report, unpackAndInspect),
  source: (intake, batch, report) => oneByOne(intake, batch, report, inspectAndRead),
};

/** All in one call, as an import does; again one by one when that failed, to find the one to blame. */
async function putPictures(intake: Intake, batch: Wounded[], report: FuzzReport): Promise<void> {
  const found = await outcome(intake, () => decode(intake, batch));
  if (found.code !== 'ok') return oneByOne(intake, batch, report, (own, one) => decode(own, [one]));
  for (const { seed } of batch) note(report, seed, found.leftOut.get(String(seed)) ?? 'ok');
}

interface Found {
  /** `ok` or the code of the error. */
  readonly code: string;
  readonly leftOut: ReadonlyMap<string, string>;
}

const ok: Found = { code: 'ok', leftOut: new Map() };

async function oneByOne(
  intake: Intake,
  batch: readonly Wounded[],
  report: FuzzReport,
  work: (intake: Intake, one: Wounded) => Promise<Found>,
): Promise<void> {
  for (const one of batch) {
    const { code, leftOut } = await outcome(intake, () => work(intake, one));
    note(report, one.seed, leftOut.get(String(one.seed)) ?? code);
  }
}

/** A process that does not answer in time is ended, and called `hang`. */
async function outcome(intake: Intake, work: () => Promise<Found>): Promise<Found> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Found>((resolve) => {
    timer = setTimeout(() => resolve({ ...ok, code: 'hang' }), limitMs);
  });
  try {
    const found = await Promise.race([work(), late]);
    if (found.code === 'hang') await ended(intake);
    return found;
  } catch (error) {
    return { ...ok, code: error instanceof AppError ? error.code : `not an AppError: ${String(error)}` };
  } finally {
    clearTimeout(timer);
  }
}

/** Kills the process and waits for its end, so that no later call is blamed. */
async function ended(intake: Intake): Promise<void> {
  const death = new Promise<void>((resolve) => {
    const undo = intake.health.add(() => {
      undo();
      resolve();
    });
  });
  intake.kill();
  await death;
}

function note({ outcomes, deaths, defects }: FuzzReport, seed: number, code: string): void {
  outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
  if (code === 'engine/crashed') deaths.push(seed);
  else if (code !== 'ok' && !/^(data|image)\//.test(code)) defects.push({ seed, what: code });
}

const imageOptions = { image: { height: 16, width: 16, fit: 'crop', channels: 3 } } as const;

async function decode(intake: Intake, batch: readonly Wounded[]): Promise<Found> {
  const chunk = path.join(batch[0]?.folder ?? '', 'chunk.safetensors');
  const files = batch.map(({ seed, file }) => ({ path: file, name: String(seed), label: null, split: null }));
  const { samples, leftOut } = await intake.call('dataset.files', { files, options: imageOptions, chunk });
  checkChunk(chunk, samples);
  return { ...ok, leftOut: new Map(leftOut.map(({ name, failure }) => [name, failure.code])) };
}

async function unpackAndInspect(intake: Intake, { folder, file }: Wounded): Promise<Found> {
  const target = path.join(folder, 'out');
  mkdirSync(target);
  const limits = { maxBytes: bytesAtMost, maxFiles: 1000 };
  try {
    const { listing } = await intake.call('dataset.unpack', { path: file, folder: target, ...limits });
    await intake.call('dataset.inspect', { paths: [target], listing });
  } catch (error) {
    if (error instanceof AppError && error.code.startsWith('data/') && !hasListing(target)) emptyOrThrow(target);
    throw error;
  }
  return ok;
}

const hasListing = (target: string): boolean => readdirSync(target).includes('listing.jsonl');

/** A refused archive leaves nothing. */
function emptyOrThrow(target: string): void {
  const left = readdirSync(target);
  if (left.length > 0) throw new Error(`a refused archive left ${left.length} files`);
}

async function inspectAndRead(intake: Intake, { folder }: Wounded): Promise<Found> {
  const out = path.join(folder, '.chunks');
  mkdirSync(out);
  const paths = readdirSync(folder)
    .filter((name) => name !== '.chunks')
    .map((name) => path.join(folder, name));
  const { reader, options } = await intake.call('dataset.inspect', { paths });
  const rest = { ticket: 1, folder: out, firstChunk: 0, position: 0, samplesPerChunk: 1024 };
  const { chunks } = await intake.call('dataset.read', { reader, paths, options, ...rest });
  for (let number = 0; number < chunks; number++) checkChunk(path.join(out, `${number}.safetensors`));
  return ok;
}

/** What the engine makes of it. */
function checkChunk(file: string, samples?: number): void {
  const found = readChunk(readFileSync(file)).samples;
  if (samples !== undefined && found !== samples) throw new Error(`a chunk of ${found} samples, told as ${samples}`);
}
