/** Adam and AdamW. */
import type { Value } from '../graph/ir';
import type { Network } from '../nn/network';
import { dtypeNumber } from '../tensor/dtype';
import type { Optimizer } from './optimizer';

/** Settings of Adam; the defaults are PyTorch's. */
export interface AdamOptions {
  /** Decay of the moments per step. */
  readonly betas?: readonly [number, number];
  readonly epsilon?: number;
  /** AdamW: share of the weight taken away per step, times the learning rate (Loshchilov and Hutter 2019, algorithm 2). */
  readonly weightDecay?: number;
  /** Which weights decay, by their shapes; all without it. Often only those with two axes or more: not biases, not norms. */
  readonly decays?: (shape: readonly number[]) => boolean;
  /** Constant learning rate; without it the step's input `lr` is used. */
  readonly learningRate?: number;
}

/** Group of the weights without decay. */
const keptWhole = 'undecayed';

/**
 * Kingma and Ba 2015, algorithm 1, with the constants folded into the state: M = m / (1 - b1), V = v / (1 - b2), so that
 * M' = b1 M + g, V' = b2 V + g^2, w' = w - a M' / (sqrt(V') + e) where
 * a = lr (1 - b1) / (1 - b1^t) * c, e = epsilon c, c = sqrt((1 - b2^t) / (1 - b2)). Equal to the published form up to rounding.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { betas = [0.9, 0.999], weightDecay = 0, decays } = options;
  return {
    ...(decays && weightDecay > 0 ? { groupOf: (shape) => (decays(shape) ? '' : keptWhole) } : {}),
    prepare: (net, step) => {
      const { rate, size, epsilon } = stepSizes(net, step(), options);
      return ({ g, weight, gradient, state, group }) => {
        const first = state('first');
        const second = state('second');
        const nextFirst = g.Add(g.Mul(first.value, betas[0]), gradient);
        const nextSecond = g.Add(g.Mul(second.value, betas[1]), g.Mul(gradient, gradient));
        first.set(nextFirst);
        second.set(nextSecond);
        const change = g.Div(g.Mul(nextFirst, size), g.Add(g.Sqrt(nextSecond), epsilon));
        const isWhole = weightDecay === 0 || group === keptWhole;
        const base = isWhole ? weight : g.Mul(weight, g.Sub(1, g.Mul(rate, weightDecay)));
        return g.Sub(base, change);
      };
    },
  };
}

/** Adam with decoupled weight decay, by default PyTorch's 0.01. */
export function adamW(options: AdamOptions = {}): Optimizer {
  return adam({ weightDecay: 0.01, ...options });
}

interface StepSizes {
  readonly rate: Value;
  readonly size: Value;
  readonly epsilon: Value;
}

/** lr, a and e as float32 scalars, computed in double precision: 1 - b2^t loses digits in single. */
function stepSizes(net: Network, count: Value, options: AdamOptions): StepSizes {
  const { betas = [0.9, 0.999], epsilon = 1e-8, learningRate } = options;
  const { g } = net;
  const toDouble = (x: Value): Value => g.Cast(x, { to: dtypeNumber('float64') });
  const toSingle = (x: Value): Value => g.Cast(x, { to: dtypeNumber('float32') });
  const step = toDouble(count);
  const rate = learningRate === undefined ? toDouble(net.scalar('lr')) : g.scalarLike(step, learningRate);
  const remaining = (beta: number): Value => g.Neg(g.Sub(g.Pow(g.scalarLike(step, beta), step), 1)); // 1 - beta^t
  const correction = g.Sqrt(g.Div(remaining(betas[1]), 1 - betas[1]));
  const size = g.Mul(g.Mul(g.Div(rate, remaining(betas[0])), 1 - betas[0]), correction);
  return { rate: toSingle(rate), size: toSingle(size), epsilon: toSingle(g.Mul(correction, epsilon)) };
}
