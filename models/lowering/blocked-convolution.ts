/**
 * Convolution and its gradients by the runtime's blocked kernels, which take weights as inputs and are two to three times as fast as the
 * plain ones where they exist. Each function writes one node anew or says that it cannot. Blocked values are tensors [N, C/b, H, W, b].
 */
import type { Builder } from '../graph/builder-type';
import type { GraphNode, Value } from '../graph/ir';
import { explicitWindow, type Sliding, slidings, spatialSizes } from '../graph/ops/window';
import type { NodeCall } from './formulation';

/** x as blocked bytes, declared [N, C, H, W] as the runtime's kernels want it. */
function asBytes(g: Builder, x: Value, block: number): Value {
  const [, channels = 0] = x.dims;
  return channels < block ? x : g.Reshape(g.ToBlocked(x, { block }), x.dims);
}

/** Bytes that a blocked kernel made, as an ordinary tensor. */
function fromBytes(g: Builder, y: Value, block: number): Value {
  return g.FromBlocked(blockedView(g, y, block));
}

function blockedView(g: Builder, y: Value, block: number): Value {
  const [n = 0, c = 0, h = 0, w = 0] = y.dims;
  return g.Reshape(y, [n, c / block, h, w, block]);
}

/**
 * Kernels [M, C, h, w] in the order that blocked kernels read: [M/b, C/b, h, w, b of C, b of M], or [M/b, C, h, w, b of M] for images of few
 * channels. The runtime's reorder brings b of M inside, then a transpose moves whole blocks, which is much faster than one transpose.
 */
function blockWeights(g: Builder, w: Value, block: number): Value {
  const [m = 0, c = 0, height = 0, width = 0] = w.dims;
  const inside = g.ToBlocked(g.Reshape(w, [m / block, block, c * height, width]), { block }); // [M/b, 1, C h, w, b of M]
  if (c < block) return g.Reshape(inside, [m / block, c, height, width, block]);
  const split = g.Reshape(inside, [m / block, c / block, block, height * width, block]);
  return g.Reshape(g.Transpose(split, { perm: [0, 1, 3, 2, 4] }), [m / block, c / block, height, width, block, block]);
}

/** Kernels of a transposed convolution, [C, M, h, w], in the same order. */
function blockTransposedWeights(g: Builder, w: Value, block: number): Value {
  const [c = 0, m = 0, height = 0, width = 0] = w.dims;
  const inside = g.ToBlocked(g.Reshape(w, [(c * m) / block, block, height, width]), { block }); // [C M/b, 1, h, w, b of M]
  const split = g.Reshape(inside, [c / block, block, m / block, height * width, block]);
  return g.Reshape(g.Transpose(split, { perm: [2, 0, 3, 1, 4] }), [m / block, c / block, height, width, block, block]);
}

/** Blocked kernels as the bytes that the runtime takes, declared [M, C, h, w]. */
function weightBytes(g: Builder, w: Value): Value {
  const [outer = 0, inner = 0, height = 0, width = 0, ...block] = w.dims;
  const [first = 1, second] = block;
  return g.Reshape(
    w,
    second === undefined ? [outer * first, inner, height, width] : [outer * second, inner * first, height, width],
  );
}

/** Whether a kernel can make `made` channels out of `given`; images of few channels stay plain. */
function fits(given: number, made: number, block: number): boolean {
  return made % block === 0 && (given % block === 0 || given < block) && block > 1;
}

function windowOf(node: GraphNode, kernel: readonly number[], sizes: readonly number[]): Sliding[] {
  return slidings(kernel, node.attributes, sizes);
}

const groupOf = (node: GraphNode): number =>
  typeof node.attributes['group'] === 'number' ? node.attributes['group'] : 1;

/** Conv. */
export function blockedForward({ g, node, inputs: [x, w, bias], block }: NodeCall): Value | undefined {
  if (!x || !w || x.rank !== 4 || groupOf(node) !== 1 || !fits(x.dims[1] ?? 0, w.dims[0] ?? 0, block)) return undefined;
  const kernel = spatialSizes(w);
  const attributes = { kernel_shape: kernel, ...explicitWindow(windowOf(node, kernel, spatialSizes(x))) };
  const weights = weightBytes(g, blockWeights(g, w, block));
  const bytes = asBytes(g, x, block);
  return fromBytes(
    g,
    bias ? g.BlockedConv(bytes, weights, bias, attributes) : g.BlockedConv(bytes, weights, attributes),
    block,
  );
}

/** ConvTranspose: one Conv with turned kernels for each phase of the stride, interleaved. */
export function blockedTransposed({ g, node, inputs: [x, w, bias], output, block }: NodeCall): Value | undefined {
  const [given = 0, made = 0] = w?.dims ?? [];
  if (!x || !w || x.rank !== 4 || groupOf(node) !== 1 || !fits(given, made, block) || given < block) return undefined;
  const axes = windowOf(node, spatialSizes(w), spatialSizes(x));
  const sizes = spatialSizes(output);
  const phases = axes.map((axis, k) => phasesOf(axis, spatialSizes(x)[k] ?? 0, sizes[k] ?? 0));
  const [rows, columns] = phases;
  if (!rows || !columns || node.attributes['output_shape'] !== undefined) return undefined;
  const weights = blockTransposedWeights(g, w, block);
  const bytes = asBytes(g, x, block);
  const lines = rows.map((row) => {
    const parts = columns.map((column) => {
      const kernel = weightBytes(g, taps(g, weights, row, column));
      const pads = [row.begin, column.begin, row.end, column.end];
      const attributes = { kernel_shape: [row.count, column.count], pads };
      return blockedView(
        g,
        bias ? g.BlockedConv(bytes, kernel, bias, attributes) : g.BlockedConv(bytes, kernel, attributes),
        block,
      );
    });
    return interleave(g, parts, 3);
  });
  return g.FromBlocked(interleave(g, lines, 2));
}

/** One phase of a stride: the taps that reach it (last first, `step` apart) and the paddings of its convolution. */
interface Phase {
  readonly first: number;
  readonly step: number;
  readonly count: number;
  readonly begin: number;
  readonly end: number;
}

/**
 * Result element o = j s + r gathers image elements i = j + q - t through taps k = k0 + t s, where k0 = (r + p) mod s and q = (r + p - k0) / s:
 * a correlation with the taps turned round. Undefined where a phase has no taps or would need a negative padding.
 */
function phasesOf(axis: Sliding, given: number, made: number): Phase[] | undefined {
  const { kernel, stride, dilation, begin } = axis;
  if (dilation !== 1 || made % stride !== 0) return undefined;
  const phases = Array.from({ length: stride }, (_, r): Phase => {
    const first = (r + begin) % stride;
    const shift = (r + begin - first) / stride;
    const count = Math.ceil((kernel - first) / stride);
    const before = count - 1 - shift;
    return { first, step: stride, count, begin: before, end: made / stride - given - before + count - 1 };
  });
  return phases.every((phase) => phase.count > 0 && phase.begin >= 0 && phase.end >= 0) ? phases : undefined;
}

/** The taps of blocked kernels [M/b, C/b, h, w, b, b] that a phase uses, last first. */
function taps(g: Builder, w: Value, row: Phase, column: Phase): Value {
  const lastOf = ({ first, step, count }: Phase): number => first + (count - 1) * step;
  const endOf = ({ first }: Phase): number => (first === 0 ? -Number.MAX_SAFE_INTEGER : first - 1);
  const starts = [lastOf(row), lastOf(column)];
  return g.Slice(w, starts, [endOf(row), endOf(column)], [2, 3], [-row.step, -column.step]);
}

/** Blocked parts of equal shape, element by element in turn along one axis: [.., n, ..] x s -> [.., n s, ..]. */
function interleave(g: Builder, parts: readonly Value[], axis: number): Value {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first ?? g.floats([]);
  const joined = g.Concat(...parts.map((part) => g.Unsqueeze(part, [axis + 1])), { axis: axis + 1 });
  return g.Reshape(joined, first.dims.map((dim, k) => (k === axis ? dim * parts.length : dim))); // prettier-ignore
}

/**
 * ConvWeightGradient as a Conv whose batch are X's channels, whose channels are the batch, and whose kernels are dY: strides and dilations
 * change places. Paddings are written out first, as padded kernels run slower.
 */
export function blockedWeightGradient({ g, node, inputs: [x, dy], output, block }: NodeCall): Value | undefined {
  if (!x || !dy || x.rank !== 4 || groupOf(node) !== 1) return undefined;
  const [batch = 0, channels = 0] = x.dims;
  const [, made = 0] = dy.dims;
  if (batch % block !== 0 || !fits(channels, made, block)) return undefined;
  const kernel = spatialSizes(output);
  const [rows, columns] = windowOf(node, kernel, spatialSizes(x));
  if (!rows || !columns) return undefined;
  const image = batchAsChannels(g, x, block, [rows.begin, columns.begin, rows.end, columns.end]);
  const filters = resultAsKernels(g, dy, block);
  const all = g.BlockedConv(image, filters, {
    kernel_shape: spatialSizes(dy),
    strides: [rows.dilation, columns.dilation],
    dilations: [rows.stride, columns.stride],
  }); // bytes of [C, M, h', w'], h' >= h
  const whole = blockedView(g, all, block); // [C, M/b, h', w', b]
  const [, , height = 0, width = 0] = whole.dims;
  const isExact = height === kernel[0] && width === kernel[1];
  const cut = isExact ? whole : g.Slice(whole, [0, 0], [...kernel], [2, 3]);
  const outside = g.Transpose(cut, { perm: [1, 0, 2, 3, 4] }); // [M/b, C, h, w, b]
  const [down = 0, across = 0] = kernel;
  return g.Reshape(g.FromBlocked(g.Reshape(outside, [made / block, 1, channels * down, across, block])), output.dims);
}

/** X [N, C, H, W] -> padded blocked bytes of [C, N, H, W]: the block of pictures goes inside first, then the channels go outside. */
function batchAsChannels(g: Builder, x: Value, block: number, pads: readonly [number, number, number, number]): Value {
  const [n = 0, c = 0, h = 0, w = 0] = x.dims;
  const [top, left, bottom, right] = pads;
  const inside = g.ToBlocked(g.Reshape(x, [n / block, block, c * h, w]), { block }); // [N/b, 1, C H, W, b]
  const outside = g.Transpose(g.Reshape(inside, [n / block, c, h * w * block]), { perm: [1, 0, 2] });
  const turned = g.Reshape(outside, [c, n / block, h, w, block]);
  const isPadded = pads.some((pad) => pad > 0);
  const padded = isPadded ? g.Pad(turned, [0, 0, top, left, 0, 0, 0, bottom, right, 0]) : turned; // [C, N/b, H', W', b]
  return g.Reshape(padded, [c, n, h + top + bottom, w + left + right]);
}

/** dY [N, M, h, w] -> kernels [M, N, h, w] in blocked order [M/b, N/b, h, w, b of N, b of M]; two simple transposes are faster than one. */
function resultAsKernels(g: Builder, dy: Value, block: number): Value {
  const [n = 0, m = 0, h = 0, w = 0] = dy.dims;
  const rows = g.Reshape(g.ToBlocked(dy, { block }), [n / block, block, (m / block) * h * w, block]);
  const inside = g.Reshape(g.Transpose(rows, { perm: [0, 2, 1, 3] }), [n / block, m / block, h * w * block * block]);
  return g.Reshape(g.Transpose(inside, { perm: [1, 0, 2] }), [m, n, h, w]);
}

/**
 * ConvWeightGradient for images of few channels: each picture's patches as a matrix [C h w, pixels] times its blocked cotangent
 * [pixels, b], summed over the batch.
 */
export function columnsWeightGradient({ g, node, inputs: [x, dy], output, block }: NodeCall): Value | undefined {
  if (!x || !dy || x.rank !== 4 || groupOf(node) !== 1 || block < 2) return undefined;
  const [batch = 0, channels = 0] = x.dims;
  const [, made = 0, height = 0, width = 0] = dy.dims;
  const [tapsDown = 0, tapsAcross = 0] = spatialSizes(output);
  const [rows, columns] = windowOf(node, spatialSizes(output), spatialSizes(x));
  const patch = channels * tapsDown * tapsAcross;
  if (!rows || !columns || made % block !== 0 || patch > mostPatchElements) return undefined;
  const padded = g.Pad(x, [0, 0, rows.begin, columns.begin, 0, 0, rows.end, columns.end]);
  const shifted = pairsBelow(tapsDown, tapsAcross).map(([down, across]) => {
    const [top, left] = [down * rows.dilation, across * columns.dilation];
    const ends = [top + (height - 1) * rows.stride + 1, left + (width - 1) * columns.stride + 1];
    return g.Unsqueeze(g.Slice(padded, [top, left], ends, [2, 3], [rows.stride, columns.stride]), [2]); // [N, C, 1, h, w]
  });
  const patches = g.Reshape(g.Concat(...shifted, { axis: 2 }), [batch, 1, patch, height * width]);
  const cotangents = g.Reshape(g.ToBlocked(dy, { block }), [batch, made / block, height * width, block]);
  const sums = g.ReduceSum(g.MatMul(patches, cotangents), [0], { keepdims: 0 }); // [M/b, C h w, b]
  return g.Reshape(g.Transpose(sums, { perm: [0, 2, 1] }), output.dims);
}

/** Above this, a patch matrix costs more than it saves. */
const mostPatchElements = 64;

function pairsBelow(rows: number, columns: number): [number, number][] {
  return Array.from({ length: rows * columns }, (_, k): [number, number] => [Math.floor(k / columns), k % columns]);
}
