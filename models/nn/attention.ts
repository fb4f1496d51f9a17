/** Attention: Vaswani et al. 2017, "Attention Is All You Need", 3.2. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import { hostTensor } from '../tensor/host-tensor';
import { dense } from './layers';
import type { Network } from './network';

/** What is added to a score that must not count; finite, so that no row can become NaN, and exp of it is 0. */
const excluded = -1e9;

/** softmax(Q K^T / sqrt(d) + mask) V: q, k, v [..., T, d] -> [..., T, d]; `mask` is added to the scores [..., T, T]. */
export function scaledDotProductAttention(g: Builder, q: Value, k: Value, v: Value, mask?: Value): Value {
  const width = q.dims.at(-1) ?? 1;
  const axes = k.shape.map((_, axis) => axis);
  const transposed = g.Transpose(k, { perm: [...axes.slice(0, -2), k.rank - 1, k.rank - 2] }); // [..., d, T]
  const scores = g.Mul(g.MatMul(q, transposed), 1 / Math.sqrt(width)); // [..., T, T]
  return g.MatMul(g.Softmax(mask ? g.Add(scores, mask) : scores), v);
}

/** [T, T]: 0 where a position may look (itself and before), a large negative number elsewhere. */
export function causalMask(g: Builder, length: number): Value {
  const data = Float32Array.from({ length: length * length }, (_, k) =>
    k % length > Math.floor(k / length) ? excluded : 0,
  );
  return g.constant(hostTensor('float32', [length, length], data), 'causal_mask');
}

/** Multi-head attention of a sequence to itself: x [B, T, width] -> [B, T, width]; weights `NAME.qkv` and `NAME.out`. */
export function selfAttention(net: Network, name: string, x: Value, heads: number, mask?: Value): Value {
  return net.scope(name, () => {
    const { g } = net;
    const [batch = 1, length = 1, width = 1] = x.dims;
    const qkv = g.Reshape(dense(net, 'qkv', x, 3 * width), [batch, length, 3, heads, width / heads]);
    const split = g.Transpose(qkv, { perm: [2, 0, 3, 1, 4] }); // [3, B, heads, T, d]
    const [q = x, k = x, v = x] = g.Split(split, { axis: 0, num_outputs: 3 }).map((part) => g.Squeeze(part, [0]));
    const mixed = scaledDotProductAttention(g, q, k, v, mask); // [B, heads, T, d]
    const joined = g.Reshape(g.Transpose(mixed, { perm: [0, 2, 1, 3] }), [batch, length, width]);
    return dense(net, 'out', joined, width);
  });
}

/**
 * Multi-head attention of one sequence to another: x [B, T, width], context [B, S, any] -> [B, T, width]; weights `NAME.query`, `NAME.kv`
 * (keys, then values) and `NAME.out`.
 */
export function crossAttention(net: Network, name: string, x: Value, context: Value, heads: number): Value {
  return net.scope(name, () => {
    const { g } = net;
    const [batch = 1, length = 1, width = 1] = x.dims;
    const read = context.dims[1] ?? 1;
    const query = g.Reshape(dense(net, 'query', x, width), [batch, length, heads, width / heads]);
    const kv = g.Reshape(dense(net, 'kv', context, 2 * width), [batch, read, 2, heads, width / heads]);
    const split = g.Transpose(kv, { perm: [2, 0, 3, 1, 4] }); // [2, B, heads, S, d]
    const [k = x, v = x] = g.Split(split, { axis: 0, num_outputs: 2 }).map((part) => g.Squeeze(part, [0]));
    const mixed = scaledDotProductAttention(g, g.Transpose(query, { perm: [0, 2, 1, 3] }), k, v); // [B, heads, T, d]
    return dense(net, 'out', g.Reshape(g.Transpose(mixed, { perm: [0, 2, 1, 3] }), [batch, length, width]), width);
  });
}

/** Self-attention in which a position sees itself and what came before. */
export function causalSelfAttention(net: Network, name: string, x: Value, heads: number): Value {
  return selfAttention(net, name, x, heads, causalMask(net.g, x.dims[1] ?? 1));
}
