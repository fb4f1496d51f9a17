/** Wrapping: every operator set, layout, element type and output form that the signature allows, on networks small enough to check by hand. */
import { afterAll, describe, expect, test } from 'vitest';
import { type DType, dtypeNumber } from '../tensor/dtype';
import { hostTensor } from '../tensor/host-tensor';
import { liveSessions } from '../runtime/session';
import { largestGap, picture, runModel } from '../testing/run-model';
import { createBuilder } from './builder';
import { type WrapOptions, wrapImageClassifier } from './classifier';
import { decodeModel } from './decode';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { presets, type Preset } from './presets';
import { printModel } from './print';
import type { ModelProto } from './proto/onnx_pb';
import { findClassifierSignature } from './signature';
import { toTensorProto } from './tensors';
import { type Axis, valueInfo } from './values';

afterAll(() => expect(liveSessions()).toBe(0));

const plain: WrapOptions = { preset: 'raw', fit: 'stretch', givesProbabilities: true };

/** A "network" whose class scores are the mean of each channel: its answer shows exactly what it was fed. */
interface MeanNetwork {
  readonly opset?: number;
  readonly axes: readonly Axis[];
  readonly dtype?: DType;
  /** Axes to average over. */
  readonly over: readonly number[];
  readonly keeps?: boolean;
  readonly outputAxes: readonly Axis[];
  readonly outputType?: 'float32' | 'float16' | 'float64';
}

function meanNetwork(net: MeanNetwork): ModelProto {
  const opset = net.opset ?? 17;
  const g = createBuilder({ opsets: new Map([['', opset]]) });
  const image = g.input('image', net.dtype ?? 'float32', net.axes); // the wrapper's own name, on purpose, and so are those of the nodes
  const keepdims = net.keeps ? 1 : 0;
  const [mean] = g.node({
    op: 'ReduceMean',
    inputs: opset < 18 ? [g.Cast(image, { to: 1 })] : [g.Cast(image, { to: 1 }), net.over],
    attributes: opset < 18 ? { axes: net.over, keepdims } : { keepdims },
    types: [{ dtype: 'float32', shape: net.outputAxes }],
  });
  g.output('probabilities', g.Cast(mean!, { to: dtypeNumber(net.outputType ?? 'float32') }));
  return encodeGraph(g.build('mean'), { irVersion: opset < 9 ? 3 : 10 });
}

const nchw: MeanNetwork = { axes: ['N', 3, 8, 8], over: [2, 3], outputAxes: ['N', 3] };
const flat = (red: number, green: number, blue: number) => picture(12, 16, (_x, _y, c) => [red, green, blue][c]!);

async function answer(network: ModelProto, options: WrapOptions, image = flat(200, 100, 50)): Promise<number[]> {
  const wrapped = wrapImageClassifier(network, findClassifierSignature(network), options);
  return runModel(decodeModel(encodeModel(wrapped)), { image }, 'probabilities');
}

describe('what the network is fed', () => {
  test.each([7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 19, 20, 21])('operator set %i', async (opset) => {
    expect(largestGap(await answer(meanNetwork({ ...nchw, opset }), plain), [200, 100, 50])).toBeLessThan(1e-3);
  });

  // (x - mean) / spread of each colour, by hand from the published constants of each preset.
  const expected: Record<Preset, number[]> = {
    imagenet: [(200 - 123.675) / 58.395, (100 - 116.28) / 57.12, (50 - 103.53) / 57.375],
    'zero-one': [200 / 255, 100 / 255, 50 / 255],
    'minus-one-one': [200 / 127.5 - 1, 100 / 127.5 - 1, 50 / 127.5 - 1],
    caffe: [50 - 103.939, 100 - 116.779, 200 - 123.68],
    raw: [200, 100, 50],
  };
  test.each(presets)('preset %s', async (preset) => {
    const got = await answer(meanNetwork(nchw), { ...plain, preset });
    expect(largestGap(got, expected[preset])).toBeLessThan(1e-3);
  });

  test('inverted', async () => {
    const got = await answer(meanNetwork(nchw), { ...plain, preset: 'zero-one', isInverted: true });
    expect(largestGap(got, [55 / 255, 155 / 255, 205 / 255])).toBeLessThan(1e-5);
  });

  const grey = 0.299 * 200 + 0.587 * 100 + 0.114 * 50;
  test.each<[string, MeanNetwork, number[]]>([
    ['NHWC', { axes: ['N', 8, 8, 3], over: [1, 2], outputAxes: ['N', 3] }, [200, 100, 50]],
    ['CHW', { axes: [3, 8, 8], over: [1, 2], outputAxes: [3] }, [200, 100, 50]],
    ['HWC', { axes: [8, 8, 3], over: [0, 1], outputAxes: [3] }, [200, 100, 50]],
    ['batch of one', { axes: [1, 3, 8, 8], over: [2, 3], outputAxes: [1, 3] }, [200, 100, 50]],
    ['open size', { axes: ['N', 3, 'h', 'w'], over: [2, 3], outputAxes: ['N', 3] }, [200, 100, 50]],
    ['[N, C, 1, 1]', { ...nchw, keeps: true, outputAxes: ['N', 3, 1, 1] }, [200, 100, 50]],
    ['float16', { ...nchw, dtype: 'float16', outputType: 'float16' }, [200, 100, 50]],
    ['float64', { ...nchw, dtype: 'float64', outputType: 'float64' }, [200, 100, 50]],
    ['uint8', { ...nchw, dtype: 'uint8' }, [200, 100, 50]],
    // Averaging over one spatial axis leaves eight "classes", each the grey value.
    ['grey NCHW', { axes: ['N', 1, 8, 8], over: [1, 2], outputAxes: ['N', 8] }, Array<number>(8).fill(grey)],
    ['grey NHW', { axes: ['N', 8, 8], over: [1], outputAxes: ['N', 8] }, Array<number>(8).fill(grey)],
  ])('%s', async (_name, network, expectedMeans) => {
    expect(largestGap(await answer(meanNetwork(network), plain), expectedMeans)).toBeLessThan(0.1);
  });

  test('whole numbers are rounded to the nearest', async () => {
    const network = meanNetwork({ axes: ['N', 1, 8, 8], dtype: 'uint8', over: [1, 2], outputAxes: ['N', 8] });
    const [first] = await answer(network, plain, flat(200, 101, 50)); // brightness 59.8 + 59.287 + 5.7 = 124.787
    expect(first).toBe(125);
  });

  test('a batch of two pictures gets two answers', async () => {
    const [one, two] = [flat(10, 20, 30), flat(40, 50, 60)];
    const data = Uint8Array.from([...(one.data as Uint8Array), ...(two.data as Uint8Array)]);
    const got = await answer(meanNetwork(nchw), plain, { dtype: 'uint8', dims: [2, 12, 16, 3], data });
    expect(largestGap(got, [10, 20, 30, 40, 50, 60])).toBeLessThan(1e-3);
  });

  test('pad shows black above and below a wide picture, crop and stretch do not', async () => {
    const wide = picture(4, 8, () => 100);
    const net = meanNetwork(nchw);
    expect((await answer(net, { ...plain, fit: 'pad' }, wide))[0]).toBeCloseTo(50, 2);
    expect((await answer(net, { ...plain, fit: 'crop' }, wide))[0]).toBeCloseTo(100, 2);
    expect((await answer(net, plain, wide))[0]).toBeCloseTo(100, 2);
  });

  test('logits become probabilities', async () => {
    const got = await answer(
      meanNetwork(nchw),
      { ...plain, preset: 'zero-one', givesProbabilities: false },
      flat(255, 0, 0),
    );
    const sum = Math.E + 2;
    expect(largestGap(got, [Math.E / sum, 1 / sum, 1 / sum])).toBeLessThan(1e-5);
  });
});

test('a file before IR 4 that lists its constants as inputs is understood', async () => {
  const network = meanNetwork({ ...nchw, opset: 8 });
  network.graph!.initializer.push(toTensorProto('unused', hostTensor('float32', [2], Float32Array.of(1, 2))));
  network.graph!.input.unshift(valueInfo('unused', 'float32', [2]));
  expect(findClassifierSignature(network).input.name).toBe('image');
  expect(largestGap(await answer(network, plain), [200, 100, 50])).toBeLessThan(1e-3);
});

test('the wrapped graph reads like this', () => {
  const network = meanNetwork({ ...nchw, opset: 17 });
  const options: WrapOptions = { ...plain, preset: 'imagenet', fit: 'crop', givesProbabilities: false };
  expect(printModel(wrapImageClassifier(network, findClassifierSignature(network), options))).toMatchSnapshot();
});

test('the network itself is not changed', () => {
  const network = meanNetwork(nchw);
  const before = encodeModel(network);
  wrapImageClassifier(network, findClassifierSignature(network), plain);
  expect(Buffer.compare(encodeModel(network), before)).toBe(0);
});

test('refuses what it cannot wrap, in words', () => {
  const wrap = (network: ModelProto, options = plain): ModelProto =>
    wrapImageClassifier(network, findClassifierSignature(network), options);
  expect(() => wrap(meanNetwork({ ...nchw, dtype: 'uint8' }), { ...plain, preset: 'imagenet' })).toThrow(
    /choose the preset "raw"/,
  );
  expect(() => wrap(meanNetwork({ ...nchw, opset: 6 }))).toThrow(/operator set 6; Duet can extend 7 and later/);
  const old = meanNetwork({ ...nchw, opset: 8 });
  old.graph!.node[1]!.opType = 'Upsample';
  expect(() => wrap(old)).toThrow(/uses Upsample of operator set 8/);
});
