/** Stochastic gradient descent with momentum, and RMSprop. Both with PyTorch's conventions. */
import type { Value } from '../graph/ir';
import type { Network } from '../nn/network';
import type { Optimizer } from './optimizer';

/** Settings of SGD. */
export interface SgdOptions {
  /** Constant learning rate; without it the step's input `lr` is used. */
  readonly learningRate?: number;
  readonly momentum?: number;
  /** Looks ahead along the momentum (Sutskever et al. 2013). */
  readonly isNesterov?: boolean;
  /** Added to the gradient times the weight. */
  readonly weightDecay?: number;
}

const rateOf = (net: Network, rate: number | undefined): Value =>
  rate === undefined ? net.scalar('lr') : net.g.floats([rate], []);

/** w' = w - lr v', v' = momentum v + g (Polyak 1964, in the form without damping). */
export function sgd(options: SgdOptions = {}): Optimizer {
  const { momentum = 0, isNesterov = false, weightDecay = 0 } = options;
  return {
    prepare: (net) => {
      const rate = rateOf(net, options.learningRate);
      return ({ g, weight, gradient, state }) => {
        const decayed = weightDecay === 0 ? gradient : g.Add(gradient, g.Mul(weight, weightDecay));
        if (momentum === 0) return g.Sub(weight, g.Mul(decayed, rate));
        const velocity = state('velocity');
        const next = g.Add(g.Mul(velocity.value, momentum), decayed);
        velocity.set(next);
        const direction = isNesterov ? g.Add(g.Mul(next, momentum), decayed) : next;
        return g.Sub(weight, g.Mul(direction, rate));
      };
    },
  };
}

/** Settings of RMSprop. */
export interface RmspropOptions {
  readonly learningRate?: number;
  /** Decay of the mean square per step. */
  readonly alpha?: number;
  readonly epsilon?: number;
}

/** v' = alpha v + (1 - alpha) g^2, w' = w - lr g / (sqrt(v') + epsilon) (Tieleman and Hinton 2012, lecture 6e). */
export function rmsprop(options: RmspropOptions = {}): Optimizer {
  const { alpha = 0.99, epsilon = 1e-8 } = options;
  return {
    prepare: (net) => {
      const rate = rateOf(net, options.learningRate);
      return ({ g, weight, gradient, state }) => {
        const square = state('square');
        const next = g.Add(g.Mul(square.value, alpha), g.Mul(g.Mul(gradient, gradient), 1 - alpha));
        square.set(next);
        return g.Sub(weight, g.Div(g.Mul(gradient, rate), g.Add(g.Sqrt(next), epsilon)));
      };
    },
  };
}
