/** Elementary functions of one tensor, element by element. `y` in a rule is the function's own result. */
import type { Family } from '../operator';
import { inferSame } from './rules';

type Elementary =
  | ('Abs' | 'Sqrt' | 'Reciprocal' | 'Exp' | 'Log' | 'Erf' | 'Sign' | 'Floor' | 'Ceil' | 'Round' | 'Identity')
  | ('Sin' | 'Cos' | 'Tan' | 'Asin' | 'Acos' | 'Atan' | 'Sinh' | 'Cosh' | 'Asinh' | 'Acosh' | 'Atanh' | 'Tanh');

const attributes = {};
const infer = inferSame;

export const elementary: Family<Elementary> = {
  Identity: {
    docs: 'X itself.',
    attributes,
    infer: ({ inputs: [x] }) => ({
      dtype: x.dtype,
      shape: x.shape,
      ...(x.type?.elements && { elements: x.type.elements }),
    }),
    vjp: ({ dy }) => [dy],
  },
  Abs: {
    docs: '|X|; the derivative at 0 is 0.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Sign(x))],
  },
  Sqrt: { docs: 'Square root.', attributes, infer, vjp: ({ g, y, dy }) => [g.Div(g.Mul(dy, 0.5), y)] },
  Reciprocal: { docs: '1 / X.', attributes, infer, vjp: ({ g, y, dy }) => [g.Neg(g.Mul(dy, g.Mul(y, y)))] },
  Exp: { docs: 'e to the power X.', attributes, infer, vjp: ({ g, y, dy }) => [g.Mul(dy, y)] },
  Log: { docs: 'Natural logarithm.', attributes, infer, vjp: ({ g, inputs: [x], dy }) => [g.Div(dy, x)] },
  Erf: {
    docs: 'Gauss error function; derivative 2 / sqrt(pi) exp(-X^2).',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Mul(g.Exp(g.Neg(g.Mul(x, x))), 2 / Math.sqrt(Math.PI)))],
  },
  Sign: { docs: '-1, 0 or 1; flat, so its gradient is zero.', attributes, infer, vjp: 'zero' },
  Floor: { docs: 'Largest whole number not above X; flat.', attributes, infer, vjp: 'zero' },
  Ceil: { docs: 'Smallest whole number not below X; flat.', attributes, infer, vjp: 'zero' },
  Round: { docs: 'Nearest whole number, ties to even; flat.', attributes, infer, vjp: 'zero' },
  Sin: { docs: 'Sine of radians.', attributes, infer, vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Cos(x))] },
  Cos: { docs: 'Cosine of radians.', attributes, infer, vjp: ({ g, inputs: [x], dy }) => [g.Neg(g.Mul(dy, g.Sin(x)))] },
  Tan: { docs: 'Tangent of radians.', attributes, infer, vjp: ({ g, y, dy }) => [g.Mul(dy, g.Add(g.Mul(y, y), 1))] },
  Asin: {
    docs: 'Inverse sine.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Div(dy, g.Sqrt(g.Neg(g.Sub(g.Mul(x, x), 1))))],
  },
  Acos: {
    docs: 'Inverse cosine.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Neg(g.Div(dy, g.Sqrt(g.Neg(g.Sub(g.Mul(x, x), 1)))))],
  },
  Atan: {
    docs: 'Inverse tangent.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Div(dy, g.Add(g.Mul(x, x), 1))],
  },
  Sinh: { docs: 'Hyperbolic sine.', attributes, infer, vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Cosh(x))] },
  Cosh: { docs: 'Hyperbolic cosine.', attributes, infer, vjp: ({ g, inputs: [x], dy }) => [g.Mul(dy, g.Sinh(x))] },
  Asinh: {
    docs: 'Inverse hyperbolic sine.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Div(dy, g.Sqrt(g.Add(g.Mul(x, x), 1)))],
  },
  Acosh: {
    docs: 'Inverse hyperbolic cosine.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Div(dy, g.Sqrt(g.Sub(g.Mul(x, x), 1)))],
  },
  Atanh: {
    docs: 'Inverse hyperbolic tangent.',
    attributes,
    infer,
    vjp: ({ g, inputs: [x], dy }) => [g.Neg(g.Div(dy, g.Sub(g.Mul(x, x), 1)))],
  },
  Tanh: {
    docs: 'Hyperbolic tangent; derivative 1 - y^2.',
    attributes,
    infer,
    vjp: ({ g, y, dy }) => [g.Mul(dy, g.Neg(g.Sub(g.Mul(y, y), 1)))],
  },
};
