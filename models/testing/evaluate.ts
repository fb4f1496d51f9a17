/** Builds a small graph and runs it once, for tests. */
import type { Builder } from '../graph/builder-type';
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { lowerComposites } from '../graph/lower-composites';
import { removeDeadNodes } from '../graph/dead-nodes';
import type { Graph, GraphNode, Value } from '../graph/ir';
import { createSession, type Provider } from '../runtime/session';
import { type HostTensor, numbersOf } from '../tensor/host-tensor';

/** Adds nodes for the named inputs; what it returns leaves the graph under the given names. */
export type Construction = (g: Builder, inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;

/** A graph that can be run many times, and must be disposed. */
export interface Evaluator {
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

/** Makes the graph with inputs shaped like `inputs`, without dead nodes, in standard operators. */
export function evaluator(inputs: Readonly<Record<string, HostTensor>>, construct: Construction): Promise<Evaluator> {
  return createSession(encodeModel(encodeGraph(graphOf(inputs, construct))), { threads: 1 });
}

function graphOf(inputs: Readonly<Record<string, HostTensor>>, construct: Construction): Graph {
  const g = createBuilder();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, g.input(name, tensor.dtype, tensor.dims)]),
  );
  for (const [name, value] of Object.entries(construct(g, values))) g.output(name, value);
  return lowerComposites(removeDeadNodes(g.build('test')));
}

/** Runs the graph once. Every result is checked against the type that inference promised. */
export async function evaluate(
  inputs: Readonly<Record<string, HostTensor>>,
  construct: Construction,
): Promise<Record<string, HostTensor>> {
  const promised = new Map<string, Value>();
  const session = await evaluator(inputs, (g, values) => {
    const results = construct(g, values);
    for (const [name, value] of Object.entries(results)) promised.set(name, value);
    return results;
  });
  try {
    const results = await session.run(inputs);
    for (const [name, { dtype, dims }] of Object.entries(results)) {
      const type = promised.get(name);
      const fits = type?.dtype === dtype && type.rank === dims.length && type.shape.every((dim, k) => typeof dim === 'string' || dim === dims[k]); // prettier-ignore
      if (!fits) throw new Error(`"${name}" is ${dtype} [${dims.join()}], inference said ${type?.dtype} [${type?.shape.join()}].`); // prettier-ignore
    }
    if (other) await compare(other, inputs, construct, results);
    return results;
  } finally {
    await session.dispose();
  }
}

let other: Provider | undefined;

/** From here on, `evaluate` also runs every graph there and fails where the results differ from the CPU's. */
export function compareWith(provider: Provider): void {
  other = provider;
}

/** On WebGPU, ONNX Runtime 1.30 divides by zero in a MatMul of empty matrices. */
function endsProcess({ op, inputs }: GraphNode): boolean {
  return op === 'MatMul' && inputs.some((input) => input?.type?.shape.includes(0));
}

async function compare(
  provider: Provider,
  inputs: Readonly<Record<string, HostTensor>>,
  construct: Construction,
  expected: Readonly<Record<string, HostTensor>>,
): Promise<void> {
  const graph = graphOf(inputs, construct);
  if (graph.nodes.some(endsProcess)) return;
  const session = await createSession(encodeModel(encodeGraph(graph)), { threads: 1, provider });
  try {
    if (session.provider !== provider) throw new Error(session.note);
    const results = await session.run(inputs);
    for (const [name, wanted] of Object.entries(expected)) {
      const difference = differenceOf(results[name], wanted, toleranceFor(graph.nodes));
      if (difference !== undefined) throw new Error(`"${name}" on ${provider} ${difference}`);
    }
  } finally {
    await session.dispose();
  }
}

/**
 * Relative to numbers above 1: a shader may divide and take powers less exactly and sum up in another order; for sin and cos WGSL
 * allows 2^-11 (15.7.4.1, "Floating Point Accuracy").
 */
function toleranceFor(nodes: readonly GraphNode[]): number {
  return nodes.some(({ op }) => op === 'Sin' || op === 'Cos') ? 2 ** -11 : 1e-4;
}

function differenceOf(got: HostTensor | undefined, wanted: HostTensor, tolerance: number): string | undefined {
  if (got === undefined) return 'is missing.';
  if (got.dtype !== wanted.dtype || got.dims.join() !== wanted.dims.join()) {
    return `is ${got.dtype} [${got.dims.join()}], on the CPU ${wanted.dtype} [${wanted.dims.join()}].`;
  }
  if (wanted.dtype === 'string') return undefined;
  const numbers = numbersOf(got);
  const at = numbersOf(wanted).findIndex((number, k) => {
    const value = numbers[k] ?? NaN;
    if (!Number.isFinite(number)) return !Object.is(value, number);
    return !(Math.abs(value - number) <= tolerance * Math.max(1, Math.abs(number)));
  });
  return at < 0 ? undefined : `has ${numbers[at]} at ${at}, on the CPU ${numbersOf(wanted)[at]}.`;
}
