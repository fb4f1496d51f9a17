/** Rewriting passes: what they leave (as text), and that the runtime computes the same before and after. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { type HostTensor, hostTensor } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { runOutputs } from '../testing/run-outputs';
import { bindSymbols } from './bind-symbols';
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { mergeCommonSubexpressions } from './common-subexpressions';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import type { Graph, Value } from './ir';
import { printGraph } from './print-graph';
import { simplify } from './simplify';

afterAll(() => expect(liveSessions()).toBe(0));

const x: HostTensor = hostTensor('float32', [2, 3, 1], normals({ seed: 3, stream: 0 }, 6));

function graphOf(build: (g: Builder, x: Value) => Readonly<Record<string, Value>>): Graph {
  const g = createBuilder();
  for (const [name, value] of Object.entries(build(g, g.input('x', 'float32', x.dims)))) g.output(name, value);
  return g.build('test');
}

/** Runs both graphs on the same numbers; results must be equal bit by bit. */
async function expectEqualRuns(before: Graph, after: Graph): Promise<void> {
  const run = (graph: Graph) => runOutputs(encodeModel(encodeGraph(graph)), { x });
  expect(await run(after)).toEqual(await run(before));
}

test('equal nodes and equal constants become one; what differs in an attribute or may be random stays', async () => {
  const before = graphOf((g, v) => {
    const [scale, same] = ['scale', 'same'].map((name) =>
      g.constant(hostTensor('float32', [3, 1], Float32Array.of(1, 2, 3)), name),
    );
    const twice = g.Add(g.Exp(g.Mul(v, scale!)), g.Exp(g.Mul(v, same!)));
    const sums = g.Add(g.ReduceSum(twice, [1]), g.ReduceSum(twice, [1], { keepdims: 1 }));
    const [noise, other] = [1, 2].map(() => g.node({ op: 'RandomNormalLike', inputs: [v] })[0]!);
    return { sums, zero: g.node({ op: 'Mul', inputs: [g.node({ op: 'Sub', inputs: [noise!, other!] })[0], v] })[0]! };
  });
  const after = mergeCommonSubexpressions(before);
  expect(printGraph(after)).toMatchInlineSnapshot(`
    "input x: float32 [2, 3, 1]
    constant scale: float32 [3, 1] = 1 2 3
    constant constant: int64 [1] = 1
    mul: float32 [2, 3, 1] = Mul(x, scale)
    exp: float32 [2, 3, 1] = Exp(mul)
    add: float32 [2, 3, 1] = Add(exp, exp)
    reducesum: float32 [2, 1, 1] = ReduceSum(add, constant)
    reducesum_1: float32 [2, 1, 1] = ReduceSum(add, constant) {keepdims=1}
    add_1: float32 [2, 1, 1] = Add(reducesum, reducesum_1)
    randomnormallike: unknown = RandomNormalLike(x)
    randomnormallike_1: unknown = RandomNormalLike(x)
    sub: unknown = Sub(randomnormallike, randomnormallike_1)
    mul_2: unknown = Mul(sub, x)
    output sums = add_1
    output zero = mul_2
    "
  `);
  const first = (graph: Graph): Graph => ({ ...graph, outputs: graph.outputs.slice(0, 1) });
  await expectEqualRuns(first(before), first(after));
});

test('a node whose gradient is stopped is another than one that passes it', () => {
  const graph = graphOf((g, v) => ({ a: g.Identity(v), b: g.stopGradient(v), c: g.Identity(v) }));
  expect(mergeCommonSubexpressions(graph).nodes).toHaveLength(2);
});

const doing: [string, (g: Builder, v: Value) => Value, string[]][] = [
  ['Identity', (g, v) => g.Exp(g.Identity(g.Identity(v))), ['Exp']],
  ['Identity that names an output', (g, v) => g.Identity(v), []],
  ['stopGradient', (g, v) => g.stopGradient(g.Exp(v)), ['Exp', 'Identity']],
  ['x + 0', (g, v) => g.Exp(g.Add(v, 0)), ['Exp']],
  ['0 + x', (g, v) => g.Exp(g.Add(g.fullLike(v, 0), v)), ['Exp']],
  ['x - 0', (g, v) => g.Exp(g.Sub(v, 0)), ['Exp']],
  ['0 - x', (g, v) => g.Sub(g.floats([0], []), v), ['Sub']],
  ['x * 1', (g, v) => g.Exp(g.Mul(v, g.fullLike(v, 1))), ['Exp']],
  ['x * 1, wider', (g, v) => g.Mul(v, g.floats([1], [1, 1, 1, 1])), ['Mul']],
  ['x / 1', (g, v) => g.Exp(g.Div(v, 1)), ['Exp']],
  ['1 / x', (g, v) => g.Div(g.floats([1], []), v), ['Div']],
  ['-(-x)', (g, v) => g.Exp(g.Neg(g.Neg(v))), ['Exp']],
  ['a + -b', (g, v) => g.Add(g.Exp(v), g.Neg(v)), ['Exp', 'Sub']],
  ['a - -b', (g, v) => g.Sub(g.Exp(v), g.Neg(v)), ['Exp', 'Add']],
  [
    'Transpose there and back',
    (g, v) => g.Exp(g.Transpose(g.Transpose(v, { perm: [1, 2, 0] }), { perm: [2, 0, 1] })),
    ['Exp'],
  ],
  ['Transpose twice', (g, v) => g.Transpose(g.Transpose(v, { perm: [1, 2, 0] }), { perm: [0, 2, 1] }), ['Transpose']],
  ['Transpose by nothing', (g, v) => g.Exp(g.Transpose(v, { perm: [0, 1, 2] })), ['Exp']],
  ['Reshape twice', (g, v) => g.Reshape(g.Reshape(v, [3, 2]), [6]), ['Reshape']],
  ['Reshape there and back', (g, v) => g.Exp(g.Unsqueeze(g.Squeeze(v, [2]), [-1])), ['Exp']],
  ['Cast to the same type', (g, v) => g.Exp(g.Cast(v, { to: 1 })), ['Exp']],
  ['Cast there and back', (g, v) => g.Cast(g.Cast(v, { to: 7 }), { to: 1 }), ['Cast', 'Cast']],
  ['Expand to its own shape', (g, v) => g.Exp(g.Expand(v, [2, 3, 1])), ['Exp']],
  ['Expand twice', (g, v) => g.Expand(g.Expand(v, [2, 3, 2]), [4, 2, 3, 2]), ['Expand']],
  ['times an expanded number', (g, v) => g.Mul(v, g.fullLike(v, 5)), ['Mul']],
  ['times what widens it', (g, v) => g.Mul(v, g.Expand(g.floats([5], []), [2, 3, 4])), ['Expand', 'Mul']],
  ['both expanded', (g, v) => g.Mul(g.Expand(v, [2, 3, 4]), g.Expand(g.floats([1, 2, 3, 4]), [2, 3, 4])), ['Mul']],
  ['Pad by nothing', (g, v) => g.Exp(g.Pad(v, [0, 0, 0, 0, 0, 0])), ['Exp']],
  ['Concat of one', (g, v) => g.Exp(g.Concat(v, { axis: 0 })), ['Exp']],
  ['Dropout outside training', (g, v) => g.Exp(g.Dropout(v)), ['Exp']],
];

test.each(doing)('simplify: %s', async (_, build, left) => {
  const before = graphOf((g, v) => ({ y: build(g, v) }));
  const after = simplify(before);
  expect(after.nodes.map((node) => node.op)).toEqual(left);
  expect(after.outputs[0]!.value.shape).toEqual(before.outputs[0]!.value.shape);
  await expectEqualRuns(before, after);
});

test('symbols get sizes, and what was computed from sizes is constant', async () => {
  const g = createBuilder();
  const v = g.input('x', 'float32', ['batch', 3, 'width']);
  const rows = g.Mul(g.Squeeze(g.Slice(g.Shape(v), [0], [1]), [0]), g.ints([3], []));
  const target = g.Concat(g.Unsqueeze(rows, [0]), g.Shape(v, { start: 2 }), { axis: 0 });
  g.output('flat', g.Reshape(v, target));
  g.output('mean', g.ReduceMean(v, [0]));
  const before = g.build('symbols');
  expect(printGraph(before)).toMatchInlineSnapshot(`
    "input x: float32 [batch, 3, width]
    constant constant: int64 [1] = 0
    constant constant_1: int64 [1] = 1
    constant constant_2: int64 [] = 3
    shape: int64 [3] = Shape(x)
    slice: int64 [1] = Slice(shape, constant, constant_1)
    squeeze: int64 [] = Squeeze(slice, constant)
    mul: int64 [] = Mul(squeeze, constant_2)
    unsqueeze: int64 [1] = Unsqueeze(mul, constant)
    shape_1: int64 [1] = Shape(x) {start=2}
    concat: int64 [2] = Concat(unsqueeze, shape_1) {axis=0}
    reshape: float32 [3*batch, width] = Reshape(x, concat)
    reducemean: float32 [1, 3, width] = ReduceMean(x, constant)
    output flat = reshape
    output mean = reducemean
    "
  `);
  const after = bindSymbols(before, { batch: 2 });
  expect(printGraph(after)).toMatchInlineSnapshot(`
    "input x: float32 [2, 3, width]
    constant constant: int64 [1] = 0
    constant unsqueeze_1: int64 [1] = 6
    shape_1: int64 [1] = Shape(x) {start=2}
    concat: int64 [2] = Concat(unsqueeze_1, shape_1) {axis=0}
    reshape: float32 [6, width] = Reshape(x, concat)
    reducemean: float32 [1, 3, width] = ReduceMean(x, constant)
    output flat = reshape
    output mean = reducemean
    "
  `);
  const all = bindSymbols(after, { width: 1 });
  expect(all.nodes.map((node) => node.op)).toEqual(['Reshape', 'ReduceMean']);
  await expectEqualRuns(before, after);
  await expectEqualRuns(before, all);
});

test('binding refuses symbols that are not there and sizes that do not fit', () => {
  const g = createBuilder();
  g.output('y', g.Add(g.input('a', 'float32', ['n']), g.input('b', 'float32', ['m'])));
  const graph = g.build('two');
  expect(() => bindSymbols(graph, { batch: 2 })).toThrow('The symbols of the inputs are: n, m.');
  expect(() => bindSymbols(graph, { n: 1.5 })).toThrow('cannot be 1.5');
  expect(() => bindSymbols(graph, { n: 2, m: 3 })).toThrow(/Add\(a float32 \[2\], b float32 \[3\]\)/);
});
