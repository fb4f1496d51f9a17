/** Sliding windows, as convolution and pooling share them: what strides, dilations, pads and auto_pad mean, one spatial axis at a time. */
import { type Dim, divideDims, isStatic, unknownDim } from '../../tensor/shape';
import type { Value } from '../ir';
import type { Failing } from './rules';

/** How the schema stores the attributes of a window. */
export const windowAttributes = {
  kernel_shape: 'ints',
  strides: 'ints',
  dilations: 'ints',
  pads: 'ints',
  auto_pad: 'string',
} as const;

/** How a window is written in a node. `pads` are all begins, then all ends. */
export interface WindowAttributes {
  readonly strides?: readonly number[];
  readonly dilations?: readonly number[];
  readonly pads?: readonly number[];
  readonly auto_pad?: string;
  readonly ceil_mode?: number;
}

/** A window along one spatial axis: taps, elements from window to window and from tap to tap, padding before and after. */
export interface Sliding {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  readonly begin: number;
  readonly end: number;
}

/** Elements from the first tap of a window to its last, both counted. */
export function reachOf({ kernel, dilation }: Sliding): number {
  return dilation * (kernel - 1) + 1;
}

/** The spatial sizes of [N, C, ...spatial]; throws with the name of the symbol to be bound where one is not known. */
export function spatialSizes(value: Value): readonly number[] {
  const sizes = value.shape.slice(2);
  return isStatic(sizes) ? sizes : value.dims.slice(2);
}

/** The spatial axes: 2, 3, ... */
export function spatialAxes(value: Value): number[] {
  return value.shape.slice(2).map((_, axis) => axis + 2);
}

const isSame = (autoPad = 'NOTSET'): boolean => autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER';

/** The window of a node along each axis of `kernel`. SAME takes its paddings from the sizes of the input. */
export function slidings(kernel: readonly number[], attributes: WindowAttributes, sizes: readonly Dim[]): Sliding[] {
  const { strides, dilations, pads, auto_pad: autoPad } = attributes;
  return kernel.map((taps, axis) => {
    const plain = { kernel: taps, stride: strides?.[axis] ?? 1, dilation: dilations?.[axis] ?? 1, begin: 0, end: 0 };
    if (autoPad === 'VALID') return plain;
    if (!isSame(autoPad)) return { ...plain, begin: pads?.[axis] ?? 0, end: pads?.[axis + kernel.length] ?? 0 };
    const size = sizes[axis];
    const overhang = typeof size === 'number' && size % plain.stride !== 0 ? size % plain.stride : plain.stride;
    return { ...plain, ...shares(Math.max(0, reachOf(plain) - overhang), autoPad === 'SAME_UPPER') };
  });
}

/** A padding split in halves; an odd one has more at the end, or at the beginning. */
export function shares(total: number, moreAtEnd: boolean): { begin: number; end: number } {
  const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
  return moreAtEnd ? { begin: less, end: more } : { begin: more, end: less };
}

/** The same window in explicit attributes. */
export function explicitWindow(axes: readonly Sliding[]): {
  strides: number[];
  dilations: number[];
  pads: number[];
} {
  return {
    strides: axes.map(({ stride }) => stride),
    dilations: axes.map(({ dilation }) => dilation),
    pads: [...axes.map(({ begin }) => begin), ...axes.map(({ end }) => end)],
  };
}

/** Sizes of the result: how many windows fit along each spatial axis. */
export function inferWindows(
  call: Failing,
  x: Value,
  kernel: readonly number[],
  attributes: WindowAttributes,
): readonly Dim[] {
  const rank = kernel.length;
  if (x.rank !== rank + 2) return call.fail(`X of rank ${rank + 2}, [N, C, ...${rank} spatial axes]`);
  checkLengths(call, rank, attributes);
  const sizes = x.shape.slice(2);
  return slidings(kernel, attributes, sizes).map((axis, k) => {
    const size = sizes[k] ?? unknownDim;
    const count = windowsAlong(axis, size, attributes);
    if (typeof count !== 'number' || count > 0) return count;
    return call.fail(`a kernel that fits: it reaches over ${reachOf(axis)} elements, spatial axis ${k} has ${size} and ${axis.begin + axis.end} of padding`); // prettier-ignore
  });
}

function checkLengths(call: Failing, rank: number, { strides, dilations, pads }: WindowAttributes): void {
  const wrong = Object.entries({ strides, dilations }).find(([, list]) => list && list.length !== rank);
  if (wrong) call.fail(`${rank} ${wrong[0]}, got [${wrong[1]?.join(', ')}]`);
  if (pads && pads.length !== 2 * rank) call.fail(`${2 * rank} pads (begins, then ends), got [${pads.join(', ')}]`);
}

function windowsAlong(axis: Sliding, size: Dim, { auto_pad: autoPad, ceil_mode: ceil = 0 }: WindowAttributes): Dim {
  const { stride, begin, end } = axis;
  const needed = reachOf(axis) - begin - end;
  if (typeof size !== 'number') return isSame(autoPad) || (needed >= 1 && needed <= stride) ? divideDims(size, stride) : unknownDim; // prettier-ignore
  if (isSame(autoPad)) return Math.ceil(size / stride);
  if (ceil !== 1) return Math.floor((size - needed) / stride) + 1;
  const count = Math.ceil((size - needed) / stride) + 1;
  return (count - 1) * stride >= size + begin ? count - 1 : count; // no window begins in the padding after the last element
}
