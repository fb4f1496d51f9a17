/** Activation functions. Derivatives at a kink are those of the left side, as PyTorch has them: relu'(0) = 0. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { Family } from '../operator';
import { inferSame, maskOf, unbroadcast, axisIn } from './rules';

type Activation =
  | ('Relu' | 'LeakyRelu' | 'PRelu' | 'Elu' | 'Celu' | 'Selu' | 'ThresholdedRelu' | 'Sigmoid' | 'HardSigmoid')
  | ('Softplus' | 'Softsign' | 'HardSwish' | 'Mish' | 'Gelu' | 'Softmax' | 'LogSoftmax');

const infer = inferSame;
const seluAlpha = 1.6732632423543772; // Klambauer et al. 2017, "Self-Normalizing Neural Networks", equation 14
const seluGamma = 1.0507009873554805;

const positive = (g: Builder, x: Value): Value => maskOf(g, g.Greater(x, 0), x);
const oneMinus = (g: Builder, x: Value): Value => g.Neg(g.Sub(x, 1));

/** slope where x <= 0, 1 elsewhere: slope + (1 - slope) * [x > 0]. */
function slopeBelowZero(g: Builder, x: Value, slope: number): Value {
  return g.Add(g.Mul(positive(g, x), 1 - slope), slope);
}

/** `below` where x <= 0, `above` elsewhere. */
function choose(g: Builder, x: Value, above: Value | number, below: Value): Value {
  const mask = positive(g, x);
  return g.Add(g.Mul(mask, above), g.Mul(oneMinus(g, mask), below));
}

export const activations: Family<Activation> = {
  Relu: {
    docs: 'max(X, 0).',
    attributes: {},
    infer,
    vjp: ({ g, y, dy }) => [g.Mul(dy, positive(g, y))],
  },
  LeakyRelu: {
    docs: 'X where positive, alpha (0.01) times X elsewhere.',
    attributes: { alpha: 'float' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { alpha = 0.01 }, dy }) => [g.Mul(dy, slopeBelowZero(g, x, alpha))],
  },
  PRelu: {
    docs: 'X where positive, slope times X elsewhere; the slope is broadcast to X.',
    attributes: {},
    infer,
    vjp: ({ g, inputs: [x, slope], dy }) => {
      const mask = positive(g, x);
      const below = g.Mul(dy, oneMinus(g, mask));
      return [g.Add(g.Mul(dy, mask), g.Mul(below, slope)), unbroadcast(g, g.Mul(below, x), slope)];
    },
  },
  Elu: {
    docs: 'X where positive, alpha (1) * (exp(X) - 1) elsewhere.',
    attributes: { alpha: 'float' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { alpha = 1 }, y, dy }) => [g.Mul(dy, choose(g, x, 1, g.Add(y, alpha)))],
  },
  Celu: {
    docs: 'max(0, X) + min(0, alpha (1) * (exp(X / alpha) - 1)).',
    attributes: { alpha: 'float' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { alpha = 1 }, y, dy }) => [
      g.Mul(dy, choose(g, x, 1, g.Add(g.Div(y, alpha), 1))),
    ],
  },
  Selu: {
    docs: 'gamma * X where positive, gamma * alpha * (exp(X) - 1) elsewhere (Klambauer et al. 2017).',
    attributes: { alpha: 'float', gamma: 'float' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { alpha = seluAlpha, gamma = seluGamma }, y, dy }) => [
      g.Mul(dy, choose(g, x, gamma, g.Add(y, alpha * gamma))),
    ],
  },
  ThresholdedRelu: {
    docs: 'X where above alpha (1), 0 elsewhere.',
    attributes: { alpha: 'float' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { alpha = 1 }, dy }) => [g.Mul(dy, maskOf(g, g.Greater(x, alpha), x))],
  },
  Sigmoid: {
    docs: '1 / (1 + exp(-X)); derivative y (1 - y).',
    attributes: {},
    infer,
    vjp: ({ g, y, dy }) => [g.Mul(dy, g.Mul(y, oneMinus(g, y)))],
  },
  HardSigmoid: {
    docs: 'alpha (0.2) * X + beta (0.5), limited to 0..1.',
    attributes: { alpha: 'float', beta: 'float' },
    infer,
    vjp: ({ g, attributes: { alpha = 0.2 }, y, dy }) => [
      g.Mul(dy, g.Mul(maskOf(g, g.And(g.Greater(y, 0), g.Less(y, 1)), y), alpha)),
    ],
  },
  Softplus: {
    docs: 'log(1 + exp(X)); derivative sigmoid(X).',
    attributes: {},
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Sigmoid(x))],
  },
  Softsign: {
    docs: 'X / (1 + |X|).',
    attributes: {},
    infer,
    vjp: ({ g, inputs: [x], dy }) => {
      const scale = g.Add(g.Abs(x), 1);
      return [g.Div(dy, g.Mul(scale, scale))];
    },
  },
  HardSwish: {
    docs: 'X * clip(X / 6 + 1/2, 0, 1) (Howard et al. 2019, "Searching for MobileNetV3", 5.2).',
    attributes: {},
    infer,
    vjp: ({ g, inputs: [x], dy }) => {
      const gate = g.HardSigmoid(x, { alpha: 1 / 6, beta: 0.5 });
      const inside = maskOf(g, g.And(g.Greater(gate, 0), g.Less(gate, 1)), x);
      return [g.Mul(dy, g.Add(gate, g.Mul(g.Mul(x, inside), 1 / 6)))];
    },
  },
  Mish: {
    docs: 'X * tanh(softplus(X)) (Misra 2019).',
    attributes: {},
    infer,
    vjp: ({ g, inputs: [x], dy }) => {
      const tanh = g.Tanh(g.Softplus(x));
      const slope = g.Mul(g.Sigmoid(x), oneMinus(g, g.Mul(tanh, tanh)));
      return [g.Mul(dy, g.Add(tanh, g.Mul(x, slope)))];
    },
  },
  Gelu: {
    docs: 'X * Phi(X), Phi the normal distribution function; approximate="tanh" takes its well-known approximation (Hendrycks and Gimpel 2016).',
    attributes: { approximate: 'string' },
    infer,
    vjp: ({ g, inputs: [x], attributes: { approximate = 'none' }, dy }) => [
      g.Mul(dy, approximate === 'tanh' ? tanhGeluSlope(g, x) : geluSlope(g, x)),
    ],
  },
  Softmax: {
    docs: 'exp(X) divided by its sum along one axis (-1).',
    attributes: { axis: 'int' },
    infer: (call) => {
      axisIn(call, call.attributes.axis ?? -1, call.inputs[0].rank);
      return inferSame(call);
    },
    vjp: ({ g, attributes: { axis = -1 }, y, dy }) => {
      const weighted = g.Mul(dy, y);
      return [g.Sub(weighted, g.Mul(y, g.ReduceSum(weighted, [axis])))];
    },
  },
  LogSoftmax: {
    docs: 'Logarithm of Softmax along one axis (-1), computed without overflow.',
    attributes: { axis: 'int' },
    infer: (call) => {
      axisIn(call, call.attributes.axis ?? -1, call.inputs[0].rank);
      return inferSame(call);
    },
    vjp: ({ g, attributes: { axis = -1 }, y, dy }) => [g.Sub(dy, g.Mul(g.Exp(y), g.ReduceSum(dy, [axis])))],
  },
};

/** Phi(x) + x phi(x). */
function geluSlope(g: Builder, x: Value): Value {
  const distribution = g.Mul(g.Add(g.Erf(g.Mul(x, Math.SQRT1_2)), 1), 0.5);
  const density = g.Mul(g.Exp(g.Mul(g.Mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
  return g.Add(distribution, g.Mul(x, density));
}

/** Derivative of x/2 (1 + tanh(s (x + c x^3))), s = sqrt(2 / pi), c = 0.044715. */
function tanhGeluSlope(g: Builder, x: Value): Value {
  const [s, c] = [Math.sqrt(2 / Math.PI), 0.044715];
  const square = g.Mul(x, x);
  const tanh = g.Tanh(g.Mul(g.Mul(x, g.Add(g.Mul(square, c), 1)), s));
  const inner = g.Mul(g.Add(g.Mul(square, 3 * c), 1), s);
  const outer = g.Mul(g.Mul(x, oneMinus(g, g.Mul(tanh, tanh))), g.Mul(inner, 0.5));
  return g.Add(g.Mul(g.Add(tanh, 1), 0.5), outer);
}
