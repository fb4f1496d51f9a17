/** Constants: what inference knows of them, and the gradient of Range. Values: indexing-golden.test.ts. */
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { filledTensor } from '../../tensor/filled-tensor';
import { gradientError } from '../../testing/check-gradient';
import { createBuilder } from '../builder';

afterAll(() => expect(liveSessions()).toBe(0));

test('whole numbers stay known, texts and real numbers have a type', () => {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N', 3]);
  expect(g.Constant({ value_int: 4 }).type).toEqual({ dtype: 'int64', shape: [], elements: [4] });
  expect(g.Constant({ value: filledTensor('int32', [2], 5) }).type?.elements).toEqual([5, 5]);
  expect(g.Constant({ value: filledTensor('int64', [65], 5) }).type?.elements).toBeUndefined();
  expect(g.Constant({ value_floats: [1, 2] }).type).toEqual({ dtype: 'float32', shape: [2] });
  expect(g.Constant({ value_strings: ['a'] }).type).toEqual({ dtype: 'string', shape: [1] });
  expect(g.ConstantOfShape(g.Shape(x)).shape).toEqual(['N', 3]);
  const ones = g.ConstantOfShape([2], { value: filledTensor('int64', [1], 1) });
  expect(g.Expand(x, g.Concat([4], ones, { axis: 0 })).shape).toEqual([4, 'N', 3]);
  expect(g.Range(g.ints([7], []), g.ints([0], []), g.ints([-3], [])).type?.elements).toEqual([7, 4, 1]);
  const positions = g.Range(g.ints([0], []), g.Gather(g.Shape(x), g.ints([0], [])), g.ints([1], []));
  expect(positions.shape).toEqual(['N']);
});

test('a constant of an unknown kind has no type, and stops nothing', () => {
  const g = createBuilder();
  expect(g.Constant({}).type).toBeUndefined();
});

test('what does not fit is said', () => {
  const g = createBuilder();
  expect(() => g.ConstantOfShape(g.floats([2]))).toThrow('an int64 vector of sizes');
  expect(() => g.ConstantOfShape([2], { value: filledTensor('int64', [2], 1) })).toThrow('a value of one element');
  expect(() => g.Range(g.ints([1], []), g.floats([1], []), g.ints([1], []))).toThrow('of one element type');
  expect(() => g.Range(g.ints([1], []), g.ints([2], []), g.ints([0], []))).toThrow('a delta that is not 0');
  expect(() => g.EyeLike(g.floats([1]))).toThrow('a matrix');
});

test('gradient of Range, whose length is not known beforehand', async () => {
  const error = await gradientError({
    name: 'Range',
    inputs: { start: { dims: [], range: [0, 0.1] }, delta: { dims: [], range: [0.58, 0.6] } },
    build: (g, { start, delta }) => {
      const steps = g.Range(g.Mul(start!, start!), g.scalarLike(start!, 2), g.Mul(delta!, delta!));
      return g.Reshape(steps, [6]); // between 1.99 / 0.36 and 2 / 0.3364, rounded up
    },
  });
  expect(error).toBeLessThan(1e-6);
});
