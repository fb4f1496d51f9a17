/** A Loop in a graph under construction: the same small graph again and again, its results fed back to it. */
import { create } from '@bufbuild/protobuf';
import { ModelError } from '../errors';
import { hostTensor } from '../tensor/host-tensor';
import type { Builder } from './builder-type';
import { encodeGraph } from './encode-graph';
import { type Graph, Value } from './ir';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from './proto/onnx_pb';
import { prefixNames } from './rename';
import { valueInfo } from './values';

/** The body's input that counts the rounds from 0, int64 []. */
export const roundName = 'round';
const goesOnName = 'goes_on';

/** Before the name of a carried value: what the body gives for the next round. */
const nextPrefix = 'next.';

/**
 * Runs `body` `rounds` (int64 []) times. Its inputs are `round` and the carried values by name, its outputs `next.NAME`; a value without an
 * output stays as it is. Returns the carried values after the last round, by name.
 * @throws ModelError `graph/invalid` where an output of the body has no start of its type.
 */
export function loop(
  g: Builder,
  rounds: Value,
  carried: Readonly<Record<string, Value>>,
  body: Graph,
): Record<string, Value> {
  for (const { name, value } of body.outputs) {
    if (carried[name.slice(nextPrefix.length)]?.dtype === value.dtype) continue;
    throw new ModelError('graph/invalid', `The loop's result "${name}" (${value.dtype}) has no start of its type.`);
  }
  const entries = Object.entries(carried);
  const results = entries.map(([name, value]) => [name, new Value(`${body.name}.${name}`, value.type)] as const);
  const attribute = create(AttributeProtoSchema, {
    name: 'body',
    type: AttributeProto_AttributeType.GRAPH,
    g: bodyOf(body, entries),
  });
  g.keep({
    op: 'Loop',
    domain: '',
    name: body.name,
    inputs: [rounds, g.constant(hostTensor('bool', [], Uint8Array.of(1))), ...Object.values(carried)],
    outputs: results.map(([, value]) => value),
    attributes: { body: attribute },
    captures: [],
  });
  return Object.fromEntries(results);
}

/** Round, condition and carried values in; condition and next values out, as the operator wants it. */
function bodyOf(body: Graph, carried: readonly (readonly [string, Value])[]): GraphProto {
  const prefix = `${body.name}/`;
  const { node, initializer, output } = encodeGraph(body).graph ?? create(GraphProtoSchema);
  const inner = prefixNames(create(GraphProtoSchema, { node, initializer }), prefix);
  const given = new Set(output.map(({ name }) => name));
  const copy = (from: string, to: string): NodeProto =>
    create(NodeProtoSchema, { opType: 'Identity', input: [from], output: [to], name: to });
  const goesOn = `${prefix}${goesOnName}`;
  const resultOf = (name: string): string => `${prefix}${nextPrefix}${name}`;
  const kept = carried.filter(([name]) => !given.has(nextPrefix + name));
  return create(GraphProtoSchema, {
    name: body.name,
    input: [
      valueInfo(prefix + roundName, 'int64', []),
      valueInfo(goesOn, 'bool', []),
      ...carried.map(([name, { dtype, shape }]) => valueInfo(prefix + name, dtype, shape)),
    ],
    node: [...inner.node, copy(goesOn, `${goesOn}.next`), ...kept.map(([name]) => copy(prefix + name, resultOf(name)))],
    initializer: inner.initializer,
    output: [
      valueInfo(`${goesOn}.next`, 'bool', []),
      ...carried.map(([name, { dtype, shape }]) => valueInfo(resultOf(name), dtype, shape)),
    ],
  });
}
