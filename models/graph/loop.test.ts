/** Loops: values go round, what the body does not change stays, weights inside are the body's own. */
import { expect, test } from 'vitest';
import { hostTensor, numbersOf } from '../tensor/host-tensor';
import { runOutputs } from '../testing/run-outputs';
import { createBuilder } from './builder';
import { encodeModel } from './encode';
import { encodeGraph } from './encode-graph';
import { loop } from './loop';

const whole = (value: number) => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));
const vector = (...values: number[]) => hostTensor('float32', [values.length], Float32Array.from(values));

function body() {
  const g = createBuilder();
  const x = g.input('x', 'float32', ['N']);
  const factor = g.input('factor', 'float32', []);
  const round = g.input('round', 'int64', []);
  const scaled = g.Add(g.Mul(x, factor), g.floats([0.5], []));
  g.output('next.x', g.Add(scaled, g.Cast(round, { to: 1 })));
  return g.build('growth');
}

function program(): Uint8Array {
  const g = createBuilder();
  const rounds = g.input('rounds', 'int64', []);
  const { x, factor } = loop(
    g,
    rounds,
    { x: g.input('x', 'float32', ['N']), factor: g.input('factor', 'float32', []) },
    body(),
  );
  if (x) g.output('y', g.Identity(x));
  if (factor) g.output('kept', g.Identity(factor));
  return encodeModel(encodeGraph(g.build('loop')));
}

test.each([0, 1, 3])('%i rounds', async (rounds) => {
  const { y, kept } = await runOutputs(program(), { rounds: whole(rounds), x: vector(1, 2), factor: hostTensor('float32', [], Float32Array.of(2)) }); // prettier-ignore
  let x = [1, 2];
  for (let k = 0; k < rounds; k++) x = x.map((value) => 2 * value + 0.5 + k);
  expect([numbersOf(y!), numbersOf(kept!)]).toEqual([x, [2]]);
});

test('a result without a start is refused', () => {
  const g = createBuilder();
  expect(() => loop(g, g.input('rounds', 'int64', []), { z: g.input('z', 'float32', ['N']) }, body())).toThrow(
    '"next.x"',
  );
});
