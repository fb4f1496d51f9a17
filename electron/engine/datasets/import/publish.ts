/** The last steps of everything that makes samples: chunks become objects, and then a part of a data set that is there from this moment on. */
import { mkdir, rm, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { LeftOut } from '../../../contract/dataset-intake';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import type { Column, ImageOptions, SampleKind, SplitPlan } from '../../../contract/samples';
import { naturally } from '../../intake/list-files';
import type { Workspace } from '../../storage/workspace';
import { syncFolder } from '../../storage/durable-write';
import { type Manifest, type Part, readManifest, writeManifest } from '../manifest';
import type { ChunkFile } from '../chunk-file';
import { writePart } from '../pack-writer';
import { drawSplits } from '../splits';

export interface PartRequest {
  readonly id: string;
  readonly title: string;
  /** Adds to a data set that is there. */
  readonly isAddition: boolean;
  readonly kind: SampleKind;
  readonly origin: Manifest['origin'];
  readonly plan: SplitPlan;
  readonly image: ImageOptions | null;
  readonly columns: readonly Column[];
  readonly sampleRate: number | null;
  readonly provenance: string;
  readonly licence: string;
  readonly chunks: readonly ChunkFile[];
  readonly leftOut: readonly LeftOut[];
  /** The job that does it. */
  readonly job: string;
  /** A folder of that job, on the workspace's disk. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onSamples: (done: number) => void;
}

/** Durable once it returns. Done again after a kill it gives the same objects; once the manifest has the part it is only read. */
export async function publishPart(workspace: Workspace, request: PartRequest, now: () => number): Promise<Manifest> {
  const known = await publishedBy(workspace, request.id, request.job);
  if (known !== undefined) return known;
  const before = request.isAddition ? await readManifest(workspace.datasetsFolder, request.id) : undefined;
  if (before !== undefined) assertFits(before, request);
  const start = before?.parts.reduce((sum, { count }) => sum + count, 0) ?? 0;
  const { part, labels } = await makePart(workspace, request, start);
  // Somebody may have renamed or checked it while the part was made.
  const latest = request.isAddition ? await readManifest(workspace.datasetsFolder, request.id) : undefined;
  const manifest = latest === undefined ? newManifest(request, part, labels, now()) : withPart(latest, part, labels);
  await writeManifest(workspace.datasetsFolder, manifest);
  await syncFolder(workspace.datasetsFolder);
  await workspace.index.upsertDataset(request.id);
  return manifest;
}

/** The data set, when this job's part is in it already. */
export async function publishedBy(workspace: Workspace, id: string, job: string): Promise<Manifest | undefined> {
  const manifest = await readManifest(workspace.datasetsFolder, id).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'data/unknown') return undefined;
    throw error;
  });
  return manifest?.parts.some((part) => part.job === job) === true ? manifest : undefined;
}

async function makePart(
  { objects }: Workspace,
  { chunks, plan, folder, leftOut, job, signal, onSamples }: PartRequest,
  start: number,
): Promise<{ part: Part; labels: readonly string[] }> {
  const made = path.join(folder, 'part');
  await rm(made, { recursive: true, force: true });
  await mkdir(made, { recursive: true });
  const files = {
    pack: path.join(made, 'pack.safetensors'),
    samples: path.join(made, 'samples.safetensors'),
    thumbs: path.join(made, 'thumbs.safetensors'),
  };
  const written = await writePart(chunks, files, signal, onSamples);
  const splits = drawSplits({ label: written.label, given: written.given, start }, plan);
  const { pack, samples, thumbs } = written;
  const lines = leftOut.map((one) => `${JSON.stringify(one)}\n`).join('');
  throwIfCancelled(signal);
  // All at once, as each waits for the disk; and all to their end, so that nothing goes on behind a failure.
  const saved = {
    splits: objects.put(splits, 'splits'),
    leftOut: lines === '' ? Promise.resolve(null) : objects.put(Buffer.from(lines, 'utf8'), 'jsonl'),
    files: [pack, samples, ...(thumbs === null ? [] : [thumbs])].map((one) => objects.adoptHashed(one, 'safetensors')),
  };
  await Promise.allSettled([saved.splits, saved.leftOut, ...saved.files]);
  await Promise.all(saved.files);
  const part: Part = {
    pack: pack.hash,
    samples: samples.hash,
    thumbs: thumbs?.hash ?? null,
    splits: await saved.splits,
    leftOut: await saved.leftOut,
    leftOutCount: leftOut.length,
    count: written.count,
    bytes: pack.bytes + samples.bytes + (thumbs?.bytes ?? 0) + splits.length + lines.length,
    job,
  };
  return { part, labels: written.labels };
}

function newManifest(request: PartRequest, part: Part, labels: readonly string[], createdAt: number): Manifest {
  const { id, title, kind, origin, plan, image, columns, sampleRate, provenance, licence } = request;
  return {
    format: 1,
    id,
    title,
    kind,
    origin,
    createdAt,
    parts: [part],
    classes: [...labels],
    classCount: labels.length,
    plan,
    image,
    columns: [...columns],
    sampleRate,
    provenance,
    licence,
    report: null,
    toLookAt: null,
    isRemoved: false,
  };
}

function withPart(manifest: Manifest, part: Part, labels: readonly string[]): Manifest {
  const classes = [...new Set([...manifest.classes, ...labels])].sort(naturally);
  return {
    ...manifest,
    parts: [...manifest.parts, part],
    classes,
    classCount: Math.max(manifest.classCount, classes.length),
  };
}

/** Samples of one data set are of one kind and size. */
export function assertFits(
  { title, kind, image, columns, sampleRate }: Manifest,
  added: Pick<PartRequest, 'kind' | 'image' | 'columns' | 'sampleRate'>,
): void {
  const refuse = (reason: string): AppError =>
    new AppError('data/mismatch', `This cannot be added to “${title}”: ${reason}. Import it as a data set of its own.`);
  if (kind !== added.kind)
    throw refuse(`it holds samples of the kind "${kind}", and these are of the kind "${added.kind}"`);
  const size = (one: ImageOptions | null): string =>
    one === null ? '' : `${one.width} x ${one.height}, ${one.channels === 1 ? 'grey' : 'colour'}`;
  if (size(image) !== size(added.image))
    throw refuse(`its pictures are ${size(image)}, and these would be ${size(added.image)}`);
  if (JSON.stringify(columns) !== JSON.stringify(added.columns)) throw refuse('its columns are others');
  if (sampleRate !== added.sampleRate) throw refuse('its sounds have another number of samples a second');
}

const reserveBytes = 64 * 1024 * 1024;

/** Throws `data/no-space` when the disk with `folder` has not `bytes` and a little more. */
export async function assertSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const needed = bytes + reserveBytes;
  if (free >= needed) return;
  const text = (count: number): string => `${(count / 1e6).toLocaleString('en', { maximumFractionDigits: 0 })} MB`;
  throw new AppError(
    'data/no-space',
    `The import needs about ${text(needed)} on the disk with the workspace, and ${text(free)} are free. Free some space, or choose smaller pictures.`,
    { needed, free },
  );
}
