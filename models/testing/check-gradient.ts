/** Checks gradients by central differences along random directions: (f(x + hv) - f(x - hv)) / 2h against <grad f, v>. */
import { gradients } from '../autodiff/gradients';
import { createBuilder } from '../graph/builder';
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { isReal } from '../tensor/dtype';
import { randomNormal, randomUniform } from '../tensor/random';
import { evaluator } from './evaluate';

/** A tensor of random numbers for a test: shape, and range (uniform) where the default, standard normal, does not fit. */
export interface RandomInput {
  readonly dims: readonly number[];
  readonly range?: readonly [number, number];
}

/** One function to be checked. */
export interface GradientCase {
  readonly name: string;
  /** Random inputs, or given ones (indices, numbers away from a kink); only real ones are differentiated. */
  readonly inputs: Readonly<Record<string, RandomInput | HostTensor>>;
  /** The function; results that are no scalar are weighted with random numbers and summed. */
  build(g: Builder, inputs: Readonly<Record<string, Value>>): Value;
  /** float64 unless the runtime has no such kernel. */
  readonly dtype?: 'float32' | 'float64';
  /** Distance h; 1e-5 in double, 1e-2 in single precision unless said otherwise. */
  readonly step?: number;
  /** Also checks the gradient of the gradient; true unless said otherwise. */
  readonly second?: boolean;
}

/** A case whose function knows its inputs by name: `({ x, w }) => ...` without a question whether they are there. */
export function gradientCase<K extends string>(
  name: string,
  inputs: Readonly<Record<K, RandomInput | HostTensor>>,
  build: { apply(g: Builder, inputs: Readonly<Record<K, Value>>): Value }['apply'],
  more: Pick<GradientCase, 'dtype' | 'step' | 'second'> = {},
): GradientCase {
  return { name, inputs, build, ...more };
}

/** Largest relative error over one direction an input and one over all inputs together, first and second order. */
export async function gradientError(check: GradientCase): Promise<number> {
  const feeds = caseInputs(check);
  const first = await directionalError(check, feeds, (g, values) => weighted(g, check.build(g, values), 1));
  if (check.second === false) return first;
  const second = await directionalError(check, feeds, (g, values) => {
    const loss = weighted(g, check.build(g, values), 1);
    const all = Object.entries(values).filter(([, value]) => isReal(value.dtype));
    const grads = gradients(g, loss, all.map(([, value]) => value)); // prettier-ignore
    return grads.map((gradient, index) => weighted(g, gradient, 2 + index)).reduce((sum, part) => g.Add(sum, part));
  });
  return Math.max(first, second);
}

/** The operators of a case's own graph, without those of its gradient. */
export function operatorsOf(check: GradientCase): string[] {
  const g = createBuilder();
  const inputs = Object.entries(caseInputs(check)).map(([name, { dtype, dims }]): [string, Value] => [
    name,
    g.input(name, dtype, dims),
  ]);
  check.build(g, Object.fromEntries(inputs));
  return g.nodes.map((node) => node.op);
}

/** The case's inputs, random ones drawn. */
export function caseInputs(check: GradientCase): Record<string, HostTensor> {
  const entries = Object.entries(check.inputs).map(([name, input], stream): [string, HostTensor] => {
    if ('dtype' in input) return [name, input];
    const length = input.dims.reduce((product, size) => product * size, 1);
    const key = { seed: 11, stream };
    const [low, high] = input.range ?? [0, 0];
    const draw = (_: unknown, k: number): number =>
      input.range ? low + (high - low) * randomUniform(key, k) : randomNormal(key, k);
    return [name, real(check, input.dims, Float64Array.from({ length }, draw))];
  });
  return Object.fromEntries(entries);
}

function real(check: GradientCase, dims: readonly number[], values: Float64Array): HostTensor {
  return check.dtype === 'float32'
    ? hostTensor('float32', dims, Float32Array.from(values))
    : hostTensor('float64', dims, values);
}

/** sum(y * w) with random w, so that no symmetry hides an error. */
function weighted(g: Builder, y: Value, stream: number): Value {
  const length = y.dims.reduce((product, size) => product * size, 1);
  const weights = Float64Array.from({ length }, (_, k) => randomNormal({ seed: 23, stream }, k));
  const tensor = y.dtype === 'float32' ? hostTensor('float32', y.dims, Float32Array.from(weights)) : hostTensor('float64', y.dims, weights); // prettier-ignore
  return g.ReduceSum(g.Mul(y, g.constant(tensor, 'weights')), { keepdims: 0 });
}

type Loss = (g: Builder, values: Readonly<Record<string, Value>>) => Value;

async function directionalError(check: GradientCase, feeds: Record<string, HostTensor>, loss: Loss): Promise<number> {
  const names = Object.keys(feeds).filter((name) => isReal(feeds[name]?.dtype ?? 'string'));
  const session = await evaluator(feeds, (g, values) => {
    const value = loss(g, values);
    const grads = gradients(g, value, names.map((name) => values[name] ?? value)); // prettier-ignore
    return { loss: value, ...Object.fromEntries(names.map((name, index) => [`d.${name}`, grads[index] ?? value])) };
  });
  try {
    const results = await session.run(feeds);
    const at = async (moved: Record<string, HostTensor>): Promise<number> =>
      numbersOf(present((await session.run({ ...feeds, ...moved }))['loss']))[0] ?? NaN;
    const step = check.step ?? (check.dtype === 'float32' ? 1e-2 : 1e-5);
    let worst = 0;
    for (const group of [...names.map((name) => [name]), names]) {
      let analytic = 0;
      const plus: Record<string, HostTensor> = {};
      const minus: Record<string, HostTensor> = {};
      for (const name of group) {
        const tensor = present(feeds[name]);
        const direction = numbersOf(tensor).map((_, k) => randomNormal({ seed: 37, stream: names.indexOf(name) }, k));
        const gradient = numbersOf(present(results[`d.${name}`]));
        analytic += direction.reduce((sum, v, k) => sum + v * (gradient[k] ?? NaN), 0);
        plus[name] = shifted(check, tensor, direction, step);
        minus[name] = shifted(check, tensor, direction, -step);
      }
      const numeric = ((await at(plus)) - (await at(minus))) / (2 * step);
      const scale = Math.max(Math.abs(numeric), Math.abs(analytic), 1e-3);
      const error = Math.abs(numeric - analytic) / scale;
      worst = Number.isNaN(error) ? Infinity : Math.max(worst, error);
    }
    return worst;
  } finally {
    await session.dispose();
  }
}

function shifted(check: GradientCase, tensor: HostTensor, direction: readonly number[], step: number): HostTensor {
  const values = numbersOf(tensor).map((x, k) => x + step * (direction[k] ?? 0));
  return real(check, tensor.dims, Float64Array.from(values));
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('A result is missing.');
  return value;
}
