/** Distances between two sets of features as distributions: Frechet's and the kernel's. */
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { covarianceOf, type Features, meanOf, rowsAt } from './features';
import { permutation, streamOf } from '../tensor/random';

/**
 * |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)): the squared Wasserstein-2 distance of the Gaussians with the sets' means and covariances
 * (Dowson and Landau 1982; Heusel et al. 2017, equation 6). In the features' own squared units. It falls with the number of samples, so
 * compare sets of equal size only.
 */
export function frechetDistance(a: Features, b: Features): number {
  const [m1, m2] = [meanOf(a), meanOf(b)];
  const between = m1.reduce((sum, value, i) => sum + (value - (m2[i] ?? 0)) ** 2, 0);
  const [s1, s2] = [square(covarianceOf(a), a.width), square(covarianceOf(b), b.width)];
  const root = rootOf(s1);
  // (S1 S2)^(1/2) has the trace of (S1^(1/2) S2 S1^(1/2))^(1/2), which is symmetric.
  const product = root.mmul(s2).mmul(root);
  const values = new EigenvalueDecomposition(symmetric(product), { assumeSymmetric: true }).realEigenvalues;
  const cross = values.reduce((sum, value) => sum + Math.sqrt(Math.max(0, value)), 0);
  return Math.max(0, between + s1.trace() + s2.trace() - 2 * cross);
}

function square(values: Float64Array, width: number): Matrix {
  return Matrix.from1DArray(width, width, Array.from(values));
}

/** Rounding leaves products of symmetric matrices a little uneven. */
function symmetric(matrix: Matrix): Matrix {
  return matrix.clone().add(matrix.transpose()).mul(0.5);
}

function rootOf(matrix: Matrix): Matrix {
  const { eigenvectorMatrix: vectors, realEigenvalues: values } = new EigenvalueDecomposition(matrix, {
    assumeSymmetric: true,
  });
  const roots = Matrix.diag(values.map((value) => Math.sqrt(Math.max(0, value))));
  return vectors.mmul(roots).mmul(vectors.transpose());
}

/** A mean over subsets with its standard error. */
export interface Estimate {
  readonly value: number;
  readonly standardError: number;
}

/**
 * Kernel distance: the squared maximum mean discrepancy with k(x, y) = (x.y / width + 1)^3, unbiased (Binkowski et al. 2018, section 4,
 * equation 3), as mean over `subsets` random subsets of at most `size` of each. It does not fall with the number of samples, and may be
 * slightly negative for equal distributions.
 */
export function kernelDistance(a: Features, b: Features, seed: number, subsets = 10, size = 500): Estimate {
  const n = Math.min(size, a.count, b.count);
  const values = Array.from({ length: subsets }, (_, step) => {
    const pick = (from: Features, name: string): Features =>
      rowsAt(from, permutation({ seed, stream: streamOf(`kernel.${name}`), step }, from.count).subarray(0, n));
    return discrepancy(pick(a, 'a'), pick(b, 'b'));
  });
  const value = values.reduce((sum, one) => sum + one, 0) / subsets;
  const variance = values.reduce((sum, one) => sum + (one - value) ** 2, 0) / Math.max(1, subsets - 1);
  return { value, standardError: Math.sqrt(variance / subsets) };
}

function discrepancy(a: Features, b: Features): number {
  const n = a.count;
  const within = (one: Features): number => (kernelSum(one, one) - diagonalSum(one)) / (n * (n - 1));
  return within(a) + within(b) - (2 * kernelSum(a, b)) / (n * n);
}

function kernelSum(a: Features, b: Features): number {
  let sum = 0;
  for (let i = 0; i < a.count; i++) for (let j = 0; j < b.count; j++) sum += kernel(a, i, b, j);
  return sum;
}

function diagonalSum(a: Features): number {
  let sum = 0;
  for (let i = 0; i < a.count; i++) sum += kernel(a, i, a, i);
  return sum;
}

function kernel(a: Features, i: number, b: Features, j: number): number {
  const { width } = a;
  let dot = 0;
  for (let k = 0; k < width; k++) dot += (a.data[i * width + k] ?? 0) * (b.data[j * width + k] ?? 0);
  return (dot / width + 1) ** 3;
}
