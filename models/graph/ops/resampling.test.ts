/** Resize: gradients by central differences, numbers from PyTorch, and what is said when shapes do not fit. float32, as the runtime has no double kernel. */
import { afterAll, expect, test } from 'vitest';
import { gradients } from '../../autodiff/gradients';
import { liveSessions } from '../../runtime/session';
import { type GradientCase, gradientError } from '../../testing/check-gradient';
import { goldenCases, goldenError } from '../../testing/golden';
import { createBuilder } from '../builder';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';
import type { AttributesOf } from '../signatures';

afterAll(() => expect(liveSessions()).toBe(0));

type Attributes = AttributesOf<'Resize'>;
const single = { dtype: 'float32', step: 0.1 } as const; // Resize is linear, its square quadratic

const toSizes = (g: Builder, x: Value, sizes: readonly number[], attributes: Attributes) =>
  g.Resize(x, undefined, undefined, sizes, attributes);
const byScales = (g: Builder, x: Value, scales: readonly number[], attributes: Attributes) =>
  g.Resize(x, undefined, g.floats(scales), attributes);

const resize = (name: string, dims: readonly number[], build: (g: Builder, x: Value) => Value): GradientCase => ({
  name,
  inputs: { x: { dims } },
  build: (g, { x }) => {
    const y = build(g, x!);
    return g.Mul(y, y);
  },
  ...single,
});

const ways = ['half_pixel', 'pytorch_half_pixel', 'asymmetric', 'align_corners'];
const roundings = ['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'];

const cases: GradientCase[] = [
  ...ways.flatMap((way) =>
    roundings.flatMap((nearest) => {
      const attributes = { coordinate_transformation_mode: way, nearest_mode: nearest };
      return [
        resize(`nearest ${way} ${nearest} to 7 x 3`, [1, 2, 4, 6], (g, x) => toSizes(g, x, [1, 2, 7, 3], attributes)),
        resize(`nearest ${way} ${nearest} by 2 x 3`, [2, 2, 3, 2], (g, x) => byScales(g, x, [1, 1, 2, 3], attributes)),
      ];
    }),
  ),
  ...ways.flatMap((way) => {
    const attributes = { mode: 'linear', coordinate_transformation_mode: way };
    return [
      resize(`linear ${way} to 7 x 3`, [1, 2, 4, 6], (g, x) => toSizes(g, x, [1, 2, 7, 3], attributes)),
      resize(`linear ${way} by 2.3 x 0.7`, [1, 2, 3, 5], (g, x) => byScales(g, x, [1, 1, 2.3, 0.7], attributes)),
      resize(`linear ${way} to size 1`, [1, 2, 3, 5], (g, x) => toSizes(g, x, [1, 2, 1, 4], attributes)),
    ];
  }),
  resize('linear from size 1', [2, 1, 1, 1], (g, x) => toSizes(g, x, [2, 1, 2, 3], { mode: 'linear' })),
  resize('linear 1-D', [2, 3, 5], (g, x) => byScales(g, x, [1, 1, 1.6], { mode: 'linear' })),
  resize('linear 3-D', [1, 1, 2, 3, 2], (g, x) => byScales(g, x, [1, 1, 2, 1.5, 3], { mode: 'linear' })),
  resize('nearest 3-D by whole factors', [1, 2, 2, 3, 2], (g, x) => byScales(g, x, [1, 1, 2, 1, 3], {})),
  resize('nearest along named axes', [2, 3, 4], (g, x) => byScales(g, x, [2, 1.5], { axes: [-1, 0] })),
  resize('nothing changes', [1, 2, 3, 4], (g, x) => byScales(g, x, [1, 1, 1, 1], { mode: 'linear' })),
];

test.each(cases)('$name', async (check) => {
  expect(await gradientError(check)).toBeLessThan(1e-3);
});

const floor = { coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' };
const golden: Record<string, (g: Builder, x: Value) => Value> = {
  'nearest x2': (g, x) => byScales(g, x, [1, 1, 2, 2], floor),
  'nearest-exact to 7 x 5': (g, x) => toSizes(g, x, [1, 2, 7, 5], { nearest_mode: 'round_prefer_ceil' }),
  'nearest to 2 x 7': (g, x) => toSizes(g, x, [1, 2, 2, 7], floor),
  'linear x2': (g, x) => byScales(g, x, [1, 1, 2, 2], { mode: 'linear' }),
  'linear, corners aligned': (g, x) =>
    toSizes(g, x, [1, 2, 5, 3], { mode: 'linear', coordinate_transformation_mode: 'align_corners' }),
  'linear 1-D, smaller': (g, x) => toSizes(g, x, [2, 2, 3], { mode: 'linear' }),
  'linear to 1 x 5': (g, x) => toSizes(g, x, [1, 2, 1, 5], { mode: 'linear' }),
};

test.each(goldenCases('resampling'))('$name as PyTorch', async (check) => {
  expect(await goldenError(check, (g, { x }) => golden[check.name]!(g, x!))).toBeLessThan(1e-5);
});

test('repetition by whole factors is undone by average pooling, without products', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [1, 2, 3, 4]);
  gradients(g, byScales(g, x, [1, 1, 2, 2], {}), [x]);
  const ops = g.nodes.map((node) => node.op);
  expect(ops).toContain('AveragePool');
  expect(ops).not.toContain('MatMul');
});

test('sizes follow from scales, sizes and the policy', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 3, 10, 20]);
  expect(byScales(g, x, [1, 1, 0.55, 2], { mode: 'cubic' }).shape).toEqual(['N', 3, 5, 40]);
  const kept = { axes: [2, 3], keep_aspect_ratio_policy: 'not_larger' };
  expect(toSizes(g, x, [30, 30], kept).shape).toEqual(['N', 3, 15, 30]);
  expect(() => byScales(g, x, [2, 2], {})).toThrow('float32 [2]): 4 scales or sizes, got 2'); // prettier-ignore
});

test('cubic has no gradient', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', [1, 1, 3, 3]);
  expect(() => gradients(g, byScales(g, x, [1, 1, 2, 2], { mode: 'cubic' }), [x])).toThrow('Resize has no gradient in this form'); // prettier-ignore
});
