/** Gradient cases of activations: on both sides of every kink, never on one. */
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import { type GradientCase, gradientCase } from '../../testing/check-gradient';
import { type HostTensor, hostTensor } from '../../tensor/host-tensor';

const single = { dtype: 'float32', step: 3e-3 } as const;

/** Numbers between the kinks at -3, 0, 1 and 3, at least 0.2 away from each. */
const numbers = [-4.1, -3.3, -2.4, -1.3, -0.6, -0.2, 0.25, 0.5, 0.75, 1.3, 2.4, 3.4];

type Unary = (g: Builder, x: Value) => Value;

function check(name: string, build: Unary, more: Partial<GradientCase> = {}): GradientCase {
  return gradientCase(name, { x: tensor(more.dtype, numbers) }, (g, { x }) => build(g, x), more);
}

function tensor(dtype: GradientCase['dtype'], values: readonly number[]): HostTensor {
  return dtype === 'float32'
    ? hostTensor('float32', [3, 4], Float32Array.from(values))
    : hostTensor('float64', [3, 4], Float64Array.from(values));
}

const squared: Unary = (g, x) => g.Mul(x, g.Abs(x)); // keeps signs and gives piecewise linear functions a second derivative

export const cases = [
  check('Relu', (g, x) => g.Relu(squared(g, x))),
  check('LeakyRelu', (g, x) => g.LeakyRelu(squared(g, x)), single),
  check('LeakyRelu, alpha', (g, x) => g.LeakyRelu(squared(g, x), { alpha: 0.3 }), single),
  gradientCase(
    'PRelu, a slope a column',
    { x: tensor('float32', numbers), slope: { dims: [4] } },
    (g, { x, slope }) => g.PRelu(squared(g, x), slope),
    single,
  ),
  gradientCase(
    'PRelu, one slope',
    { x: tensor('float32', numbers), slope: { dims: [1, 1] } },
    (g, { x, slope }) => g.PRelu(x, g.Mul(slope, slope)),
    single,
  ),
  check('Elu', (g, x) => g.Elu(x), single),
  check('Elu, alpha', (g, x) => g.Elu(x, { alpha: 0.4 }), single),
  check('Celu', (g, x) => g.Celu(x), single),
  check('Celu, alpha', (g, x) => g.Celu(x, { alpha: 0.4 }), single),
  check('Selu', (g, x) => g.Selu(x), single),
  check('Selu, alpha and gamma', (g, x) => g.Selu(x, { alpha: 1.2, gamma: 0.8 }), single),
  check('ThresholdedRelu', (g, x) => g.ThresholdedRelu(squared(g, x), { alpha: 0.8 }), single),
  check('Sigmoid', (g, x) => g.Sigmoid(x)),
  check('HardSigmoid', (g, x) => g.HardSigmoid(squared(g, x), { alpha: 0.3, beta: 0.4 }), single),
  check('Softplus', (g, x) => g.Softplus(x), single),
  check('Softsign', (g, x) => g.Softsign(x), single),
  check('HardSwish', (g, x) => g.HardSwish(x), single),
  check('Mish', (g, x) => g.Mish(x), single),
  check('Gelu', (g, x) => g.Gelu(x), single),
  check('Gelu, tanh', (g, x) => g.Gelu(x, { approximate: 'tanh' }), single),
  check('Softmax', (g, x) => g.Softmax(x)),
  check('Softmax along the first axis', (g, x) => g.Softmax(x, { axis: 0 })),
  check('Softmax over one class', (g, x) => g.Softmax(g.Reshape(x, [12, 1]))),
  check('LogSoftmax', (g, x) => g.LogSoftmax(x)),
  check('LogSoftmax along the first axis', (g, x) => g.LogSoftmax(x, { axis: -2 })),
];
