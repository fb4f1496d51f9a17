/** Constants to inputs and back: the numbers stay, and what does not fit is refused. */
import { expect, test } from 'vitest';
import { runOutputs } from '../testing/run-outputs';
import { hostTensor, numbersOf } from '../tensor/host-tensor';
import { createBuilder } from './builder';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { fillInputs, promoteConstants } from './trainable-constants';

const vector = (...numbers: number[]) => hostTensor('float32', [numbers.length], Float32Array.from(numbers));

function scaled() {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N']);
  g.output('y', g.Add(g.Mul(x, g.constant(vector(3), 'scale')), g.constant(vector(1), 'shift')));
  return g.build('scaled');
}

test('a promoted constant can be fed, and filled again with other numbers', async () => {
  const { graph, weights } = promoteConstants(scaled(), ({ name }) => name === 'scale');
  expect(graph.inputs.map(({ name }) => name)).toEqual(['x', 'scale']);
  expect(numbersOf(weights.get('scale')!)).toEqual([3]);
  const filled = fillInputs(graph, { scale: vector(5), unrelated: vector(1, 2) });
  expect(filled.inputs.map(({ name }) => name)).toEqual(['x']);
  const { y } = await runOutputs(encodeModel(encodeGraph(filled)), { x: vector(1, 2) });
  expect(numbersOf(y!)).toEqual([6, 11]);
});

test('a tensor of another type or other sizes is refused', () => {
  const { graph } = promoteConstants(scaled(), ({ name }) => name === 'scale');
  expect(() => fillInputs(graph, { scale: vector(1, 2) })).toThrow('"scale" takes float32 [1], not float32 [2].');
  const double = hostTensor('float64', [1], Float64Array.of(1));
  expect(() => fillInputs(graph, { scale: double })).toThrow('not float64 [1]');
});
