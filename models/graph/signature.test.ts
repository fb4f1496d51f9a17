/** What counts as an image classifier, and in which words the others are refused. */
import { expect, test } from 'vitest';
import { ModelError } from '../errors';
import type { DType } from '../tensor/dtype';
import { createBuilder } from './builder';
import type { Builder } from './builder-type';
import { encodeGraph } from './encode-graph';
import type { Value } from './ir';
import { labelsInMetadata, parseLabels } from './labels';
import { withMetadata } from './metadata';
import type { ModelProto } from './proto/onnx_pb';
import { findClassifierSignature } from './signature';
import type { Axis } from './values';

type End = readonly [name: string, dtype: DType, axes: readonly Axis[]];

type Inside = (g: Builder, x: Value) => void;

/** A file with the given ends; what makes the outputs is of no interest. */
function model(inputs: readonly End[], outputs: readonly End[], inside?: Inside): ModelProto {
  const g = createBuilder();
  const [x] = inputs.map((end) => g.input(...end));
  if (x) inside?.(g, x);
  for (const [name, dtype, shape] of outputs) {
    const [made] = g.node({ op: 'Anything', domain: 'test', inputs: [], types: [{ dtype, shape }] });
    g.output(name, made!);
  }
  return encodeGraph(g.build('ends'));
}

const classes: End = ['y', 'float32', ['N', 10]];
const image = (axes: readonly Axis[], dtype: DType = 'float32'): End => ['x', dtype, axes];

test.each([
  [image(['N', 3, 224, 192]), { axes: 'NCHW', channels: 3, height: 224, width: 192, maxBatch: 0 }],
  [image([1, 224, 192, 3]), { axes: 'NHWC', channels: 3, height: 224, width: 192, maxBatch: 1 }],
  [image(['?', 1, 28, 28]), { axes: 'NCHW', channels: 1, height: 28, width: 28, maxBatch: 0 }],
  [image(['N', 28, 28]), { axes: 'NHW', channels: 1, height: 28, width: 28, maxBatch: 0 }],
  [image([1, 28, 28]), { axes: 'NHW', channels: 1, height: 28, width: 28, maxBatch: 1 }],
  [image([3, 64, 64]), { axes: 'CHW', channels: 3, height: 64, width: 64, maxBatch: 1 }],
  [image([64, 64, 3], 'uint8'), { axes: 'HWC', channels: 3, dtype: 'uint8', maxBatch: 1 }],
  [image(['N', 3, 'h', 'w'], 'float16'), { axes: 'NCHW', channels: 3, height: 0, width: 0, dtype: 'float16' }],
] as const)('picture input %j', (end, expected) => {
  expect(findClassifierSignature(model([end], [classes])).input).toMatchObject({ name: 'x', ...expected });
});

test.each([
  [['p', 'float32', [1, 10]], { rank: 2, classes: 10 }],
  [['p', 'float16', ['N', 10, 1, 1]], { rank: 4, classes: 10, dtype: 'float16' }],
  [['p', 'float32', ['N', 1, 1, 10]], { rank: 4, classes: 10 }],
  [['p', 'float32', [10]], { rank: 1, classes: 10 }],
  [['p', 'float32', ['N', 'C']], { rank: 2, classes: 0 }],
] as const)('class output %j', (end, expected) => {
  expect(findClassifierSignature(model([image(['N', 3, 8, 8])], [end])).output).toMatchObject({
    name: 'p',
    ...expected,
  });
});

test('of several outputs the one named like classes is taken', () => {
  const outputs: End[] = [
    ['features', 'float32', ['N', 1280]],
    ['logits', 'float32', ['N', 10]],
  ];
  expect(findClassifierSignature(model([image(['N', 3, 8, 8])], outputs)).output.name).toBe('logits');
});

test('where sizes do not tell, the first convolution does', () => {
  const convolve: Inside = (g, x) => g.Conv(g.Mul(x, 2), g.floats(Array<number>(4 * 3).fill(1), [4, 3, 1, 1]));
  const open = image(['N', 'a', 'b', 'c']);
  const direct = model([open], [classes], convolve);
  expect(findClassifierSignature(direct).input).toMatchObject({ axes: 'NCHW', channels: 3 });
  const turned = model([open], [classes], (g, x) => convolve(g, g.Transpose(x, { perm: [0, 3, 1, 2] })));
  expect(findClassifierSignature(turned).input).toMatchObject({ axes: 'NHWC', channels: 3 });
  const blind = model([open], [classes]);
  expect(findClassifierSignature(blind).input).toMatchObject({ axes: 'NCHW', channels: 3 });
  expect(findClassifierSignature(blind, 'nhwc').input).toMatchObject({ axes: 'NHWC', channels: 3 });
});

const good = image(['N', 3, 8, 8]);
test.each<[string, End[], End[], RegExp]>([
  [
    'five inputs',
    [good, ...['a', 'b', 'c', 'd'].map((n): End => [n, 'float32', [1]])],
    [classes],
    /this one has 5 inputs/,
  ],
  ['no input', [], [classes], /this one has 0 inputs\. This model takes nothing and gives y: float32 \[N, 10\]/],
  ['texts', [['x', 'string', ['N']]], [classes], /cannot hold a picture/],
  ['numbers', [image(['N', 784])], [classes], /2 axes in place of 3 or 4/],
  ['video', [image(['N', 3, 16, 112, 112])], [classes], /5 axes in place of 3 or 4/],
  [
    'a giant',
    [image(['N', 3, 8, 2 ** 40])],
    [classes],
    /wants pictures of 1099511627776 x 8 pixels, over the limit of 4096/,
  ],
  ['four channels', [image(['N', 4, 8, 8])], [classes], /4 channels in place of 1 or 3/],
  ['a fixed batch', [image([8, 3, 8, 8])], [classes], /insists on 8 pictures at once/],
  [
    'a mask',
    [good],
    [['mask', 'float32', ['N', 1, 8, 8]]],
    /no output here has that form.*x: float32 \[N, 3, 8, 8\].*mask: float32/,
  ],
  ['one number', [good], [['age', 'float32', ['N', 1]]], /no output here has that form/],
  ['labels only', [good], [['label', 'int64', ['N']]], /no output here has that form/],
])('refuses %s', (_name, inputs, outputs, words) => {
  const refused = (): unknown => findClassifierSignature(model(inputs, outputs));
  expect(refused).toThrow(words);
  expect(refused).toThrow(ModelError);
});

test.each([
  ['["cat", "dog"]', ['cat', 'dog']],
  ['{"0": "cat", "1": "dog"}', ['cat', 'dog']],
  ['{"dog": 1, "cat": 0}', ['cat', 'dog']],
  [`{0: 'cat', 1: "dog's", 2: 'it\\'s'}`, ['cat', "dog's", "it's"]],
  ['cat\r\ndog\n\n', ['cat', 'dog']],
  ['{"0": "cat", "2": "dog"}', []],
  ['[1, 2]', []],
  ['{"a": {"b": 1}}', []],
])('labels in %j', (text, expected) => {
  expect(parseLabels(text)).toEqual(expected);
});

test('labels are found in the metadata', () => {
  const bare = model([good], [classes]);
  expect(labelsInMetadata(bare)).toEqual([]);
  expect(labelsInMetadata(withMetadata(bare, 'names', "{0: 'cat', 1: 'dog'}"))).toEqual(['cat', 'dog']);
});
