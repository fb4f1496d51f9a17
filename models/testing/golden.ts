/** Golden numbers from PyTorch, made by the scripts in golden/, against the same functions here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { gradients } from '../autodiff/gradients';
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { elementCount, type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { evaluate } from './evaluate';

const numbers = z.array(z.number());

/** One case as the scripts write it: sizes of the inputs, the result, and the gradients of its weighted sum. */
const goldenCase = z.object({
  name: z.string(),
  inputs: z.record(z.string(), numbers),
  y: numbers,
  gradients: z.record(z.string(), numbers),
});

/** One function's inputs and the numbers that PyTorch gave. */
export type GoldenCase = z.infer<typeof goldenCase>;

/** The cases of `golden/<name>.json`. */
export function goldenCases(name: string): readonly GoldenCase[] {
  const path = join(import.meta.dirname, 'golden', `${name}.json`);
  return z.array(goldenCase).parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** Largest error of result and gradients in single precision, relative to numbers above 1. Inputs follow the formula of golden/recipe.py. */
export async function goldenError(
  golden: GoldenCase,
  build: (g: Builder, inputs: Readonly<Record<string, Value>>) => Value,
): Promise<number> {
  const names = Object.keys(golden.inputs);
  const feeds = Object.fromEntries(names.map((name, i) => [name, wave(golden.inputs[name] ?? [], i)]));
  const results = await evaluate(feeds, (g, values) => {
    const y = build(g, values);
    const loss = g.ReduceSum(g.Mul(y, g.constant(wave(y.dims, 9), 'weights')), { keepdims: 0 });
    const grads = gradients(g, loss, names.map((name) => values[name] ?? y)); // prettier-ignore
    return { y, ...Object.fromEntries(names.map((name, i) => [`d.${name}`, grads[i] ?? y])) };
  });
  const expected = {
    y: golden.y,
    ...Object.fromEntries(names.map((name) => [`d.${name}`, golden.gradients[name] ?? []])),
  };
  return Math.max(...Object.entries(expected).map(([name, wanted]) => largestError(results[name], wanted)));
}

/** sin(1.7 k + phase) for element k. */
export function wave(dims: readonly number[], phase: number): HostTensor {
  return hostTensor(
    'float32',
    dims,
    Float32Array.from({ length: elementCount(dims) }, (_, k) => Math.sin(1.7 * k + phase)),
  );
}

/** Largest error of a tensor, relative to numbers above 1; infinite where the count differs. */
export function largestError(tensor: HostTensor | undefined, expected: readonly number[]): number {
  const got = tensor ? numbersOf(tensor) : [];
  if (got.length !== expected.length) return Infinity;
  return Math.max(...expected.map((number, k) => Math.abs((got[k] ?? NaN) - number) / Math.max(1, Math.abs(number))));
}
