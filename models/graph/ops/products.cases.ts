/** Gradient cases of products: vectors, batches that broadcast, every transposition, equations of every kind. */
import { type GradientCase, gradientCase as check } from '../../testing/check-gradient';

type Dims = readonly number[];

const matMul = (a: Dims, b: Dims): GradientCase =>
  check(`MatMul [${a.join()}] x [${b.join()}]`, { a: { dims: a }, b: { dims: b } }, (g, { a: left, b: right }) =>
    g.MatMul(left, right),
  );

const gemm = (transA: number, transB: number, c: Dims): GradientCase =>
  check(
    `Gemm, transA ${transA}, transB ${transB}, C [${c.join()}]`,
    {
      a: { dims: transA === 1 ? [4, 2] : [2, 4] },
      b: { dims: transB === 1 ? [3, 4] : [4, 3] },
      c: { dims: c },
    },
    (g, { a, b, c: bias }) => g.Gemm(a, b, bias, { alpha: 0.5, beta: 1.5, transA, transB }),
  );

const einsum = (equation: string, ...shapes: readonly Dims[]): GradientCase =>
  check(
    `Einsum ${equation} of ${shapes.map((dims) => `[${dims.join()}]`).join(' ')}`,
    Object.fromEntries(shapes.map((dims, index) => [`x${index}`, { dims }])),
    (g, inputs) => g.Einsum(...Object.values(inputs), { equation }),
  );

export const cases: GradientCase[] = [
  matMul([2, 3], [3, 4]),
  matMul([3], [3]),
  matMul([3], [3, 4]),
  matMul([2, 3], [3]),
  matMul([3], [5, 3, 4]),
  matMul([5, 2, 3], [3]),
  matMul([5, 2, 3], [5, 3, 4]),
  matMul([5, 2, 3], [3, 4]),
  matMul([2, 3], [5, 3, 4]),
  matMul([5, 1, 2, 3], [6, 3, 4]),
  matMul([1, 2, 3], [6, 3, 4]),
  matMul([6, 2, 3], [1, 3, 4]),
  matMul([1, 3], [3, 1]),
  matMul([2, 0], [0, 3]),
  gemm(0, 0, [3]),
  gemm(0, 1, [2, 1]),
  gemm(1, 0, [1, 3]),
  gemm(1, 1, []),
  gemm(0, 0, [2, 3]),
  gemm(0, 0, [1]),
  check('Gemm without C', { a: { dims: [2, 4] }, b: { dims: [4, 3] } }, (g, { a, b }) => g.Gemm(a, b)),
  einsum('ij,jk->ik', [2, 3], [3, 4]),
  einsum('bij,bjk->bik', [2, 3, 4], [2, 4, 5]),
  einsum('ij,jk', [2, 3], [3, 4]),
  einsum('ij->ji', [2, 3]),
  einsum('ij->i', [2, 3]),
  einsum('ij->', [2, 3]),
  einsum('i,j->ij', [2], [3]),
  einsum('ij,k->k', [2, 3], [4]),
  einsum('bi,ij,bj->b', [2, 3], [3, 4], [2, 4]),
  einsum('...ij,...jk->...ik', [2, 3, 4], [2, 4, 5]),
  einsum('...ij,jk->...ik', [2, 5, 3, 4], [4, 2]),
  einsum('...ij,...jk', [1, 3, 4], [6, 4, 5]),
  einsum('A...,...B->AB...', [2, 3], [3, 4]),
];
