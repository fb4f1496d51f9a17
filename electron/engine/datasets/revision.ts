/**
 * Revisions: a hash over all that a model could learn from (data, classes, labels, splits, what is left out), whatever the way there, and
 * sealed revisions, which keep all of that for good.
 */
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { hashSchema } from '../../contract/samples';
import { hostTensor } from '../../../models/tensor/host-tensor';
import { writeSafetensors } from '../../../models/tensor/safetensors';
import { naturally } from '../intake/list-files';
import { durableWrite, isMissing, syncFolder } from '../storage/durable-write';
import type { ObjectStore } from '../storage/object-store';
import type { EditState } from './edit-state';
import type { Manifest } from './manifest';

/** What a revision is, in columns. */
export interface RevisionContent {
  /** Packs of the parts, in order. */
  readonly packs: readonly string[];
  /** In natural order. */
  readonly classes: readonly string[];
  /** i32: index in `classes`, or -1. */
  readonly label: Int32Array;
  /** u8: index in `splitNames`. */
  readonly split: Uint8Array;
  /** u8: 1 where a sample is left out. */
  readonly excluded: Uint8Array;
}

export function revisionContent({ parts }: Manifest, state: EditState): RevisionContent {
  const classes = [...state.classNames()].sort(naturally);
  const ranks = new Map(classes.map((name, rank) => [state.idOf(name), rank]));
  const byId = Int32Array.from({ length: Math.max(0, ...ranks.keys()) + 1 }, (_, id) => ranks.get(id) ?? -1);
  return {
    packs: parts.map(({ pack }) => pack),
    classes,
    label: state.label.map((id) => byId[id] ?? -1),
    split: state.split,
    excluded: state.excluded,
  };
}

/** sha256 of canonical JSON; long columns stand in it by their own sha256 (little-endian bytes). */
export function revisionHash({ packs, classes, label, split, excluded }: RevisionContent): string {
  const canonical = JSON.stringify({
    classes,
    excluded: hashOf(excluded),
    format: 'duet-revision-1',
    labels: hashOf(label),
    packs,
    splits: hashOf(split),
  });
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}

function hashOf(column: Int32Array | Uint8Array): string {
  return createHash('sha256')
    .update(new Uint8Array(column.buffer, column.byteOffset, column.byteLength))
    .digest('hex');
}

const sealedSchema = z.strictObject({
  format: z.literal(1),
  hash: hashSchema,
  at: z.number(),
  note: z.string(),
  dataset: z.string(),
  samples: z.int(),
  classes: z.array(z.string()),
  parts: z.array(
    z.strictObject({ pack: hashSchema, samples: hashSchema, thumbs: hashSchema.nullable(), count: z.int() }),
  ),
  /** An object: the columns `label` i32, `split` u8 and `excluded` u8, as safetensors. */
  columns: hashSchema,
});
export type SealedRevision = z.infer<typeof sealedSchema>;

/** Durable once it returns. What is sealed already stays as it is, with its first note. */
export async function sealRevision(
  folder: string,
  objects: ObjectStore,
  manifest: Manifest,
  content: RevisionContent,
  { note, at }: { note: string; at: number },
): Promise<string> {
  const hash = revisionHash(content);
  const revisions = path.join(folder, 'revisions');
  const file = path.join(revisions, `${hash}.json`);
  if ((await readSealed(file)) !== undefined) return hash;
  const count = content.label.length;
  const columns = writeSafetensors(
    {
      label: hostTensor('int32', [count], content.label),
      split: hostTensor('uint8', [count], content.split),
      excluded: hostTensor('uint8', [count], content.excluded),
    },
    { format: 'duet-revision-1' },
  );
  const sealed: SealedRevision = {
    format: 1,
    hash,
    at,
    note,
    dataset: manifest.id,
    samples: count,
    classes: [...content.classes],
    parts: manifest.parts.map(({ pack, samples, thumbs, count: own }) => ({ pack, samples, thumbs, count: own })),
    columns: await objects.put(columns, 'safetensors'),
  };
  await mkdir(revisions, { recursive: true });
  await syncFolder(folder);
  await durableWrite(file, Buffer.from(`${JSON.stringify(sealed, undefined, 1)}\n`, 'utf8'));
  return hash;
}

/** Newest first; files that are no revisions are passed over. */
export async function listRevisions(folder: string): Promise<SealedRevision[]> {
  const revisions = path.join(folder, 'revisions');
  const names = await readdir(revisions).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  const found = await Promise.all(names.map((name) => readSealed(path.join(revisions, name))));
  return found.filter((one) => one !== undefined).sort((a, b) => b.at - a.at || naturally(a.hash, b.hash));
}

async function readSealed(file: string): Promise<SealedRevision | undefined> {
  return readFile(file, 'utf8').then(
    (text) => parseRevision(text, path.basename(file)),
    () => undefined,
  );
}

/** Undefined for what is no sealed revision, or another one than its file's name says. */
export function parseRevision(text: string, name: string): SealedRevision | undefined {
  try {
    const parsed = sealedSchema.safeParse(JSON.parse(text));
    return parsed.success && name === `${parsed.data.hash}.json` ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
