/** Chooses formulations by trying them: each runs here once beside the plain one, must agree with it, and the fastest is remembered. */
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Graph, GraphNode, Value } from '../graph/ir';
import { createSession, type SessionOptions } from '../runtime/session';
import { elementCount, type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { type Choice, formulations, lower } from './lower';

/** What one node's trial gave: the formulation in use ('plain' for none) and the time of each that agreed, in milliseconds. */
export interface Trial {
  readonly choice: string;
  readonly ms: Readonly<Record<string, number>>;
}

/** Trials by node signature. Plain data: the caller keeps it in a file, which may be deleted at any time. */
export type TuningTable = Record<string, Trial>;

/** How trials run. */
export interface TuningOptions extends SessionOptions {
  /** Channels in a block of the runtime's blocked layout; 0 where it has none. */
  readonly block: number;
}

/** A formulation must be this much faster than the plain one, or the plain one stays. */
const worthwhile = 0.95;
/** Largest difference from the plain result, relative to its largest element. */
const tolerance = 1e-4;
const fewestRuns = 4;
const enoughMs = 12;

/** What tells nodes apart for tuning: operator, shapes and attributes. */
export function signatureOf(node: GraphNode): string {
  const shapes = node.inputs.map((input) => (input ? `${input.dtype}[${input.shape.join()}]` : '-'));
  return `${node.op} ${shapes.join(' ')} ${JSON.stringify(node.attributes)}`;
}

/** Tries every node whose signature is not in the table yet, adds the results to it, and gives the choice. */
export async function tune(graph: Graph, table: TuningTable, options: TuningOptions): Promise<Choice> {
  for (const node of graph.nodes) {
    if (formulations[node.op] === undefined || node.inputs.some((input) => input && !isKnown(input))) continue;
    const key = signatureOf(node);
    table[key] ??= await tryFormulations(node, options);
  }
  return (node) => {
    const choice = formulations[node.op] && table[signatureOf(node)]?.choice;
    return choice === 'plain' ? undefined : choice;
  };
}

const isKnown = (value: Value): boolean => value.type?.shape.every((dim) => typeof dim === 'number') === true;

async function tryFormulations(node: GraphNode, options: TuningOptions): Promise<Trial> {
  const plain = await run(node, 'plain', options);
  const ms: Record<string, number> = { plain: plain.ms };
  let choice = 'plain';
  for (const { name } of formulations[node.op] ?? []) {
    const candidate = await attempt(node, name, options);
    if (!candidate || largestGap(candidate.result, plain.result) > tolerance) continue;
    ms[name] = candidate.ms;
    const limit = choice === 'plain' ? plain.ms * worthwhile : (ms[choice] ?? Infinity);
    if (candidate.ms < limit) choice = name;
  }
  return { choice, ms: Object.fromEntries(Object.entries(ms).map(([name, time]) => [name, Number(time.toFixed(3))])) };
}

interface Outcome {
  readonly result: number[];
  readonly ms: number;
}

/** A formulation that does not fit, or that the runtime refuses, is out. */
async function attempt(node: GraphNode, name: string, options: TuningOptions): Promise<Outcome | undefined> {
  try {
    return await run(node, name, options);
  } catch {
    return undefined;
  }
}

async function run(node: GraphNode, name: string, options: TuningOptions): Promise<Outcome> {
  const feeds = node.inputs.flatMap((input, index): [string, HostTensor][] =>
    input ? [[`x${index}`, sample(input, index)]] : [],
  );
  const session = await createSession(trial(node, name, options), { ...options, sharesCores: false });
  try {
    const inputs = Object.fromEntries(feeds);
    const { y } = await session.run(inputs);
    if (!y) throw new Error('The trial gave no result.');
    let best = Infinity;
    let total = 0;
    for (let k = 0; k < fewestRuns || (total < enoughMs && k < 50); k++) {
      const start = performance.now();
      await session.run(inputs);
      const time = performance.now() - start;
      best = Math.min(best, time);
      total += time;
    }
    return { result: numbersOf(y), ms: best };
  } finally {
    await session.dispose();
  }
}

/** Random numbers of the input's type; whole numbers are small, as they are indices. */
function sample(input: Value, index: number): HostTensor {
  const length = elementCount(input.dims);
  const numbers = normals({ seed: 5, stream: index }, length);
  if (input.dtype === 'float32') return hostTensor('float32', input.dims, numbers);
  if (input.dtype === 'float64') return hostTensor('float64', input.dims, Float64Array.from(numbers));
  if (input.dtype === 'bool')
    return hostTensor(
      'bool',
      input.dims,
      Uint8Array.from(numbers, (x) => (x > 0 ? 1 : 0)),
    );
  if (input.dtype === 'int64')
    return hostTensor(
      'int64',
      input.dims,
      BigInt64Array.from(numbers, () => 0n),
    );
  throw new Error(`No trial for ${input.dtype}.`);
}

/** The node alone. */
function trial(node: GraphNode, name: string, options: TuningOptions): Uint8Array {
  const g = createBuilder();
  const inputs = node.inputs.map((input, index) => input && g.input(`x${index}`, input.dtype, input.dims));
  const [y] = g.node({ ...node, inputs, outputCount: 1 });
  if (!y) throw new Error('The node has no result.');
  g.output('y', y);
  const graph = lower(g.build('trial'), { block: options.block, choose: () => (name === 'plain' ? undefined : name) });
  return encodeModel(encodeGraph(graph));
}

function largestGap(candidate: readonly number[], plain: readonly number[]): number {
  let gap = 0;
  let size = 0;
  plain.forEach((value, k) => {
    const difference = Math.abs(value - (candidate[k] ?? NaN));
    gap = Number.isNaN(difference) ? Infinity : Math.max(gap, difference);
    size = Math.max(size, Math.abs(value));
  });
  return size === 0 ? gap : gap / size;
}
