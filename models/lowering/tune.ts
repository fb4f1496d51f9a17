/** Chooses formulations by trying them: each runs here once beside the plain one, must agree with it, and the fastest is remembered. */
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Builder } from '../graph/builder-type';
import type { Graph, GraphNode, Value } from '../graph/ir';
import { createSession, type Session, type SessionOptions } from '../runtime/session';
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
const mostRuns = 30;
const enoughMs = 10;

/** What tells nodes apart for tuning: operator, shapes and attributes. */
export function signatureOf(node: GraphNode): string {
  const shapes = node.inputs.map((input) => {
    if (!input) return '-';
    const elements = input.type?.elements;
    return `${input.dtype}[${input.shape.join()}]${elements ? `=${elements.join()}` : ''}`;
  });
  return `${node.op} ${shapes.join(' ')} ${JSON.stringify(node.attributes)}`;
}

/** Tries every node whose signature is not in the table yet, adds the results to it, and gives the choice. */
export async function tune(graph: Graph, table: TuningTable, options: TuningOptions): Promise<Choice> {
  for (const node of graph.nodes) {
    if (node.inputs.some((input) => input && !isKnown(input)) || fittingNames(node, options.block).length === 0)
      continue;
    const key = signatureOf(node);
    table[key] ??= await tryFormulations(node, options);
  }
  return (node) => {
    const choice = formulations[node.op] && table[signatureOf(node)]?.choice;
    return choice === 'plain' ? undefined : choice;
  };
}

const isKnown = (value: Value): boolean => value.type?.shape.every((dim) => typeof dim === 'number') === true;

/** The formulations that can write the node. */
function fittingNames(node: GraphNode, block: number): string[] {
  const [output] = node.outputs;
  const known = output && formulations[node.op];
  if (!known) return [];
  const g = createBuilder();
  const inputs = node.inputs.map((input, index) => input && trialInput(g, input, index));
  return known.filter(({ write }) => write({ g, node, inputs, output, block }) !== undefined).map(({ name }) => name);
}

async function tryFormulations(node: GraphNode, options: TuningOptions): Promise<Trial> {
  const plain = await run(node, 'plain', options);
  const ms: Record<string, number> = { plain: plain.ms };
  let choice = 'plain';
  for (const name of fittingNames(node, options.block)) {
    const candidate = await attempt(node, name, options);
    if (!candidate || largestGap(candidate.result, plain.result) > tolerance) continue;
    ms[name] = candidate.ms;
    const { takenUpTo = worthwhile } = formulations[node.op]?.find((one) => one.name === name) ?? {};
    const limit = choice === 'plain' ? plain.ms * takenUpTo : (ms[choice] ?? Infinity);
    if (candidate.ms < limit) choice = name;
  }
  return { choice, ms: Object.fromEntries(Object.entries(ms).map(([name, time]) => [name, Number(time.toFixed(3))])) };
}

interface Outcome {
  readonly result: ArrayLike<number>;
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
  const inputs = node.inputs.map((input, index) => (input && !constantOf(input) ? sample(input, index) : undefined));
  const { y } = await withSession(agreementTrial(node, name, options), options, (session) =>
    session.run(named(inputs)),
  );
  if (!y) throw new Error('The trial gave no result.');
  const layout = name === 'blocked' ? options.block : 0;
  const feeds = named(inputs.map((tensor) => tensor && inLayout(tensor, layout)));
  const ms = await withSession(timingTrial(node, name, options), options, (session) => leastTime(session, feeds));
  return { result: y.dtype === 'float32' || y.dtype === 'float64' ? y.data : numbersOf(y), ms };
}

async function withSession<T>(
  model: Uint8Array,
  options: TuningOptions,
  body: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await createSession(model, { ...options, sharesCores: false });
  try {
    return await body(session);
  } finally {
    await session.dispose();
  }
}

async function leastTime(session: Session, feeds: Readonly<Record<string, HostTensor>>): Promise<number> {
  await session.run(feeds);
  let least = Infinity;
  let total = 0;
  for (let k = 0; k < fewestRuns || (total < enoughMs && k < mostRuns); k++) {
    const start = performance.now();
    await session.run(feeds);
    const time = performance.now() - start;
    least = Math.min(least, time);
    total += time;
  }
  return least;
}

function named(tensors: readonly (HostTensor | undefined)[]): Record<string, HostTensor> {
  return Object.fromEntries(tensors.flatMap((tensor, index) => (tensor ? [[`x${index}`, tensor]] : [])));
}

/** A stretch of random numbers, repeated: its prime length keeps repetitions from lining up with rows. */
const noise = normals({ seed: 5, stream: 0 }, 16_381);

/** Random numbers of the input's type; whole numbers are zero, as they are indices. */
function sample(input: Value, index: number): HostTensor {
  const length = elementCount(input.dims);
  const at = (k: number): number => noise[(k + 911 * index) % noise.length] ?? 0;
  if (input.dtype === 'float32') return hostTensor('float32', input.dims, repeatedNoise(length, 911 * index));
  if (input.dtype === 'float64')
    return hostTensor(
      'float64',
      input.dims,
      Float64Array.from({ length }, (_, k) => at(k)),
    );
  if (input.dtype === 'bool')
    return hostTensor(
      'bool',
      input.dims,
      Uint8Array.from({ length }, (_, k) => (at(k) > 0 ? 1 : 0)),
    );
  if (input.dtype === 'int64') return hostTensor('int64', input.dims, new BigInt64Array(length));
  throw new Error(`No trial for ${input.dtype}.`);
}

function repeatedNoise(length: number, offset: number): Float32Array {
  const data = new Float32Array(length);
  const start = offset % noise.length;
  for (let k = 0; k < length; k += noise.length) {
    data.set(noise.subarray(0, Math.min(noise.length, length - k)), k);
  }
  if (length >= noise.length) data.copyWithin(0, start); // another beginning for every input
  return data;
}

/** Whether an image tensor of these sizes lies in blocked layout between blocked neighbours. */
function isBlocked(dims: readonly number[], block: number): boolean {
  return block > 1 && dims.length === 4 && (dims[1] ?? 0) % block === 0 && (dims[2] ?? 0) * (dims[3] ?? 0) > 1;
}

/** The same numbers declared as a blocked tensor; which is which does not matter for a timing. */
function inLayout(tensor: HostTensor, block: number): HostTensor {
  const [n = 0, c = 0, h = 0, w = 0] = tensor.dims;
  return isBlocked(tensor.dims, block) ? { ...tensor, dims: [n, c / block, h, w, block] } : tensor;
}

/** The node alone, from plain inputs to the plain result `y`. */
function agreementTrial(node: GraphNode, name: string, options: TuningOptions): Uint8Array {
  const g = createBuilder();
  const inputs = node.inputs.map((input, index) => input && trialInput(g, input, index));
  g.output('y', only(g.node({ ...node, inputs, outputCount: 1 })));
  return encodeTrial(g, name, options);
}

/** The node between neighbours of its own layout, and one element as its output, so that no copying is timed. */
function timingTrial(node: GraphNode, name: string, options: TuningOptions): Uint8Array {
  const g = createBuilder();
  const block = name === 'blocked' ? options.block : 0;
  const inputs = node.inputs.map((input, index) => {
    if (!input || constantOf(input) || !isBlocked(input.dims, block)) return input && trialInput(g, input, index);
    const [n = 0, c = 0, h = 0, w = 0] = input.dims;
    return g.FromBlocked(g.input(`x${index}`, input.dtype, [n, c / block, h, w, block]));
  });
  const y = only(g.node({ ...node, inputs, outputCount: 1 }));
  const result = isBlocked(y.dims, block) ? g.ToBlocked(y, { block }) : y;
  g.output('one', g.Slice(g.Reshape(result, [-1]), [0], [1]));
  return encodeTrial(g, name, options);
}

/** Inputs whose elements are known (axes, sizes) are constants in the trial too. */
function trialInput(g: Builder, input: Value, index: number): Value {
  const known = constantOf(input);
  return known ? g.constant(known) : g.input(`x${index}`, input.dtype, input.dims);
}

function constantOf(input: Value): HostTensor | undefined {
  const elements = input.type?.elements;
  if (input.dtype !== 'int64' || !elements?.every((element) => typeof element === 'number')) return undefined;
  return hostTensor(
    'int64',
    input.dims,
    BigInt64Array.from(elements, (element) => BigInt(element)),
  );
}

function only(values: readonly Value[]): Value {
  const [value] = values;
  if (value === undefined) throw new Error('The node has no result.');
  return value;
}

function encodeTrial(g: Builder, name: string, options: TuningOptions): Uint8Array {
  const choose = (node: GraphNode): string | undefined =>
    formulations[node.op]?.some((one) => one.name === name) ? name : undefined;
  return encodeModel(encodeGraph(lower(g.build('trial'), { block: options.block, choose })));
}

function largestGap(candidate: ArrayLike<number>, plain: ArrayLike<number>): number {
  let gap = 0;
  let size = 0;
  for (let k = 0; k < plain.length; k++) {
    const value = plain[k] ?? NaN;
    const difference = Math.abs(value - (candidate[k] ?? NaN));
    if (!(difference <= gap)) gap = Number.isNaN(difference) ? Infinity : difference;
    if (Math.abs(value) > size) size = Math.abs(value);
  }
  return size === 0 ? gap : gap / size;
}
