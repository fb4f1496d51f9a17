/** Spectral normalisation: a weight divided by its largest singular value (Miyato et al. 2018, algorithm 1). */
import type { Value } from '../graph/ir';
import { hostTensor } from '../tensor/host-tensor';
import { normals, streamOf } from '../tensor/random';
import type { Network } from './network';

/**
 * W [out, ...] / sigma, where sigma comes from one step of the power iteration a call; its vector u [out] is kept as the state `NAME.u`. The
 * gradient flows through W and through sigma = u^T W v, not through u and v. Outside training u is used as it is.
 */
export function spectralNorm(net: Network, name: string, weight: Value): Value {
  const { g } = net;
  const rows = weight.dims[0] ?? 1;
  const matrix = g.Reshape(weight, [rows, -1]); // [out, in]
  const fixed = g.stopGradient(matrix);
  const start = normals({ seed: 1, stream: streamOf(name) }, rows);
  const u = net.state(`${name}.u`, hostTensor('float32', [rows], unit(start)));
  const v = g.stopGradient(normalized(net, g.MatMul(u, fixed))); // [in]
  const next = net.isTraining ? g.stopGradient(normalized(net, g.MatMul(fixed, v))) : u; // [out]
  if (net.isTraining) net.replace(`${name}.u`, next);
  const sigma = g.MatMul(next, g.MatMul(matrix, v)); // []
  return g.Div(weight, sigma);
}

function normalized({ g }: Network, x: Value): Value {
  return g.Div(x, g.Add(g.ReduceL2(x, { keepdims: 0 }), 1e-12));
}

function unit(numbers: Float32Array): Float32Array {
  const length = Math.hypot(...numbers);
  return numbers.map((x) => x / length);
}
