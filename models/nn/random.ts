/** Random tensors inside a graph: the numbers of tensor/random, by integer operators. Element k depends on (seed, stream, step, k) only. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { dtypeNumber } from '../tensor/dtype';
import { elementCount, hostTensor } from '../tensor/host-tensor';
import { threefryParity, threefryRotations, threefryRounds } from '../tensor/random';
import type { Network } from './network';

const uint32 = (g: Builder, value: number): Value => g.constant(hostTensor('uint32', [], Uint32Array.of(value >>> 0)));
const toUint32 = (g: Builder, value: Value): Value => g.Cast(value, { to: dtypeNumber('uint32') });

/** The two words of every element, uint32 [length] each. */
function words(net: Network, stream: number, length: number): [Value, Value] {
  const { g } = net;
  const key0 = toUint32(g, net.scalar('seed'));
  const key1 = uint32(g, stream);
  const keys = [key0, key1, g.BitwiseXor(g.BitwiseXor(key0, key1), uint32(g, threefryParity))];
  const counter = g.constant(
    hostTensor(
      'uint32',
      [length],
      Uint32Array.from({ length }, (_, k) => k),
    ),
    'counter',
  );
  let x0 = g.Add(counter, key0); // [length]
  let x1 = g.Add(toUint32(g, net.scalar('step')), key1); // [] until the first addition
  for (let round = 0; round < threefryRounds; round++) {
    x0 = g.Add(x0, x1);
    x1 = g.BitwiseXor(rotate(g, x1, threefryRotations[round % 8] ?? 0), x0);
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x0 = g.Add(x0, keys[injection % 3] ?? key0);
    x1 = g.Add(x1, g.Add(keys[(injection + 1) % 3] ?? key0, uint32(g, injection)));
  }
  return [x0, x1];
}

function rotate(g: Builder, x: Value, distance: number): Value {
  const left = g.BitShift(x, uint32(g, distance), { direction: 'LEFT' });
  return g.BitwiseOr(left, g.BitShift(x, uint32(g, 32 - distance), { direction: 'RIGHT' }));
}

/** 24 bits of every word as float32 in [0, 1). */
function fraction(g: Builder, bits: Value): Value {
  const top = g.BitShift(bits, uint32(g, 8), { direction: 'RIGHT' });
  return g.Mul(g.Cast(top, { to: dtypeNumber('float32') }), 2 ** -24);
}

/** Uniform float32 numbers in [0, 1); `name` within the scope chooses the stream. */
export function randomUniformTensor(net: Network, name: string, dims: readonly number[]): Value {
  const [first] = words(net, net.stream(name), elementCount(dims));
  return net.g.Reshape(fraction(net.g, first), dims);
}

/**
 * Uniform float32 numbers of 16 bits in [0, 1), `randomShort` of tensor/random: a quarter of the work of `randomUniformTensor`, for draws of many
 * numbers that need no more digits.
 */
export function randomShortsTensor(net: Network, name: string, dims: readonly number[]): Value {
  const { g } = net;
  const length = elementCount(dims);
  const quarter = Math.ceil(length / 4);
  const pair = words(net, net.stream(name), quarter);
  const halves = pair.flatMap((word) => [
    g.BitwiseAnd(word, uint32(g, 0xffff)),
    g.BitShift(word, uint32(g, 16), { direction: 'RIGHT' }),
  ]);
  const columns = halves.map((half) => g.Reshape(g.Cast(half, { to: dtypeNumber('float32') }), [quarter, 1]));
  const all = g.Mul(g.Reshape(g.Concat(...columns, { axis: 1 }), [-1]), 2 ** -16); // [4 quarter]
  return g.Reshape(4 * quarter === length ? all : g.Slice(all, [0], [length]), dims);
}

/** Standard normal float32 numbers (Box and Muller 1958). */
export function randomNormalTensor(net: Network, name: string, dims: readonly number[]): Value {
  const { g } = net;
  const [first, second] = words(net, net.stream(name), elementCount(dims));
  const radius = g.Sqrt(g.Mul(g.Log(g.Add(fraction(g, first), 2 ** -24)), -2));
  return g.Reshape(g.Mul(radius, g.Cos(g.Mul(fraction(g, second), 2 * Math.PI))), dims);
}

/** In training each element is zeroed with probability `rate` and the rest scaled by 1 / (1 - rate) (Srivastava et al. 2014); else x itself. */
export function dropout(net: Network, name: string, x: Value, rate: number): Value {
  if (!net.isTraining || rate === 0) return x;
  const { g } = net;
  const draw = randomUniformTensor(net, name, x.dims);
  const keeps = g.Cast(g.GreaterOrEqual(draw, g.scalarLike(draw, rate)), { to: dtypeNumber('float32') });
  return g.Mul(x, g.Mul(keeps, 1 / (1 - rate)));
}
