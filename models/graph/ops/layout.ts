/** Operators that move elements without changing them: reshaping, transposing, joining, cutting, repeating. */
import { broadcastShapes, type Dim, divideDims, multiplyDims, shapeSize, unknownDim } from '../../tensor/shape';
import type { Family } from '../operator';
import { joining } from './joining';
import { axisIn, inversePermutation, unbroadcast } from './rules';

type Layout =
  'Reshape' | 'Flatten' | 'Squeeze' | 'Unsqueeze' | 'Transpose' | 'Expand' | 'Shape' | 'Size' | keyof typeof joining;

export const layout: Family<Layout> = {
  ...joining,
  Reshape: {
    docs: 'The same elements in another shape. -1 stands for the size that is left, 0 for the size at the same place of X (unless allowzero=1).',
    attributes: { allowzero: 'int' },
    infer: (call) => {
      const [x, target] = call.inputs;
      const wanted = target.type?.elements;
      if (wanted === undefined) {
        const [rank] = target.shape;
        if (typeof rank !== 'number') return call.fail('a target shape of known length');
        return { dtype: x.dtype, shape: Array.from({ length: rank }, () => unknownDim) };
      }
      const sizes = wanted.map((dim, axis) =>
        dim === 0 && call.attributes.allowzero !== 1 ? (x.shape[axis] ?? 0) : dim,
      );
      const others = shapeSize(sizes.filter((dim) => dim !== -1));
      const whole = shapeSize(x.shape);
      const rest = others === 0 ? 0 : divideDims(whole, others);
      const shape = sizes.map((dim) => (dim === -1 ? rest : dim));
      const made = shapeSize(shape);
      const isFraction = typeof others === 'number' && typeof made !== 'number' && sizes.includes(-1);
      const isImpossible = typeof whole === 'number' && (typeof made === 'number' ? made !== whole : isFraction);
      if (isImpossible) return call.fail(`a target of ${whole} elements, got [${wanted.join(', ')}]`);
      return { dtype: x.dtype, shape, ...(x.type?.elements && shape.length <= 1 && { elements: x.type.elements }) };
    },
    vjp: ({ g, inputs: [x], dy }) => [g.Reshape(dy, g.shapeOf(x))],
  },
  Flatten: {
    docs: 'Two axes: the product of the axes before `axis` (1), and of those from it on.',
    attributes: { axis: 'int' },
    infer: (call) => {
      const [x] = call.inputs;
      const { axis = 1 } = call.attributes;
      const at = axis < 0 ? axis + x.rank : axis;
      return { dtype: x.dtype, shape: [shapeSize(x.shape.slice(0, at)), shapeSize(x.shape.slice(at))] };
    },
    vjp: ({ g, inputs: [x], dy }) => [g.Reshape(dy, g.shapeOf(x))],
  },
  Squeeze: {
    docs: 'Without the named axes of size 1 (without all of size 1 when none is named).',
    attributes: {},
    infer: (call) => {
      const [x, axes] = call.inputs;
      if (axes && !axes.type?.elements) return call.fail('axes that are a constant');
      const named = axes?.type?.elements?.map((axis) => axisIn(call, Number(axis), x.rank));
      const gone = named ?? x.shape.flatMap((dim, axis) => (dim === 1 ? [axis] : []));
      const wrong = gone.find((axis) => typeof x.shape[axis] === 'number' && x.shape[axis] !== 1);
      if (wrong !== undefined) return call.fail(`size 1 at axis ${wrong}`);
      const shape = x.shape.filter((_, axis) => !gone.includes(axis));
      return { dtype: x.dtype, shape, ...(x.type?.elements && { elements: x.type.elements }) };
    },
    vjp: ({ g, inputs: [x], dy }) => [g.Reshape(dy, g.shapeOf(x))],
  },
  Unsqueeze: {
    docs: 'With axes of size 1 put in, at places counted in the result.',
    attributes: {},
    infer: (call) => {
      const [x, axes] = call.inputs;
      const named = axes.type?.elements;
      if (!named) return call.fail('axes that are a constant');
      const rank = x.rank + named.length;
      const added = new Set(named.map((axis) => axisIn(call, Number(axis), rank)));
      const rest = [...x.shape];
      const shape = Array.from({ length: rank }, (_, axis): Dim => (added.has(axis) ? 1 : (rest.shift() ?? 1)));
      return { dtype: x.dtype, shape, ...(x.type?.elements && rank === 1 && { elements: x.type.elements }) };
    },
    vjp: ({ g, inputs: [x], dy }) => [g.Reshape(dy, g.shapeOf(x))],
  },
  Transpose: {
    docs: 'Axes in another order: axis k of the result is axis perm[k] of X. Without perm the order is turned round.',
    attributes: { perm: 'ints' },
    infer: (call) => {
      const [x] = call.inputs;
      const perm = call.attributes.perm ?? x.shape.map((_, axis) => x.rank - 1 - axis);
      if ([...perm].sort((a, b) => a - b).join() !== x.shape.map((_, axis) => axis).join()) {
        return call.fail(`a permutation of ${x.rank} axes, got [${perm.join(', ')}]`);
      }
      return { dtype: x.dtype, shape: perm.map((axis) => x.shape[axis] ?? unknownDim) };
    },
    vjp: ({ g, attributes: { perm }, dy }) => [
      perm ? g.Transpose(dy, { perm: inversePermutation(perm) }) : g.Transpose(dy),
    ],
  },
  Expand: {
    docs: 'Repeated to a shape by the rules of broadcasting.',
    attributes: {},
    infer: (call) => {
      const [x, target] = call.inputs;
      const wanted = target.type?.elements;
      if (wanted) {
        const shape = broadcastShapes(x.shape, wanted);
        return shape
          ? { dtype: x.dtype, shape }
          : call.fail(`a target that X broadcasts to, got [${wanted.join(', ')}]`);
      }
      const [rank] = target.shape;
      if (typeof rank !== 'number') return call.fail('a target shape of known length');
      return { dtype: x.dtype, shape: Array.from({ length: Math.max(rank, x.rank) }, () => unknownDim) };
    },
    vjp: ({ g, inputs: [x], dy }) => [unbroadcast(g, dy, x)],
  },
  Shape: {
    docs: 'The sizes of X from axis `start` to before `end`, as int64.',
    attributes: { start: 'int', end: 'int' },
    infer: ({ inputs: [x], attributes: { start = 0, end } }) => {
      const elements = x.shape.slice(start, end);
      return { dtype: 'int64', shape: [elements.length], elements };
    },
    vjp: 'zero',
  },
  Size: {
    docs: 'Number of elements of X, as int64 scalar.',
    attributes: {},
    infer: ({ inputs: [x] }) => ({ dtype: 'int64', shape: [], elements: [x.shape.reduce(multiplyDims, 1)] }),
    vjp: 'zero',
  },
};
