/**
 * Several steps in one call: the step program becomes the body of a Loop, through which weights and state travel inside the runtime. The
 * Node binding copies every output of a call, which for a small network takes as long as half a step.
 */
import { create } from '@bufbuild/protobuf';
import { createBuilder } from '../graph/builder';
import type { Builder } from '../graph/builder-type';
import { encodeGraph } from '../graph/encode-graph';
import { type Graph, Value } from '../graph/ir';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
} from '../graph/proto/onnx_pb';
import { prefixNames } from '../graph/rename';
import { valueInfo } from '../graph/values';
import { hostTensor } from '../tensor/host-tensor';

const prefix = 'body.';
const carriedPrefix = 'next.';
const trip = 'loop.trip';
const goesOnName = 'loop.goes_on';

/**
 * The model that takes `count` steps. Inputs named `step` (the first one's number) and `seed` stay scalars, weights and state keep their
 * shapes; every other input gets a leading axis of `count`, one entry a step, and so do the results: losses [count].
 * `lowered` is a step program's graph in operators that the runtime has.
 */
export function repeatSteps(lowered: Graph, slots: readonly { readonly name: string }[], count: number): ModelProto {
  const single = encodeGraph(lowered);
  const inner = prefixNames(single.graph ?? create(GraphProtoSchema), prefix);
  const carried = lowered.outputs.filter(({ name }) => name.startsWith(carriedPrefix));
  const reported = lowered.outputs.filter(({ name }) => !name.startsWith(carriedPrefix));
  const isSlot = new Set(slots.map((slot) => slot.name));
  const g = createBuilder({
    name: lowered.name,
    inputs: [],
    outputs: [],
    nodes: [],
    constants: new Map(),
    opsets: lowered.opsets,
  });
  const outer = new Map(
    lowered.inputs.map((input) => [input.name, outerInput(g, input, count, isSlot.has(input.name))]),
  );
  const starts = carried.map(({ name }) => outer.get(name.slice(carriedPrefix.length)));
  const results = [
    ...carried.map(({ name, value }) => new Value(name, value.type)),
    ...reported.map(({ name, value }) => new Value(name, { dtype: value.dtype, shape: [count, ...value.shape] })),
  ];
  const trips = g.constant(hostTensor('int64', [], BigInt64Array.of(BigInt(count))));
  const goesOn = g.constant(hostTensor('bool', [], Uint8Array.of(1)));
  const body = create(AttributeProtoSchema, {
    name: 'body',
    type: AttributeProto_AttributeType.GRAPH,
    g: loopBody({
      inner,
      inputs: lowered.inputs,
      slots: [...isSlot],
      carried: carried.map(({ name }) => name),
      reported: reported.map(({ name }) => name),
    }),
  });
  g.keep({
    op: 'Loop',
    domain: '',
    name: 'steps',
    inputs: [trips, goesOn, ...starts],
    outputs: results,
    attributes: { body },
    captures: [...outer.values()].map((value) => ({ name: value.name, value })),
  });
  for (const value of results) g.output(value.name, value);
  return encodeGraph(g.build(lowered.name));
}

const isShared = (name: string): boolean => name === 'step' || name === 'seed';

function outerInput(g: Builder, input: Value, count: number, isCarried: boolean): Value {
  const shape = isCarried || isShared(input.name) ? input.shape : [count, ...input.shape];
  return g.input(input.name, input.dtype, shape);
}

interface LoopParts {
  readonly inner: GraphProto;
  readonly inputs: readonly Value[];
  readonly slots: readonly string[];
  readonly carried: readonly string[];
  readonly reported: readonly string[];
}

/** The body: trip number, condition and carried values in; condition, carried values and results out. The rest it takes from outside. */
function loopBody({ inner, inputs, slots, carried, reported }: LoopParts): GraphProto {
  const names = new Set(carried.map((name) => name.slice(carriedPrefix.length)));
  const uncarried = new Set(slots.filter((name) => !names.has(name)));
  const info = new Map([...inner.input, ...inner.output].map((value) => [value.name, value]));
  const infoOf = (name: string): ValueInfoProto[] => [info.get(prefix + name)].filter((value) => value !== undefined);
  const node = (opType: string, input: string[], output: string): NodeProto =>
    create(NodeProtoSchema, { opType, input, output: [output], name: output });
  const taken = inputs
    .filter(({ name }) => !names.has(name))
    .map(({ name }) => {
      if (name === 'step') return node('Add', [name, trip], prefix + name);
      const isOneForAll = name === 'seed' || uncarried.has(name);
      return isOneForAll ? node('Identity', [name], prefix + name) : node('Gather', [name, trip], prefix + name);
    });
  return create(GraphProtoSchema, {
    name: 'step',
    input: [valueInfo(trip, 'int64', []), valueInfo(goesOnName, 'bool', []), ...[...names].flatMap(infoOf)],
    node: [...taken, ...inner.node, node('Identity', [goesOnName], `${goesOnName}.then`)],
    initializer: inner.initializer,
    output: [valueInfo(`${goesOnName}.then`, 'bool', []), ...carried.flatMap(infoOf), ...reported.flatMap(infoOf)],
  });
}
