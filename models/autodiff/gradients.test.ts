/** Reverse mode as a whole: the graph it makes, where gradients add up, stop, vanish or are missing, and gradients of gradients. */
import { afterAll, expect, test } from 'vitest';
import { createBuilder } from '../graph/builder';
import type { Builder } from '../graph/builder-type';
import { decodeModel } from '../graph/decode';
import { decodeGraph } from '../graph/decode-graph';
import { removeDeadNodes } from '../graph/dead-nodes';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import type { Value } from '../graph/ir';
import { mergeCommonSubexpressions } from '../graph/common-subexpressions';
import { printGraph } from '../graph/print-graph';
import { simplify } from '../graph/simplify';
import { promoteConstants } from '../graph/trainable-constants';
import { liveSessions } from '../runtime/session';
import { type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals } from '../tensor/random';
import { gradientCase, gradientError } from '../testing/check-gradient';
import { evaluate } from '../testing/evaluate';
import { runOutputs } from '../testing/run-outputs';
import { gradients } from './gradients';

afterAll(() => expect(liveSessions()).toBe(0));

const vector = (...values: number[]): HostTensor => hostTensor('float32', [values.length], Float32Array.from(values));

/** Gradient of a function's sum at x, as numbers. */
async function slope(x: HostTensor, build: (g: Builder, x: Value) => Value): Promise<number[]> {
  const { dx } = await evaluate({ x }, (g, { x: v }) => ({ dx: gradients(g, build(g, v!), [v!])[0]! }));
  return numbersOf(dx!);
}

/** Gemm, Relu, Gemm, softmax cross-entropy against one-hot targets. */
function perceptron(g: Builder): { loss: Value; weights: Value[] } {
  const x = g.input('x', 'float32', ['batch', 4]);
  const target = g.input('target', 'float32', ['batch', 3]);
  const shapes = { w1: [4, 5], b1: [5], w2: [5, 3], b2: [3] };
  const [w1, b1, w2, b2] = Object.entries(shapes).map(([name, shape]) => g.input(name, 'float32', shape)) as [Value, Value, Value, Value]; // prettier-ignore
  const hidden = g.Relu(g.Gemm(x, w1, b1));
  const logits = g.Gemm(hidden, w2, b2);
  const perRow = g.ReduceSum(g.Mul(g.LogSoftmax(logits), target), [-1], { keepdims: 0 });
  return { loss: g.Neg(g.ReduceMean(perRow, undefined, { keepdims: 0 })), weights: [w1, b1, w2, b2] };
}

test('the backward pass of a perceptron, any batch size', () => {
  const g = createBuilder();
  const { loss, weights } = perceptron(g);
  g.output('loss', loss);
  gradients(g, loss, weights).forEach((gradient, k) => g.output(`d.${weights[k]!.name}`, gradient));
  expect(printGraph(mergeCommonSubexpressions(simplify(g.build('mlp'))))).toMatchInlineSnapshot(`
    "input x: float32 [batch, 4]
    input target: float32 [batch, 3]
    input w1: float32 [4, 5]
    input b1: float32 [5]
    input w2: float32 [5, 3]
    input b2: float32 [3]
    constant constant: int64 [1] = -1
    constant constant_1: float32 [] = 1
    constant constant_2: int64 [1] = 0
    constant constant_3: int64 [1] = 1
    constant constant_5: float32 [] = 0
    gemm: float32 [batch, 5] = Gemm(x, w1, b1)
    relu: float32 [batch, 5] = Relu(gemm)
    gemm_1: float32 [batch, 3] = Gemm(relu, w2, b2)
    logsoftmax: float32 [batch, 3] = LogSoftmax(gemm_1)
    mul: float32 [batch, 3] = Mul(logsoftmax, target)
    reducesum: float32 [batch] = ReduceSum(mul, constant) {keepdims=0}
    reducemean: float32 [] = ReduceMean(reducesum) {keepdims=0}
    neg: float32 [] = Neg(reducemean)
    backward/neg: float32 [] = Neg(constant_1)
    backward/size: int64 [] = Size(reducesum)
    backward/size_1: int64 [] = Size(reducemean)
    backward/div: int64 [] = Div(backward/size, backward/size_1)
    backward/cast: float32 [] = Cast(backward/div) {to=1}
    backward/div_1: float32 [] = Div(backward/neg, backward/cast)
    backward/unsqueeze: float32 [1] = Unsqueeze(backward/div_1, constant_2)
    backward/shape: int64 [1] = Shape(reducesum)
    backward/expand: float32 [batch] = Expand(backward/unsqueeze, backward/shape)
    backward/unsqueeze_1: float32 [batch, 1] = Unsqueeze(backward/expand, constant_3)
    backward/mul/mul: float32 [batch, 3] = Mul(backward/unsqueeze_1, target)
    backward/exp: float32 [batch, 3] = Exp(logsoftmax)
    backward/reducesum: float32 [batch, 1] = ReduceSum(backward/mul/mul, constant)
    backward/mul_2: float32 [batch, 3] = Mul(backward/exp, backward/reducesum)
    backward/sub: float32 [batch, 3] = Sub(backward/mul/mul, backward/mul_2)
    backward/gemm: float32 [batch, 5] = Gemm(backward/sub, w2) {alpha=1, transB=1}
    backward/gemm_1: float32 [5, 3] = Gemm(relu, backward/sub) {alpha=1, transA=1}
    backward/reducesum_1: float32 [3] = ReduceSum(backward/sub, constant_2) {keepdims=0}
    backward/greater: bool [batch, 5] = Greater(relu, constant_5)
    backward/cast_1: float32 [batch, 5] = Cast(backward/greater) {to=1}
    backward/mul_3: float32 [batch, 5] = Mul(backward/gemm, backward/cast_1)
    backward/gemm_3: float32 [4, 5] = Gemm(x, backward/mul_3) {alpha=1, transA=1}
    backward/reducesum_2: float32 [5] = ReduceSum(backward/mul_3, constant_2) {keepdims=0}
    output loss = neg
    output d.w1 = backward/gemm_3
    output d.b1 = backward/reducesum_2
    output d.w2 = backward/gemm_1
    output d.b2 = backward/reducesum_1
    "
  `);
});

test('the gradient of that perceptron, by differences', async () => {
  const check = gradientCase(
    'mlp',
    { x: { dims: [6, 4] }, w1: { dims: [4, 5] }, b1: { dims: [5] }, w2: { dims: [5, 3] }, b2: { dims: [3] } },
    (g, { x, w1, b1, w2, b2 }) => g.LogSoftmax(g.Gemm(g.Tanh(g.Gemm(x, w1, b1)), w2, b2)),
  );
  expect(await gradientError(check)).toBeLessThan(1e-6);
});

test('a value used twice gets the sum', async () => {
  expect(await slope(vector(1, 2, 3), (g, x) => g.Add(g.Mul(x, x), g.Mul(x, 5)))).toEqual([7, 9, 11]);
});

test('independent values get zeros of their shape', async () => {
  const g = createBuilder();
  const [x, y] = ['x', 'y'].map((name) => g.input(name, 'float32', [2, 3])) as [Value, Value];
  const [dx, dy] = gradients(g, g.Exp(x), [x, y]) as [Value, Value];
  expect(dy.shape).toEqual([2, 3]);
  g.output('dy', dy);
  g.output('dx', dx);
  const feeds = {
    x: hostTensor('float32', [2, 3], new Float32Array(6)),
    y: hostTensor('float32', [2, 3], new Float32Array(6)),
  };
  const results = await runOutputs(encodeModel(encodeGraph(removeDeadNodes(g.build('two')))), feeds);
  expect(numbersOf(results['dx']!)).toEqual([1, 1, 1, 1, 1, 1]);
  expect(numbersOf(results['dy']!)).toEqual([0, 0, 0, 0, 0, 0]);
});

test('the gradient of a value for itself is one', async () => {
  expect(await slope(vector(4, 5), (_, x) => x)).toEqual([1, 1]);
});

test('the gradient for a value on the way, and for what lies before it', async () => {
  const { dh, dx } = await evaluate({ x: vector(2) }, (g, { x }) => {
    const h = g.Mul(x!, 3);
    const [first, second] = gradients(g, g.Mul(h, h), [h, x!]) as [Value, Value];
    return { dh: first, dx: second };
  });
  expect([...numbersOf(dh!), ...numbersOf(dx!)]).toEqual([12, 36]);
});

test('nothing flows through stopGradient', async () => {
  expect(await slope(vector(1, 2), (g, x) => g.Mul(x, g.stopGradient(x)))).toEqual([1, 2]);
  expect(await slope(vector(1, 2), (g, x) => g.stopGradient(g.Exp(x)))).toEqual([0, 0]);
});

test('a seed weights the results', async () => {
  const { dx } = await evaluate({ x: vector(1, 2), seed: vector(10, 100) }, (g, { x, seed }) => ({
    dx: gradients(g, g.Mul(x!, x!), [x!], { seed: seed! })[0]!,
  }));
  expect(numbersOf(dx!)).toEqual([20, 400]);
});

test('whole numbers and truth values pass no gradient', async () => {
  expect(await slope(vector(1.2, 2.7), (g, x) => g.Mul(x, g.Cast(g.Cast(x, { to: 7 }), { to: 1 })))).toEqual([1, 2]);
  expect(await slope(vector(-1, 2), (g, x) => g.Mul(x, g.Cast(g.Greater(x, 0), { to: 1 })))).toEqual([0, 1]);
});

test('an operator without a gradient is named with its node', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [2, 3]);
  const [y] = g.node({ op: 'Det', inputs: [x] }) as [Value];
  expect(() => gradients(g, y, [x])).toThrowErrorMatchingInlineSnapshot(
    `[ModelError: Det is not known to this library: det = Det(x float32 [2, 3]). Stop the gradient before it, or write it with other operators.]`,
  );
  const padded = g.Pad(x, [0, 1, 0, 1], undefined, undefined, { mode: 'edge' });
  expect(() => gradients(g, g.Exp(padded), [x])).toThrowErrorMatchingInlineSnapshot(
    `[ModelError: Pad has no gradient in this form: pad = Pad(x float32 [2, 3], constant int64 [4]). Stop the gradient before it, or write it with other operators.]`,
  );
  expect(gradients(g, g.Exp(g.stopGradient(padded)), [x])[0]!.shape).toEqual([2, 3]); // not on the way: no error
});

test('sin, differentiated four times, is sin', async () => {
  const x = hostTensor('float64', [3], Float64Array.of(-1, 0.3, 2));
  const { fourth } = await evaluate({ x }, (g, { x: v }) => {
    let y = g.Sin(v!);
    for (let order = 0; order < 4; order++) [y] = gradients(g, y, [v!]) as [Value];
    return { fourth: y };
  });
  numbersOf(fourth!).forEach((value, k) => expect(value).toBeCloseTo(Math.sin(x.data[k]!), 12));
});

test('a file is trained: its constants become inputs, its gradient is that of the graph it came from', async () => {
  const build = (g: Builder, x: Value, weight: Value): Value => g.Tanh(g.MatMul(g.Mul(x, 0.5), weight));
  const weight = hostTensor('float32', [3, 2], normals({ seed: 1, stream: 1 }, 6));
  const x = hostTensor('float32', [4, 3], normals({ seed: 1, stream: 2 }, 12));
  const source = createBuilder();
  source.output('y', build(source, source.input('x', 'float32', ['N', 3]), source.constant(weight, 'weight')));
  const bytes = encodeModel(encodeGraph(source.build('file')));

  const { graph, weights } = promoteConstants(decodeGraph(decodeModel(bytes)), (constant) => constant.rank > 0);
  expect([...weights]).toEqual([['weight', weight]]);
  const g = createBuilder(graph);
  const input = graph.inputs.find(({ name }) => name === 'weight')!;
  g.output('dw', gradients(g, graph.outputs[0]!.value, [input])[0]!);
  const { dw } = await runOutputs(encodeModel(encodeGraph(g.build('trained'))), { x, ...Object.fromEntries(weights) });

  const direct = await evaluate({ x, weight }, (h, values) => ({
    dw: gradients(h, build(h, values['x']!, values['weight']!), [values['weight']!])[0]!,
  }));
  expect(dw).toEqual(direct['dw']);
});

test('a file of an older set must be upgraded before it is differentiated', () => {
  const source = createBuilder();
  const x = source.input('x', 'float32', [2, 3]);
  source.output('y', source.Softmax(source.Exp(x)));
  const old = { ...source.build('old'), opsets: new Map([['', 11]]) };
  const g = createBuilder(old);
  expect(() => gradients(g, old.outputs[0]!.value, [x])).toThrow('Upgrade the graph first');
});

test('the mean over an axis without a size has a gradient', async () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 2]);
  g.output('dx', gradients(g, g.ReduceMean(x, undefined, { keepdims: 0 }), [x])[0]!);
  const bytes = encodeModel(encodeGraph(g.build('mean')));
  const { dx } = await runOutputs(bytes, { x: hostTensor('float32', [4, 2], new Float32Array(8)) });
  expect(numbersOf(dx!)).toEqual(new Array(8).fill(1 / 8));
});
