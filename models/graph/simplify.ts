/** Rewrites that leave every number as it is (up to the sign of a zero in x + 0): one small rule an operator. */
import { dtypeOfNumber } from '../tensor/dtype';
import { elementCount, numbersOf } from '../tensor/host-tensor';
import { broadcastShapes, equalDims, isStatic, type Shape } from '../tensor/shape';
import type { Builder } from './builder-type';
import { removeDeadNodes } from './dead-nodes';
import type { Graph, GraphNode, Value } from './ir';
import { rewriteNodes } from './lower-composites';
import { dimsOf, toHostTensor } from './tensors';

/** The graph without steps that do nothing or undo each other, and without what is then unused. */
export function simplify(graph: Graph): Graph {
  let current = graph;
  for (;;) {
    let count = 0;
    const { constants } = current;
    const next = rewriteNodes(current, (g, node) => {
      const value = simpler({ g, node, constants });
      if (value !== undefined) count += 1;
      return value && [value];
    });
    current = removeDeadNodes(next);
    if (count === 0) return current; // every rule leaves fewer nodes on the way, so this ends
  }
}

interface Site {
  readonly g: Builder;
  readonly node: GraphNode;
  readonly constants: Graph['constants'];
}

/** A value equal to the node's only result; undefined where no rule fits. */
type Rule = (site: Site, y: Value, a: Value, b: Value | undefined) => Value | undefined;

function simpler(site: Site): Value | undefined {
  const { node } = site;
  const [y, ...others] = node.outputs;
  const [a, b] = node.inputs;
  if (node.domain !== '' || node.stopsGradient === true || !y?.type || !a?.type || others.length > 0) return undefined;
  for (const rule of rules[node.op] ?? []) {
    const value = rule(site, y, a, b?.type ? b : undefined);
    if (value !== undefined) return value;
  }
  return undefined;
}

const itself: Rule = (_, __, a) => a;
const ifAlone: Rule = ({ node }, _, a) => (node.inputs.length === 1 ? a : undefined);

/** a where b is `number` everywhere: a + 0, a * 1. */
const rightNeutral =
  (number: number): Rule =>
  (site, y, a, b) =>
    b && uniform(site, b) === number && haveEqualTypes(a, y) ? a : undefined;
const neutral =
  (number: number): Rule =>
  (site, y, a, b) =>
    rightNeutral(number)(site, y, a, b) ?? (b && rightNeutral(number)(site, y, b, a));

/** Broadcasting does what Expand did. */
const withoutExpand: Rule = ({ g, node }, y, a, b) => {
  if (b === undefined) return undefined;
  const [left, right] = [sourceOf(g, a, 'Expand') ?? a, sourceOf(g, b, 'Expand') ?? b];
  for (const [first, second] of [
    [left, right],
    [left, b],
    [a, right],
  ] as const) {
    const isShorter = first !== a || second !== b;
    const shape = broadcastShapes(first.shape, second.shape);
    if (isShorter && shape && haveEqualShapes(shape, y.shape)) return again(g, node, [first, second]);
  }
  return undefined;
};

const isReshaping = ['Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'];

/** Only the first and the last shape of a chain count. */
const reshaped: Rule = ({ g }, y, a) => {
  if (haveEqualTypes(a, y)) return a;
  const node = g.producer(a);
  const [source] = node?.inputs ?? [];
  if (!node || !source?.type || !isReshaping.includes(node.op)) return undefined;
  if (haveEqualTypes(source, y)) return source;
  return isStatic(y.shape) && isStatic(source.shape)
    ? g.Reshape(source, g.ints(y.shape), y.shape.includes(0) ? { allowzero: 1 } : {})
    : undefined;
};

const transposed: Rule = ({ g, node }, _, a) => {
  const perm = permutationOf(node, a.rank);
  if (perm.every((axis, at) => axis === at)) return a;
  const inner = g.producer(a);
  const source = sourceOf(g, a, 'Transpose');
  if (!inner || !source) return undefined;
  const first = permutationOf(inner, a.rank);
  return g.Transpose(source, { perm: perm.map((axis) => first[axis] ?? axis) });
};

const expanded: Rule = ({ g }, y, a) => {
  if (haveEqualTypes(a, y)) return a;
  const source = sourceOf(g, a, 'Expand');
  return source && isStatic(y.shape) ? g.Expand(source, y.shape) : undefined;
};

const doubleNegation: Rule = ({ g }, _, a) => sourceOf(g, a, 'Neg');
const addNegative: Rule = ({ g }, _, a, b) => {
  const right = b && sourceOf(g, b, 'Neg');
  return right && g.Sub(a, right);
};
const subtractNegative: Rule = ({ g }, _, a, b) => {
  const right = b && sourceOf(g, b, 'Neg');
  return right && g.Add(a, right);
};
const sameType: Rule = (_, y, a) => (y.dtype === a.dtype ? a : undefined);
const noPadding: Rule = ({ g }, _, a, b) => (g.integersOf(b)?.every((amount) => amount === 0) === true ? a : undefined);
const notTraining: Rule = ({ node }, _, a) => (node.inputs[2] === undefined ? a : undefined);

const rules: Readonly<Record<string, readonly Rule[] | undefined>> = {
  Identity: [itself],
  Dropout: [notTraining],
  Sum: [ifAlone],
  Mean: [ifAlone],
  Max: [ifAlone],
  Min: [ifAlone],
  Concat: [ifAlone],
  Add: [neutral(0), addNegative, withoutExpand],
  Sub: [rightNeutral(0), subtractNegative, withoutExpand],
  Mul: [neutral(1), withoutExpand],
  Div: [rightNeutral(1), withoutExpand],
  Pow: [rightNeutral(1), withoutExpand],
  Equal: [withoutExpand],
  Greater: [withoutExpand],
  Less: [withoutExpand],
  Neg: [doubleNegation],
  Cast: [sameType],
  Pad: [noPadding],
  Expand: [expanded],
  Transpose: [transposed],
  Reshape: [reshaped],
  Squeeze: [reshaped],
  Unsqueeze: [reshaped],
  Flatten: [reshaped],
};

/** The number that a value holds everywhere: a constant of one element, also expanded or in another shape. */
function uniform({ g, constants }: Pick<Site, 'g' | 'constants'>, value: Value): number | undefined {
  const tensor = constants.get(value);
  if (tensor) {
    const isOne = elementCount(dimsOf(tensor)) === 1 && dtypeOfNumber(tensor.dataType) !== 'string';
    return isOne && tensor.externalData.length === 0 ? numbersOf(toHostTensor(tensor))[0] : undefined;
  }
  const node = g.producer(value);
  const [source] = node?.inputs ?? [];
  const isSpread = node && source && [...isReshaping, 'Expand'].includes(node.op);
  return isSpread ? uniform({ g, constants }, source) : undefined;
}

/** What the maker of `value` was applied to, where that is a plain node of the given operator. */
function sourceOf(g: Builder, value: Value, op: string): Value | undefined {
  const node = g.producer(value);
  const [source] = node?.inputs ?? [];
  return node?.op === op && node.domain === '' && node.stopsGradient !== true && source?.type ? source : undefined;
}

function again(g: Builder, node: GraphNode, inputs: readonly Value[]): Value | undefined {
  return g.node({ op: node.op, inputs, attributes: node.attributes })[0];
}

function permutationOf(node: GraphNode, rank: number): readonly number[] {
  const { perm } = node.attributes;
  return Array.isArray(perm) ? perm.map(Number) : Array.from({ length: rank }, (_, axis) => rank - 1 - axis);
}

function haveEqualTypes(a: Value, b: Value): boolean {
  return a.dtype === b.dtype && haveEqualShapes(a.shape, b.shape);
}

function haveEqualShapes(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, axis) => equalDims(dim, b[axis] ?? -1));
}
