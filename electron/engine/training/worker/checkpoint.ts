/**
 * Checkpoints: everything a run needs to go on as if it had never stopped. Two are kept, each with the beginning of its hash in its name, so
 * that a damaged one is known and the one before is taken.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { bestSchema, checkSchema, curveSchema } from '../../../contract/training';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { readSafetensors, writeSafetensors } from '../../../../models/tensor/safetensors';
import { durableWrite } from '../../storage/durable-write';
import { curveSumsSchema } from './curves';

const format = 'duet-checkpoint-1';
const namePattern = /^checkpoint-(\d+)-([0-9a-f]{16})\.safetensors$/;
const kept = 2;

/** What a checkpoint holds beside weights and the optimiser's state. */
const progressSchema = z.strictObject({
  step: z.int().min(0),
  workedMs: z.number().min(0),
  curves: z.array(curveSchema),
  sums: curveSumsSchema,
  checks: z.array(checkSchema),
  best: bestSchema.nullable(),
});
export type RunProgress = z.infer<typeof progressSchema>;

export interface Checkpoint {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly progress: RunProgress;
}

/** Durable once it returns; older ones than the one before are removed. */
export async function writeCheckpoint(folder: string, { tensors, progress }: Checkpoint): Promise<void> {
  const bytes = writeSafetensors(tensors, { format, progress: JSON.stringify(progress) });
  const name = `checkpoint-${progress.step}-${shortHash(bytes)}.safetensors`;
  await durableWrite(path.join(folder, name), bytes);
  const others = (await listCheckpoints(folder)).filter((one) => one.name !== name);
  for (const old of others.slice(kept - 1)) await rm(path.join(folder, old.name), { force: true });
}

/** The newest one that is whole; undefined where there is none. `onDamaged` hears of those that are not. */
export async function readCheckpoint(
  folder: string,
  onDamaged: (name: string) => void,
): Promise<Checkpoint | undefined> {
  for (const { name, hash } of await listCheckpoints(folder)) {
    const bytes = await readFile(path.join(folder, name));
    const checkpoint = shortHash(bytes) === hash ? parse(bytes) : undefined;
    if (checkpoint !== undefined) return checkpoint;
    onDamaged(name);
  }
  return undefined;
}

/** Whether every number is one: weights with others in them are no good to anybody. */
export function areFinite(tensors: Readonly<Record<string, HostTensor>>): boolean {
  return Object.values(tensors).every(({ data }) => {
    if (!(data instanceof Float32Array)) return true;
    for (const value of data) if (!Number.isFinite(value)) return false;
    return true;
  });
}

/** Newest first. */
async function listCheckpoints(folder: string): Promise<{ name: string; step: number; hash: string }[]> {
  const found = (await readdir(folder)).flatMap((name) => {
    const [, step, hash] = namePattern.exec(name) ?? [];
    return step === undefined || hash === undefined ? [] : [{ name, step: Number(step), hash }];
  });
  return found.sort((a, b) => b.step - a.step);
}

function parse(bytes: Uint8Array): Checkpoint | undefined {
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    const progress = progressSchema.safeParse(JSON.parse(metadata['progress'] ?? ''));
    return metadata['format'] === format && progress.success ? { tensors, progress: progress.data } : undefined;
  } catch {
    return undefined;
  }
}

function shortHash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
