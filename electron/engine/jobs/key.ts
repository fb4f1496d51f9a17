/** A job's key: equal work has equal keys, however its parameters are written. */
import { createHash } from 'node:crypto';

interface KeyParts {
  kind: string;
  parameters: unknown;
  inputs: readonly string[];
  seed: number;
  nonce?: string | undefined;
}

export function jobKey({ kind, parameters, inputs, seed, nonce }: KeyParts): string {
  const text = JSON.stringify(['duet-job-1', kind, sorted(parameters), inputs, seed, nonce ?? null]);
  return createHash('sha256').update(text).digest('hex');
}

/** The same value with the names of every object in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]);
}
