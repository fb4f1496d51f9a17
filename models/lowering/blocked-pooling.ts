/** Pooling in the blocked layout. */
import type { Builder } from '../graph/builder-type';
import type { GraphNode, Value } from '../graph/ir';
import { stepMask } from './rewrites';

const listOf = (node: GraphNode, name: string): readonly number[] => {
  const value = node.attributes[name];
  return Array.isArray(value) ? value.map(Number) : [];
};

/** MaxPool of one output without ceil_mode and dilations; `x` is blocked [N, C/b, H, W, b]. */
export function blockedMaxPool(g: Builder, node: GraphNode, x: Value): Value | undefined {
  const plain =
    listOf(node, 'dilations').every((dilation) => dilation === 1) && (node.attributes['ceil_mode'] ?? 0) === 0;
  const [n = 0, c = 0, h = 0, w = 0, block = 0] = x.dims;
  if (!plain || node.outputs.length > 1 || node.attributes['storage_order'] === 1) return undefined;
  const { kernel_shape: kernel, strides, pads, auto_pad: auto } = node.attributes;
  const attributes = Object.fromEntries(Object.entries({ kernel_shape: kernel, strides, pads, auto_pad: auto }).filter(([, value]) => value !== undefined)); // prettier-ignore
  const bytes = g.BlockedMaxPool(g.Reshape(x, [n, c * block, h, w]), attributes);
  const [, , height = 0, width = 0] = bytes.dims;
  return g.Reshape(bytes, [n, c, height, width, block]);
}

/**
 * Gradient of a MaxPool whose windows tile the picture. Where several elements of a window are largest they share its cotangent equally;
 * the plain form and PyTorch give it to the first. Both are subgradients, with one sum.
 */
export function blockedMaxPoolGradient(
  g: Builder,
  node: GraphNode,
  known: ReadonlyMap<Value, Value>,
): Value | undefined {
  const [x, y, dy] = node.inputs;
  const blocked = x && known.get(x);
  const result = y && known.get(y);
  if (!blocked || !result || !dy) return undefined;
  const [rows = 0, columns = 0] = listOf(node, 'kernel_shape');
  const [n = 0, c = 0, h = 0, w = 0, block = 0] = blocked.dims;
  const isTiling =
    listOf(node, 'strides').join() === [rows, columns].join() && listOf(node, 'pads').every((pad) => pad === 0);
  if (!isTiling || h % rows !== 0 || w % columns !== 0) return undefined;
  const cotangent = known.get(dy) ?? g.ToBlocked(dy, { block });
  const lines = (value: Value): Value => g.Reshape(repeatColumns(g, value, columns), [-1, 1, w * block]); // [.., 1, W b]
  const picture = g.Reshape(blocked, [-1, rows, w * block]);
  const mask = g.Reshape(stepMask(g, g.Sub(picture, lines(result)), 1), blocked.dims); // 1 where equal: nothing is larger
  const share = { kernel_shape: [rows, columns], strides: [rows, columns] };
  const bytes = g.Reshape(mask, [n, c * block, h, w]);
  const largest = g.Reshape(g.BlockedAveragePool(bytes, share), result.dims); // of each window, the part that is largest
  const each = g.Div(g.Mul(cotangent, 1 / (rows * columns)), largest);
  return g.Reshape(g.Mul(g.Reshape(mask, picture.dims), lines(each)), blocked.dims);
}

/** Every pixel of [N, C/b, H, W, b] `times` times side by side. */
function repeatColumns(g: Builder, x: Value, times: number): Value {
  const [n = 0, c = 0, h = 0, w = 0, block = 0] = x.dims;
  const opened = g.Reshape(x, [n * c * h * w, 1, block]);
  return g.Concat(...Array.from({ length: times }, () => opened), { axis: 1 });
}
