/** Element types and 16-bit floats. */
import { expect, test } from 'vitest';
import { dtypeNumber, dtypeOfNumber, isDType, numericTypes } from './dtype';
import {
  bytesOf,
  elementCount,
  elementsOf,
  halfToNumber,
  hostTensor,
  numbersOf,
  numberToHalf,
  toHalf,
} from './host-tensor';

test('every element type has its own number and is found by it', () => {
  const names = [...Object.keys(numericTypes), 'string'].filter(isDType);
  expect(names).toHaveLength(14);
  for (const name of names) expect(dtypeOfNumber(dtypeNumber(name))).toBe(name);
  expect(dtypeOfNumber(0)).toBeUndefined();
  expect(dtypeOfNumber(14)).toBeUndefined(); // complex numbers are not computed with
});

test('sizes and elements must agree', () => {
  expect(elementCount([])).toBe(1);
  expect(elementCount([3, 0, 2])).toBe(0);
  expect(() => hostTensor('float32', [2, 3], new Float32Array(5))).toThrow(
    /shape \[2, 3\] needs 6 numbers, it was given 5/,
  );
  expect(() => elementsOf('int32', new Uint8Array(7), 2)).toThrow(
    /2 numbers of type int32 take 8 bytes, the file holds 7/,
  );
});

test('aligned bytes become a view, unaligned ones a copy with the same numbers', () => {
  const values = Float32Array.of(1.5, -2, 3e20);
  const shifted = new Uint8Array(16);
  shifted.set(bytesOf(values), 1);
  const view = elementsOf('float32', bytesOf(values), 3);
  expect(view.buffer).toBe(values.buffer);
  const copy = elementsOf('float32', shifted.subarray(1, 13), 3);
  expect(copy.buffer).not.toBe(shifted.buffer);
  expect(copy).toEqual(values);
});

test('all 65,536 halves survive widening and rounding', () => {
  for (let bits = 0; bits < 0x10000; bits++) {
    const value = halfToNumber(bits);
    if (Number.isNaN(value)) expect(Number.isNaN(halfToNumber(numberToHalf(value)))).toBe(true);
    else expect(numberToHalf(value)).toBe(bits);
  }
});

// Midpoints between neighbours, by hand: spacing is 2^-10 at 1, 2 at 2048, 2^-24 below 2^-14.
test.each([
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [2049, 0x6800],
  [2051, 0x6802],
  [2 ** -25, 0x0000],
  [3 * 2 ** -25, 0x0002],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e9, 0xfc00],
  [2 ** -14 - 2 ** -26, 0x0400],
  [0.1, 0x2e66],
])('%d rounds to the nearest half, ties to even', (value, bits) => {
  expect(numberToHalf(value)).toBe(bits);
});

test('numbers of any type', () => {
  expect(numbersOf(hostTensor('float16', [2], toHalf([0.5, -3])))).toEqual([0.5, -3]);
  expect(numbersOf(hostTensor('bfloat16', [2], Uint16Array.of(0x3f80, 0xc040)))).toEqual([1, -3]);
  expect(numbersOf(hostTensor('int64', [1], BigInt64Array.of(-7n)))).toEqual([-7]);
  expect(() => numbersOf(hostTensor('string', [1], ['a']))).toThrow(/holds no numbers/);
});
