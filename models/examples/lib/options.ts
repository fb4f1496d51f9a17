/** What every example can be told on the command line. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** How long a run trains: until the first of the two is used up. At least one must be given. */
export interface Budget {
  readonly steps?: number;
  readonly seconds?: number;
}

/** Settings of a run. */
export interface Options extends Budget {
  /** Key of the first weights, of the order of the data and of every draw. */
  readonly seed: number;
  /** Folder for pictures and texts; made where missing. */
  readonly out: string;
  /** Whether operators are tried in several formulations first, and the fastest kept (seconds); if not, all stay plain, the same everywhere. */
  readonly isTuned?: boolean;
  /** How `mnist-cnn` trains. */
  readonly recipe?: 'plain' | 'best';
}

/** What an example reports: the one JSON object that is its last line. */
export type Report = Readonly<Record<string, string | number | Readonly<Record<string, number>>>>;

/** The path of a file that a run leaves. */
export function outputPath(options: Options, name: string): string {
  mkdirSync(options.out, { recursive: true });
  return join(options.out, name);
}

/** A number for people: `digits` behind the point at most. */
export function rounded(value: number, digits = 4): number {
  return Number(value.toFixed(digits));
}
