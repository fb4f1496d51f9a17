/** Joining and cutting along axes: Concat, Split, Slice, Pad, Tile, DepthToSpace, SpaceToDepth. */
import {
  addDims,
  contradictoryDims,
  type Dim,
  divideDims,
  isStatic,
  multiplyDims,
  unknownDim,
} from '../../tensor/shape';
import type { TensorType, Value } from '../ir';
import type { Family, InferCall, VjpCall } from '../operator';
import { allAxes, axisIn, withAxis } from './rules';

const farEnd = Number.MAX_SAFE_INTEGER;

/** One cut of Slice: axis, first element, one past the last, step; all within the axis. */
interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** The elements of a constant list of places, counts or axes. */
function knownNumbers(value: Value | undefined): readonly number[] | undefined {
  const elements = value?.type?.elements;
  return elements && isStatic(elements) ? elements : undefined;
}

/** Sizes of the pieces of Split. */
function pieces(call: InferCall<'Split'>, size: Dim): readonly Dim[] {
  const named = call.inputs[1]?.type?.elements;
  if (named) return named;
  const count = call.attributes.num_outputs ?? call.outputCount;
  if (call.inputs[1]) return Array.from({ length: count }, () => unknownDim);
  if (typeof size !== 'number') return Array.from({ length: count }, () => divideDims(size, count));
  const each = Math.ceil(size / count); // the last piece is smaller where the division leaves a rest
  return Array.from({ length: count }, (_, k) => Math.min(each, size - k * each));
}

function cutsOf(call: Pick<InferCall<'Slice'>, 'inputs' | 'fail'>): Cut[] | undefined {
  const [x, starts, ends, axes, steps] = call.inputs;
  const begin = knownNumbers(starts);
  const stop = knownNumbers(ends);
  const along = axes ? knownNumbers(axes) : begin && allAxes(begin.length);
  const strides = steps ? knownNumbers(steps) : [];
  if (!begin || !stop || !along || !strides) return undefined;
  return along.map((named, index) => {
    const axis = axisIn(call, named, x.rank);
    const size = x.shape[axis] ?? unknownDim;
    const step = strides[index] ?? 1;
    const limit = typeof size === 'number' ? size : farEnd;
    const place = (wanted = 0): number => {
      const positive = wanted < 0 ? wanted + limit : wanted;
      return step > 0 ? Math.min(Math.max(positive, 0), limit) : Math.min(Math.max(positive, -1), limit - 1);
    };
    return { axis, start: place(begin[index]), end: place(stop[index]), step };
  });
}

function inferSlice(call: InferCall<'Slice'>): TensorType {
  const [x] = call.inputs;
  const cuts = cutsOf(call);
  if (!cuts) {
    const along = knownNumbers(call.inputs[3])?.map((axis) => axisIn(call, axis, x.rank)) ?? allAxes(x.rank);
    return { dtype: x.dtype, shape: x.shape.map((dim, axis) => (along.includes(axis) ? unknownDim : dim)) };
  }
  const shape = [...x.shape];
  for (const { axis, start, end, step } of cuts) {
    const length = Math.max(0, Math.ceil((end - start) / step));
    if (typeof x.shape[axis] === 'number') shape[axis] = length;
    else if (length > 1 && (start > 0 || end < farEnd || step !== 1)) shape[axis] = unknownDim;
    else if (length <= 1) shape[axis] = length; // an axis that is named has at least one element
  }
  const [only] = cuts;
  const elements = x.type?.elements;
  if (!elements || x.rank !== 1 || only?.step !== 1) return { dtype: x.dtype, shape };
  return { dtype: x.dtype, shape, elements: elements.slice(only.start, only.end) };
}

/** Zeros round the cotangent; steps above 1 put zeros between its elements, negative ones turn it round first. */
function vjpSlice({ g, inputs: [x], dy }: VjpCall<'Slice'>, cuts: readonly Cut[]): Value[] {
  let spread = dy;
  const before = allAxes(x.rank).map(() => 0);
  const after = allAxes(x.rank).map(() => 0);
  for (const { axis, start, step } of cuts) {
    const size = x.dims[axis] ?? 0;
    const count = dy.dims[axis] ?? 0;
    if (step < 0) spread = g.Slice(spread, [-1], [-farEnd], [axis], [-1]);
    const stride = Math.abs(step);
    if (stride > 1) spread = withZerosBetween(g, spread, axis, stride);
    const length = count === 0 ? 0 : (count - 1) * stride + 1;
    const first = step < 0 ? start - (length - 1) : start;
    before[axis] = count === 0 ? 0 : first;
    after[axis] = size - length - (before[axis] ?? 0);
  }
  return [g.Pad(spread, [...before, ...after])];
}

/** stride - 1 zeros between neighbours along an axis: n becomes (n - 1) * stride + 1. */
function withZerosBetween(g: VjpCall<'Slice'>['g'], x: Value, axis: number, stride: number): Value {
  const count = x.dims[axis] ?? 0;
  const opened = g.Unsqueeze(x, [axis + 1]); // [..., n, 1, ...]
  const pads = allAxes(opened.rank).map(() => 0);
  const padded = g.Pad(opened, [...pads, ...withAxis(pads, axis + 1, stride - 1).map(Number)]); // [..., n, stride, ...]
  const joined = g.Reshape(padded, withAxis(x.dims, axis, count * stride).map(Number));
  return g.Slice(joined, [0], [Math.max(0, (count - 1) * stride + 1)], [axis]);
}

/** Elements of all inputs one after the other; undefined when one's are not known. */
function joinedElements(inputs: readonly Value[]): readonly Dim[] | undefined {
  const all: Dim[] = [];
  for (const input of inputs) {
    const elements = input.type?.elements;
    if (!elements) return undefined;
    all.push(...elements);
  }
  return all.length <= 64 ? all : undefined;
}

export const joining: Family<'Concat' | 'Split' | 'Slice' | 'Pad' | 'Tile' | 'DepthToSpace' | 'SpaceToDepth'> = {
  Concat: {
    docs: 'Inputs joined along one axis; all other axes agree.',
    attributes: { axis: 'int' },
    infer: (call) => {
      const [first] = call.inputs;
      if (first === undefined) return call.fail('at least one input');
      const axis = axisIn(call, call.attributes.axis, first.rank);
      let total: Dim = 0;
      for (const input of call.inputs) {
        const differs = input.shape.some(
          (dim, at) => at !== axis && contradictoryDims(dim, first.shape[at] ?? unknownDim),
        );
        if (input.rank !== first.rank || differs) return call.fail(`equal sizes in all axes but ${axis}`);
        if (input.dtype !== first.dtype) return call.fail('inputs of one element type', 'graph/type-mismatch');
        total = addDims(total, input.shape[axis] ?? unknownDim);
      }
      const elements = first.rank === 1 ? joinedElements(call.inputs) : undefined;
      return { dtype: first.dtype, shape: withAxis(first.shape, axis, total), ...(elements && { elements }) };
    },
    vjp: ({ g, inputs, attributes: { axis }, dy }) => {
      if (inputs.length === 1) return [dy];
      const at = axis < 0 ? axis + dy.rank : axis;
      return g.Split(dy, inputs.map((input) => input.dims[at] ?? 0), { axis: at }); // prettier-ignore
    },
  },
  Split: {
    docs: 'X cut along one axis (0) into pieces of the sizes in `split`, or into num_outputs equal ones.',
    attributes: { axis: 'int', num_outputs: 'int' },
    hasSeveralOutputs: true,
    infer: (call) => {
      const [x] = call.inputs;
      const axis = axisIn(call, call.attributes.axis ?? 0, x.rank);
      const size = x.shape[axis] ?? unknownDim;
      const sizes = pieces(call, size);
      if (contradictoryDims(sizes.reduce(addDims, 0), size)) return call.fail(`pieces that add up to ${size}`);
      return sizes.map((dim) => ({ dtype: x.dtype, shape: withAxis(x.shape, axis, dim) }));
    },
    vjp: ({ g, outputs, cotangents, attributes: { axis = 0 } }) => {
      const parts = outputs.map((output, index) => cotangents[index] ?? (output && g.fullLike(output, 0)));
      return [g.Concat(...parts.filter((part) => part !== undefined), { axis })];
    },
  },
  Slice: {
    docs: 'Elements from `starts` to before `ends` by `steps`, along `axes`; negative places count from the end.',
    attributes: {},
    infer: inferSlice,
    vjp: (call) => {
      const cuts = cutsOf({ inputs: call.inputs, fail: unreachable });
      return cuts ? vjpSlice(call, cuts) : 'missing';
    },
  },
  Pad: {
    docs: 'X with elements added before and after each axis: `pads` holds all begins, then all ends. Mode constant, reflect, edge or wrap; the gradient is that of constant.',
    attributes: { mode: 'string' },
    infer: (call) => {
      const [x, pads, , axes] = call.inputs;
      const amounts = knownNumbers(pads);
      const along = axes ? knownNumbers(axes)?.map((axis) => axisIn(call, axis, x.rank)) : allAxes(x.rank);
      if (!amounts || !along) return { dtype: x.dtype, shape: x.shape.map(() => unknownDim) };
      if (amounts.length !== 2 * along.length) return call.fail(`${2 * along.length} pads, got ${amounts.length}`);
      const shape = [...x.shape];
      along.forEach((axis, index) => {
        const around = (amounts[index] ?? 0) + (amounts[index + along.length] ?? 0);
        const dim = shape[axis] ?? unknownDim;
        shape[axis] = typeof dim === 'number' ? dim + around : around === 0 ? dim : unknownDim;
      });
      return { dtype: x.dtype, shape };
    },
    vjp: ({ g, inputs: [, pads, value, axes], attributes: { mode = 'constant' }, dy }) => {
      const amounts = g.integersOf(pads);
      if (!amounts || mode !== 'constant') return 'missing';
      const dx = g.Pad(
        dy,
        amounts.map((amount) => -amount),
        undefined,
        axes,
        {},
      ); // cuts what was added, fills what was cut
      const all = value && g.ReduceSum(dy, { keepdims: 0 });
      return [dx, undefined, all && g.Sub(all, g.ReduceSum(dx, { keepdims: 0 }))];
    },
  },
  Tile: {
    docs: 'X repeated `repeats[k]` times along each axis k.',
    attributes: {},
    infer: ({ inputs: [x, repeats] }) => {
      const times = repeats.type?.elements;
      return { dtype: x.dtype, shape: x.shape.map((dim, axis) => multiplyDims(dim, times?.[axis] ?? unknownDim)) };
    },
    vjp: ({ g, inputs: [x, repeats], dy }) => {
      const times = g.integersOf(repeats);
      if (!times) return 'missing';
      const opened = x.dims.flatMap((dim, axis) => [times[axis] ?? 1, dim]); // [t0, d0, t1, d1, ...]
      return [g.ReduceSum(g.Reshape(dy, opened), x.dims.map((_, axis) => 2 * axis), { keepdims: 0 })]; // prettier-ignore
    },
  },
  DepthToSpace: {
    docs: 'Channels to blocks of pixels: [N, C*b*b, H, W] -> [N, C, H*b, W*b]. Mode DCR takes the block from the outer part of the channel axis, CRD from the inner.',
    attributes: { blocksize: 'int', mode: 'string' },
    infer: (call) => {
      const [x] = call.inputs;
      const [n = unknownDim, c = unknownDim, h = unknownDim, w = unknownDim] = x.shape;
      const { blocksize: b } = call.attributes;
      const channels = divideDims(c, b * b);
      if (x.rank !== 4 || (typeof c === 'number' && typeof channels !== 'number'))
        return call.fail(`[N, C*${b * b}, H, W]`);
      return { dtype: x.dtype, shape: [n, channels, multiplyDims(h, b), multiplyDims(w, b)] };
    },
    vjp: ({ g, inputs: [x], attributes: { blocksize: b, mode = 'DCR' }, dy }) => {
      if (mode === 'DCR') return [g.SpaceToDepth(dy, { blocksize: b })];
      const [n = 0, c = 0, h = 0, w = 0] = x.dims;
      const blocks = g.Reshape(dy, [n, c / (b * b), h, b, w, b]);
      return [g.Reshape(g.Transpose(blocks, { perm: [0, 1, 3, 5, 2, 4] }), [n, c, h, w])];
    },
  },
  SpaceToDepth: {
    docs: 'Blocks of pixels to channels: [N, C, H*b, W*b] -> [N, b*b*C, H, W], the block outermost (the inverse of DepthToSpace, mode DCR).',
    attributes: { blocksize: 'int' },
    infer: (call) => {
      const [x] = call.inputs;
      const [n = unknownDim, c = unknownDim, h = unknownDim, w = unknownDim] = x.shape;
      const { blocksize: b } = call.attributes;
      if (x.rank !== 4) return call.fail('[N, C, H, W]');
      return { dtype: x.dtype, shape: [n, multiplyDims(c, b * b), divideDims(h, b), divideDims(w, b)] };
    },
    vjp: ({ g, attributes: { blocksize }, dy }) => [g.DepthToSpace(dy, { blocksize, mode: 'DCR' })],
  },
};

function unreachable(): never {
  throw new Error('Inference accepted this node.');
}
