/** Measures from inner products against their plain forms, and intervals against published or hand-made numbers. */
import { expect, test } from 'vitest';
import { normals } from '../tensor/random';
import { kernelDistance } from './distances';
import { type Features, features, squaredDistances } from './features';
import { fidelityOf, kernelDistanceOf, smallest, squaredLengths, squaresOf, type Table } from './from-products';
import { aroundMean, wilson } from './intervals';
import { fidelity } from './neighbours';

const cloud = (count: number, width: number, stream: number, shift = 0): Features =>
  features(width, normals({ seed: 5, stream }, count * width, shift)); // prettier-ignore

function productsOf(a: Features, b: Features): Table {
  const data = new Float32Array(a.count * b.count);
  for (let i = 0; i < a.count; i++)
    for (let j = 0; j < b.count; j++) {
      let dot = 0;
      for (let k = 0; k < a.width; k++) dot += a.data[i * a.width + k]! * b.data[j * b.width + k]!;
      data[i * b.count + j] = dot;
    }
  return { rows: a.count, columns: b.count, data };
}

const [real, drawn] = [cloud(150, 6, 1), cloud(90, 6, 2, 0.3)];
const products = { real: productsOf(real, real), drawn: productsOf(drawn, drawn), between: productsOf(drawn, real) };
const lengths = { real: squaredLengths(real), drawn: squaredLengths(drawn) };
const squares = {
  real: squaresOf(products.real, lengths.real, lengths.real),
  drawn: squaresOf(products.drawn, lengths.drawn, lengths.drawn),
  between: squaresOf(products.between, lengths.drawn, lengths.real),
};

test('squared distances are those of the plain form', () => {
  const plain = squaredDistances(drawn, real);
  squares.between.data.forEach((square, k) => expect(square).toBeCloseTo(plain[k]!, 4));
});

test.each([1, 3, 5])('precision, recall, density and coverage are those of the plain form, k = %i', (k) => {
  const { densityError, ...same } = fidelityOf(squares, k);
  const plain = fidelity(real, drawn, k);
  for (const name of ['precision', 'recall', 'density', 'coverage'] as const) expect(same[name]).toBeCloseTo(plain[name], 9); // prettier-ignore
  expect(densityError).toBeGreaterThan(0);
});

test('the error of the density by hand', () => {
  // Real 0, 1, 2, each reaching 1 (k = 1). Drawn: 1 lies in all three reaches, 100 in none: hits 3 and 0, mean 1.5.
  const [a, b] = [features(1, Float32Array.of(0, 1, 2)), features(1, Float32Array.of(1, 100))];
  const [la, lb] = [squaredLengths(a), squaredLengths(b)];
  const by = { real: squaresOf(productsOf(a, a), la, la), drawn: squaresOf(productsOf(b, b), lb, lb), between: squaresOf(productsOf(b, a), lb, la) }; // prettier-ignore
  const { density, densityError, coverage, precision } = fidelityOf(by, 1);
  expect([density, coverage, precision]).toEqual([1.5, 1, 0.5]);
  expect(densityError).toBeCloseTo(Math.sqrt((1.5 ** 2 + 1.5 ** 2) / 1 / 2), 12);
});

test('the kernel distance is that of the plain form over the same subsets', () => {
  const [plain, quick] = [kernelDistance(real, drawn, 7, 4, 50), kernelDistanceOf(products, 6, 7, 4, 50)];
  expect(quick.value).toBeCloseTo(plain.value, 5);
  expect(quick.standardError).toBeCloseTo(plain.standardError, 5);
});

test('the smallest few, in order, the lower place first, one passed over', () => {
  const numbers = Float32Array.of(5, 1, 3, 1, 0, 9);
  expect([...smallest(numbers, 3)]).toEqual([4, 1, 3]);
  expect([...smallest(numbers, 3, 4)]).toEqual([1, 3, 2]);
  expect([...smallest(numbers, 9)]).toEqual([4, 1, 3, 2, 0, 5]);
});

test('intervals of shares: by hand, and where the normal one fails', () => {
  // statsmodels.stats.proportion.proportion_confint(k, n, method='wilson')
  expect(wilson(8, 10)[0]).toBeCloseTo(0.4901624, 6);
  expect(wilson(8, 10)[1]).toBeCloseTo(0.9433178, 6);
  expect(wilson(0, 20)[0]).toBe(0);
  expect(wilson(0, 20)[1]).toBeCloseTo(0.1611252, 6);
  expect(wilson(20, 20)).toEqual([expect.closeTo(0.8388748, 6), 1]);
  expect(wilson(0, 0)).toEqual([0, 1]);
  expect(aroundMean(3, 1)).toEqual([expect.closeTo(1.040036, 6), expect.closeTo(4.959964, 6)]);
});
