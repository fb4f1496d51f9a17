/** Matrix products: MatMul (batched), Gemm, Einsum. */
import { broadcastShapes, contradictoryDims, type Dim, type Shape, unknownDim } from '../../tensor/shape';
import type { Value } from '../ir';
import type { Family } from '../operator';
import { broadcastShape, type Failing, unbroadcast } from './rules';
import { inferEinsum, vjpEinsum } from './einsum';

export const products: Family<'MatMul' | 'Gemm' | 'Einsum'> = {
  MatMul: {
    docs: 'Matrix product of the last two axes, [..., M, K] x [..., K, N] -> [..., M, N]; the axes before them broadcast. A vector is a row on the left, a column on the right.',
    attributes: {},
    infer: (call) => {
      const [a, b] = call.inputs;
      if (a.dtype !== b.dtype) return call.fail('inputs of one element type', 'graph/type-mismatch');
      if (a.rank === 0 || b.rank === 0) return call.fail('matrices or vectors, no scalars');
      const left = a.rank === 1 ? [1, ...a.shape] : a.shape;
      const right = b.rank === 1 ? [...b.shape, 1] : b.shape;
      const [inner, facing] = [left.at(-1) ?? unknownDim, right.at(-2) ?? unknownDim];
      if (contradictoryDims(inner, facing))
        return call.fail(`as many columns on the left (${inner}) as rows on the right (${facing})`);
      const outer = batchShape(call, left, right);
      const rows: Shape = a.rank === 1 ? [] : [left.at(-2) ?? unknownDim];
      const columns: Shape = b.rank === 1 ? [] : [right.at(-1) ?? unknownDim];
      return { dtype: a.dtype, shape: [...outer, ...rows, ...columns] };
    },
    vjp: ({ g, inputs: [a, b], dy }) => {
      const left = a.rank === 1 ? g.Unsqueeze(a, [0]) : a; // [..., M, K]
      const right = b.rank === 1 ? g.Unsqueeze(b, [1]) : b; // [..., K, N]
      const rows = a.rank === 1 ? g.Unsqueeze(dy, [b.rank === 1 ? -1 : -2]) : dy;
      const wide = b.rank === 1 ? g.Unsqueeze(rows, [-1]) : rows; // [..., M, N]
      const da = unbroadcast(g, g.MatMul(wide, swapLast(right)), left);
      const db = productOverRows(left, wide, right);
      return [a.rank === 1 ? g.Reshape(da, g.shapeOf(a)) : da, b.rank === 1 ? g.Reshape(db, g.shapeOf(b)) : db];

      function swapLast(x: Value): Value {
        const axes = x.shape.map((_, axis) => axis);
        return g.Transpose(x, { perm: [...axes.slice(0, -2), x.rank - 1, x.rank - 2] });
      }

      /** A^T dY. Where one matrix meets many rows (a dense layer on [batch, time, features]) it is one product over all rows at once. */
      function productOverRows(x: Value, cotangent: Value, target: Value): Value {
        if (target.rank > 2 || x.rank === 2) return unbroadcast(g, g.MatMul(swapLast(x), cotangent), target);
        const flat = (value: Value): Value => g.Reshape(value, [-1, lastSize(value)]);
        return g.Gemm(flat(x), flat(cotangent), { transA: 1 });
      }
    },
  },
  Gemm: {
    docs: "alpha * A' B' + beta * C with A' [M, K] and B' [K, N], transposed first where transA, transB say so; C is broadcast to [M, N].",
    attributes: { alpha: 'float', beta: 'float', transA: 'int', transB: 'int' },
    infer: (call) => {
      const [a, b, c] = call.inputs;
      const { transA = 0, transB = 0 } = call.attributes;
      if (a.rank !== 2 || b.rank !== 2) return call.fail('two matrices');
      if (a.dtype !== b.dtype || (c && c.dtype !== a.dtype))
        return call.fail('inputs of one element type', 'graph/type-mismatch');
      const [rows, inner] = oriented(a.shape, transA);
      const [facing, columns] = oriented(b.shape, transB);
      if (contradictoryDims(inner, facing))
        return call.fail(`as many columns of A (${inner}) as rows of B (${facing})`);
      if (c && broadcastShape(call, [c]).length > 2) return call.fail('C of at most two axes');
      return { dtype: a.dtype, shape: [rows, columns] };
    },
    vjp: ({ g, inputs: [a, b, c], attributes: { alpha = 1, beta = 1, transA = 0, transB = 0 }, dy }) => {
      const da =
        transA === 1
          ? g.Gemm(b, dy, { alpha, transA: transB, transB: 1 })
          : g.Gemm(dy, b, { alpha, transB: 1 - transB });
      const db =
        transB === 1
          ? g.Gemm(dy, a, { alpha, transA: 1, transB: transA })
          : g.Gemm(a, dy, { alpha, transA: 1 - transA });
      return [da, db, c && unbroadcast(g, beta === 1 ? dy : g.Mul(dy, beta), c)];
    },
  },
  Einsum: {
    docs: 'Sum of products by an equation such as "bij,bjk->bik". Letters and `...` on every side; no letter twice in one term.',
    attributes: { equation: 'string' },
    infer: inferEinsum,
    vjp: vjpEinsum,
  },
};

function oriented(shape: Shape, isTransposed: number): [Dim, Dim] {
  const [first = unknownDim, second = unknownDim] = shape;
  return isTransposed === 1 ? [second, first] : [first, second];
}

function lastSize(value: Value): number {
  const size = value.shape.at(-1);
  return typeof size === 'number' ? size : (value.dims.at(-1) ?? 0); // `dims` says which symbol must be bound
}

function batchShape(call: Failing, left: Shape, right: Shape): Shape {
  return broadcastShapes(left.slice(0, -2), right.slice(0, -2)) ?? call.fail('leading axes that broadcast');
}
