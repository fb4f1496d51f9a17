/** The ONNX project's cases as graphs in memory: written again they compute the same, and inferred types are those of the runtime. */
import { create } from '@bufbuild/protobuf';
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { conformanceCases, conformanceInputs } from '../testing/conformance-cases';
import { runOutputs } from '../testing/run-outputs';
import { decodeModel } from './decode';
import { decodeGraph } from './decode-graph';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { shapeText } from '../tensor/shape';
import { mergeCommonSubexpressions } from './common-subexpressions';
import { removeDeadNodes } from './dead-nodes';
import { type Graph, presentOutputs, Value } from './ir';
import { lowerComposites } from './lower-composites';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  SparseTensorProtoSchema,
} from './proto/onnx_pb';
import { toHostTensor, toTensorProto } from './tensors';
import { simplify } from './simplify';
import { upgradeGraph } from './upgrade';

afterAll(() => expect(liveSessions()).toBe(0));

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

class Counts {
  private readonly counts = new Map<string, number>();

  add(kind: string): void {
    this.counts.set(kind, this.of(kind) + 1);
  }

  of(kind: string): number {
    return this.counts.get(kind) ?? 0;
  }

  toString(): string {
    return [...this.counts].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${kind} ${count}`).join(', '); // prettier-ignore
  }
}

/** Cases that the runtime computes: with their inputs and the outputs of the original file. */
async function computed(
  counts: Counts,
): Promise<
  { name: string; bytes: Uint8Array; feeds: Record<string, HostTensor>; expected: Record<string, HostTensor> }[]
> {
  // prettier-ignore
  const list = [];
  for (const { name, bytes } of conformanceCases()) {
    const feeds = conformanceInputs({ name, bytes });
    if (typeof feeds === 'string') {
      counts.add(`(${feeds})`);
      continue;
    }
    try {
      list.push({ name, bytes, feeds, expected: await runOutputs(bytes, feeds) });
    } catch {
      counts.add('(the runtime refuses the original)');
    }
  }
  return list;
}

/** Every typed result as an output of its own. */
function probed(graph: Graph): Graph {
  const values = graph.nodes.flatMap(presentOutputs).filter((value) => value.type !== undefined);
  return { ...graph, outputs: values.map((value, k) => ({ name: `probe.${k}`, value })) };
}

/** Where inference promised something else than the runtime gave. */
function wrongTypes({ outputs }: Graph, results: Record<string, HostTensor>): string[] {
  return outputs.flatMap(({ name, value }) => {
    const { dtype, dims } = results[name]!;
    const { type } = value;
    const fits = !type || (type.dtype === dtype && type.shape.length === dims.length && dims.every((size, k) => typeof type.shape[k] === 'string' || type.shape[k] === size)); // prettier-ignore
    return fits ? [] : [`${value.name} is ${dtype} [${dims.join()}], not ${type.dtype} ${shapeText(type.shape)}`];
  });
}

/** Equal up to the rounding of another kernel: newer versions of an operator may add in another order. */
function differences(
  results: Record<string, HostTensor>,
  expected: Record<string, HostTensor>,
  relative: number,
): string[] {
  return Object.entries(expected).flatMap(([name, wanted]) => {
    const got = results[name];
    if (got?.dtype !== wanted.dtype || got.dims.join() !== wanted.dims.join()) return [`${name} has another type`];
    if (got.dtype === 'string' || wanted.dtype === 'string')
      return got.data.join() === wanted.data.join() ? [] : [name];
    const numbers = numbersOf(got);
    const isClose = numbersOf(wanted).every((value, k) => Object.is(value, numbers[k]) || Math.abs(value - numbers[k]!) <= relative * (1 + Math.abs(value))); // prettier-ignore
    return isClose ? [] : [`${name} has other numbers`];
  });
}

const isRandom = (name: string): boolean => /bernoulli|randomuniform|dropout.*training|training_dropout/.test(name);

test('every case, sequences and refused ones too, comes back as the same graph', () => {
  for (const { name, bytes } of conformanceCases()) {
    const once = encodeModel(encodeGraph(decodeGraph(decodeModel(bytes))));
    const twice = encodeModel(encodeGraph(decodeGraph(decodeModel(once))));
    expect(Buffer.compare(once, twice), name).toBe(0);
  }
});

test('metadata, functions, sequences and sparse constants survive', () => {
  const tensor = hostTensor('float32', [2], Float32Array.of(5, 7));
  const sparse = create(SparseTensorProtoSchema, {
    values: toTensorProto('w', tensor),
    indices: toTensorProto('', hostTensor('int64', [2, 2], BigInt64Array.of(0n, 1n, 1n, 2n))),
    dims: [2n, 3n],
  });
  const flat = { ...sparse, indices: toTensorProto('', hostTensor('int64', [2], BigInt64Array.of(1n, 5n))) };
  for (const stored of [sparse, flat]) {
    const graph = decodeGraph(
      create(ModelProtoSchema, {
        metadataProps: [{ key: 'author', value: 'me' }],
        opsetImport: [{ domain: '', version: 21n }],
        graph: {
          input: [{ name: 's', type: { value: { case: 'sequenceType', value: {} } } }],
          output: [{ name: 'w' }],
          sparseInitializer: [stored],
        },
      }),
    );
    const again = encodeGraph(lowerComposites(graph));
    expect(again.metadataProps[0]).toMatchObject({ key: 'author', value: 'me' });
    expect(again.graph?.input[0]?.type?.value.case).toBe('sequenceType');
    expect(numbersOf(toHostTensor(again.graph!.initializer[0]!))).toEqual([0, 5, 0, 0, 0, 7]);
  }
});

test('what a branch uses stays alive, and follows when it gets another name', async () => {
  const branch = (op: string): AttributeProto =>
    create(AttributeProtoSchema, {
      name: `${op === 'Neg' ? 'then' : 'else'}_branch`,
      type: AttributeProto_AttributeType.GRAPH,
      g: { name: op, node: [{ opType: op, input: ['used'], output: [`${op}.y`] }], output: [{ name: `${op}.y` }] },
    });
  const x = new Value('x', { dtype: 'float32', shape: [2] });
  const flag = new Value('flag', { dtype: 'bool', shape: [] });
  const used = new Value('used', { dtype: 'float32', shape: [2] });
  const y = new Value('y', undefined);
  const node = { domain: '', attributes: {} };
  const graph: Graph = {
    name: 'branches',
    inputs: [x, flag],
    outputs: [{ name: 'result', value: y }, { name: 'also', value: used }], // prettier-ignore
    constants: new Map(),
    opsets: new Map([['', 21]]),
    nodes: [
      { ...node, op: 'Exp', name: 'exp', inputs: [x], outputs: [used] },
      {
        ...node,
        op: 'If',
        name: 'if',
        inputs: [flag],
        outputs: [y],
        attributes: { then_branch: branch('Neg'), else_branch: branch('Abs') },
        captures: [{ name: 'used', value: used }],
      },
    ],
  };
  const alone = { ...graph, outputs: graph.outputs.slice(0, 1) };
  expect(removeDeadNodes(alone).nodes).toHaveLength(2);
  const feeds = {
    x: hostTensor('float32', [2], Float32Array.of(0, 1)),
    flag: hostTensor('bool', [], Uint8Array.of(1)),
  };
  const results = await runOutputs(encodeModel(encodeGraph(lowerComposites(graph))), feeds);
  expect(numbersOf(results['result']!)).toEqual(numbersOf(results['also']!).map((value) => -value));
});

test('every case computes the same once it is written again, and inferred types hold', async () => {
  const problems: string[] = [];
  const counts = new Counts();
  const unknown = new Counts();
  for (const { name, bytes, feeds, expected } of await computed(counts)) {
    const graph = decodeGraph(decodeModel(bytes));
    const results = await runOutputs(encodeModel(encodeGraph(graph)), feeds);
    const probes = probed(graph);
    const inner = graph.nodes.length > 1 ? wrongTypes(probes, await runOutputs(encodeModel(encodeGraph(probes)), feeds)) : []; // prettier-ignore
    const found = [
      ...(isRandom(name) ? [] : differences(results, expected, 0)),
      ...wrongTypes(graph, results),
      ...inner,
    ];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
    for (const { op, outputs } of graph.nodes) if (outputs.some((output) => output && !output.type)) unknown.add(op);
    counts.add('equal');
  }
  say(`${counts.toString()}; results without a type, by operator: ${unknown.toString()}`);
  expect(problems).toEqual([]);
  expect(counts.of('equal')).toBeGreaterThan(950);
}, 240_000);

test('every case of an older set computes the same in set 21, also after the passes', async () => {
  const problems: string[] = [];
  const counts = new Counts();
  const refused = new Counts();
  for (const { name, bytes, feeds, expected } of await computed(counts)) {
    const graph = decodeGraph(decodeModel(bytes));
    let upgraded: Graph;
    try {
      upgraded = upgradeGraph(graph);
    } catch (error) {
      refused.add(messageOf(error).replace(/\("[^"]*"\) /g, '')); // prettier-ignore
      continue;
    }
    let results: Record<string, HostTensor>;
    try {
      results = await runOutputs(encodeModel(encodeGraph(upgraded)), feeds);
    } catch (error) {
      problems.push(`${name}: ${messageOf(error)}`);
      continue;
    }
    const shorter = mergeCommonSubexpressions(simplify(upgraded));
    const passed = shorter.nodes.length < upgraded.nodes.length ? await runOutputs(encodeModel(encodeGraph(shorter)), feeds) : results; // prettier-ignore
    if (passed !== results) counts.add('shortened');
    const found = [
      ...(isRandom(name) ? [] : [...differences(results, expected, 1e-5), ...differences(passed, expected, 1e-5)]),
      ...wrongTypes(upgraded, results),
      ...wrongTypes(shorter, passed),
    ];
    problems.push(...found.map((problem) => `${name}: ${problem}`));
    counts.add('equal');
  }
  say(`${counts.toString()}; refused: ${refused.toString()}`);
  expect(problems).toEqual([]);
  expect(counts.of('equal')).toBeGreaterThan(950);
}, 240_000);
