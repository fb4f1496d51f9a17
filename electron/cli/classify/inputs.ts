/** What a person typed after `duet classify`: files, folders and things that are not there, each only once. */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

export interface Input {
  /** As typed; this is how its pictures are called in every output. */
  typed: string;
  /** Absolute. A link that was typed is followed: naming it was the wish. */
  path: string;
  kind: 'file' | 'folder' | 'missing';
}

export async function readInputs(typed: readonly string[]): Promise<Input[]> {
  const inputs: Input[] = [];
  const seen = new Set<string>();
  for (const one of typed) {
    const input = await readInput(one);
    if (seen.has(input.path)) continue;
    seen.add(input.path);
    inputs.push(input);
  }
  return inputs;
}

async function readInput(typed: string): Promise<Input> {
  try {
    const real = await realpath(path.resolve(typed));
    return { typed, path: real, kind: (await stat(real)).isDirectory() ? 'folder' : 'file' };
  } catch {
    return { typed, path: path.resolve(typed), kind: 'missing' };
  }
}

/** A run of inputs that the engine takes in one call: many files, or one folder. */
export type Batch =
  { kind: 'files'; inputs: Input[] } | { kind: 'folder'; input: Input } | { kind: 'missing'; input: Input };

const batchSize = 1000;

/** Neighbouring files go together; a folder goes alone, so that one knows which pictures came from it. */
export function batchesOf(inputs: readonly Input[]): Batch[] {
  const batches: Batch[] = [];
  for (const input of inputs) {
    const last = batches.at(-1);
    if (input.kind !== 'file') batches.push({ kind: input.kind, input });
    else if (last?.kind === 'files' && last.inputs.length < batchSize) last.inputs.push(input);
    else batches.push({ kind: 'files', inputs: [input] });
  }
  return batches;
}
