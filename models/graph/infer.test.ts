/** Inference with sizes that are not numbers: symbols go through, what only a run can tell stays open, and errors name the line. */
import { expect, test } from 'vitest';
import type { Shape } from '../tensor/shape';
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import type { Value } from './ir';

function shapeOf(shape: Shape, build: (g: Builder, x: Value) => Value): Shape {
  const g = createBuilder();
  return build(g, g.input('x', 'float32', shape)).shape;
}

const far = Number.MAX_SAFE_INTEGER;

test.each<[string, Shape, (g: Builder, x: Value) => Value, Shape]>([
  ['a symbol against 1', ['N', 3], (g, x) => g.Add(x, g.floats([1, 2, 3])), ['N', 3]],
  ['a symbol against itself', ['N'], (g, x) => g.Mul(x, x), ['N']],
  ['Reshape of the batch', ['N', 4, 2], (g, x) => g.Reshape(x, [-1, 8]), ['N', 8]],
  ['Reshape that joins', ['N', 'T', 4], (g, x) => g.Reshape(x, [-1, 4]), ['N*T', 4]],
  [
    'Reshape by a computed shape',
    ['N', 4],
    (g, x) => g.Reshape(x, g.Concat(g.Shape(x), [1], { axis: 0 })),
    ['N', 4, 1],
  ],
  ['Reshape of known sizes by a symbol', [6, 2], (g, x) => g.Reshape(x, g.Concat(g.Shape(g.input('n', 'float32', ['N'])), [-1], { axis: 0 })), ['N', '?']], // prettier-ignore
  ['Flatten', ['N', 4, 'T'], (g, x) => g.Flatten(x), ['N', '4*T']],
  ['Concat', ['N', 3], (g, x) => g.Concat(x, x, { axis: 0 }), ['2*N', 3]],
  ['Slice of the whole', ['N', 4], (g, x) => g.Slice(x, [0], [far], [0]), ['N', 4]],
  ['Slice of the first', ['N', 4], (g, x) => g.Slice(x, [0], [1], [0]), [1, 4]],
  ['Slice of the last', ['N', 4], (g, x) => g.Slice(x, [-1], [far], [0]), [1, 4]],
  ['Slice of up to five', ['N', 4], (g, x) => g.Slice(x, [0], [5], [0]), ['?', 4]],
  ['Slice by a symbol', [7, 4], (g, x) => g.Slice(x, [0], g.Shape(g.input('n', 'float32', ['N'])), [0]), ['?', 4]],
  ['Slice by steps nobody knows', [7, 4], (g, x) => g.Slice(x, [0], [7], [0], g.input('s', 'int64', [1])), ['?', 4]],
  ['Pad', ['N', 4], (g, x) => g.Pad(x, [0, 1, 0, 1]), ['N', 6]],
  [
    'Pad by a symbol',
    [4],
    (g, x) => g.Pad(x, g.Concat(g.Shape(g.input('n', 'float32', ['N'])), [0], { axis: 0 })),
    ['?'],
  ],
  ['Tile', ['N', 4], (g, x) => g.Tile(x, [2, 3]), ['2*N', 12]],
  ['MatMul', ['N', 'T', 4], (g, x) => g.MatMul(x, g.floats([1, 2, 3, 4], [4, 1])), ['N', 'T', 1]],
  ['Einsum', ['N', 'T', 4], (g, x) => g.Einsum(x, x, { equation: 'nth,nsh->nts' }), ['N', 'T', 'T']],
  ['ReduceSum', ['N', 'T', 4], (g, x) => g.ReduceSum(x, [1], { keepdims: 0 }), ['N', 4]],
  ['DepthToSpace', ['N', 8, 'H', 2], (g, x) => g.DepthToSpace(x, { blocksize: 2 }), ['N', 2, '2*H', 4]],
])('%s', (_, shape, build, expected) => {
  expect(shapeOf(shape, build)).toEqual(expected);
});

test.each<[string, Shape, (g: Builder, x: Value) => Value, RegExp]>([
  [
    'broadcast',
    [2, 3],
    (g, x) => g.Add(x, g.floats([1, 2])),
    /Add\(x float32 \[2, 3\], constant float32 \[2\]\): shapes that broadcast/,
  ],
  ['element types', [2], (g, x) => g.Add(x, g.ints([1, 2])), /inputs of one element type/],
  ['matrices', [2, 3], (g, x) => g.MatMul(x, x), /as many columns on the left \(3\) as rows on the right \(2\)/],
  ['Reshape', [2, 3], (g, x) => g.Reshape(x, [4, -1]), /a target of 6 elements, got \[4, -1\]/],
  ['Concat', [2, 3], (g, x) => g.Concat(x, g.floats([1], [1, 1]), { axis: 0 }), /equal sizes in all axes but 0/],
  ['Split', [2, 3], (g, x) => g.Split(x, [1, 1], { axis: 1 })[0]!, /pieces that add up to 3/],
  ['axis', [2, 3], (g, x) => g.Softmax(x, { axis: 2 }), /an axis within rank 2, got 2/],
  ['Squeeze', [2, 3], (g, x) => g.Squeeze(x, [0]), /size 1 at axis 0/],
  ['Einsum', [2, 3], (g, x) => g.Einsum(x, x, { equation: 'ij,jk->ik' }), /one size for "j", got 3 and 2/],
  ['Gemm', [2, 3], (g, x) => g.Gemm(x, x, undefined, { transB: 0 }), /as many columns of A \(3\) as rows of B \(2\)/],
  ['the line', [2, 3], (g, x) => g.MatMul(x, x), /infer\.test\.ts:\d+/],
])('refused: %s', (_, shape, build, message) => {
  expect(() => shapeOf(shape, build)).toThrow(message);
});
