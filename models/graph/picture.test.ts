/** The resampling fragment against a plain double-precision loop, and against the runtime's own antialiased Resize. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { numbersOf, type HostTensor } from '../tensor/host-tensor';
import { largestGap, picture, runModel } from '../testing/run-model';
import { createBuilder } from './builder';
import { encodeGraph } from './encode-graph';
import { addPicture, type Fit, type PictureTarget } from './picture';
import type { ModelProto } from './proto/onnx_pb';

afterAll(() => expect(liveSessions()).toBe(0));

function fragment(target: PictureTarget, opset: number, layout: 'NHWC' | 'HWC' = 'NHWC'): ModelProto {
  const g = createBuilder({ opsets: new Map([['', opset]]) });
  const image = g.input('image', 'uint8', layout === 'NHWC' ? ['N', 'H', 'W', 3] : ['H', 'W', 3]);
  g.output('pixels', addPicture(g, image, layout, target).pixels);
  return encodeGraph(g.build('test'), { irVersion: opset < 18 ? 4 : 10 });
}

/** Step and offset as the fragment's doc states them, then the triangle filter pixel by pixel in doubles. */
function reference(image: HostTensor, target: PictureTarget): number[] {
  const [, height = 0, width = 0] = image.dims;
  const steps = [height / target.height, width / target.width] as const;
  const common = { stretch: NaN, pad: Math.max(...steps), crop: Math.min(...steps) * target.cropShare }[target.fit];
  const [stepY, stepX] = target.fit === 'stretch' ? steps : [common, common];
  const rows = weights(height, stepY, (height - stepY * target.height) / 2, target.height, target.fit === 'pad');
  const columns = weights(width, stepX, (width - stepX * target.width) / 2, target.width, target.fit === 'pad');
  const source = numbersOf(image);
  const out: number[] = [];
  for (let c = 0; c < 3; c++)
    for (let i = 0; i < target.height; i++)
      for (let j = 0; j < target.width; j++) {
        let sum = 0;
        rows[i]!.forEach((wy, y) =>
          columns[j]!.forEach((wx, x) => (sum += wy && wx ? wy * wx * source[(y * width + x) * 3 + c]! : 0)),
        );
        out.push(sum);
      }
  return out;
}

function weights(size: number, step: number, offset: number, targets: number, isPadded: boolean): number[][] {
  return Array.from({ length: targets }, (_, i) => {
    const centre = (i + 0.5) * step + offset;
    if (isPadded && (centre <= 0 || centre >= size)) return Array<number>(size).fill(0);
    const raw = Array.from({ length: size }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - centre) / Math.max(step, 1)));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((weight) => weight / sum);
  });
}

const speckled = (height: number, width: number): HostTensor =>
  picture(height, width, (x, y, c) => (37 * x + 91 * y + 53 * c + ((x * y) >> 1)) % 256);

const sizes = [
  [40, 60],
  [61, 33],
  [9, 7],
  [1, 1],
  [3, 90],
] as const;
const fits: Fit[] = ['crop', 'stretch', 'pad'];

test.each(fits.flatMap((fit) => sizes.map(([h, w]) => [fit, h, w] as const)))(
  '%s of %i x %i equals the plain loop',
  async (fit, height, width) => {
    const target = { height: 16, width: 20, fit, cropShare: 0.875 };
    const image = speckled(height, width);
    const model = fragment(target, 18);
    expect(largestGap(await runModel(model, { image }, 'pixels'), reference(image, target))).toBeLessThan(0.01);
  },
);

test.each([9, 10, 11, 12, 13, 15, 17, 18, 19, 21])('operator set %i gives the same pixels', async (opset) => {
  const target = { height: 16, width: 20, fit: 'crop', cropShare: 0.875 } as const;
  const image = speckled(40, 60);
  const model = fragment(target, opset);
  expect(largestGap(await runModel(model, { image }, 'pixels'), reference(image, target))).toBeLessThan(0.01);
});

test('a single picture [H, W, 3] gives what a batch of one gives', async () => {
  const target = { height: 16, width: 20, fit: 'pad', cropShare: 1 } as const;
  const image = speckled(40, 60);
  const model = fragment(target, 18, 'HWC');
  const flat: HostTensor = { dtype: 'uint8', dims: image.dims.slice(1), data: image.data as Uint8Array };
  expect(largestGap(await runModel(model, { image: flat }, 'pixels'), reference(image, target))).toBeLessThan(0.01);
});

test.each([
  [300, 400],
  [97, 501],
  [20, 30],
])('stretch of %i x %i equals the antialiased Resize of the runtime', async (height, width) => {
  const target = { height: 64, width: 48, fit: 'stretch', cropShare: 1 } as const;
  const image = speckled(height, width);
  const g = createBuilder();
  const planes = g.Transpose(g.input('image', 'uint8', ['N', 'H', 'W', 3]), { perm: [0, 3, 1, 2] });
  // Without exclude_outside the runtime gives weights beyond the edge to the edge pixel; image tools leave them out.
  const attributes = { antialias: 1, exclude_outside: 1, axes: [2, 3], mode: 'linear' };
  g.output('pixels', g.Resize(g.Cast(planes, { to: 1 }), undefined, undefined, [64, 48], attributes));
  const expected = await runModel(encodeGraph(g.build('resize')), { image }, 'pixels');
  const model = fragment(target, 18);
  expect(largestGap(await runModel(model, { image }, 'pixels'), expected)).toBeLessThan(0.02);
});
