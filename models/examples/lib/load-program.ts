/** A program ready to run. The one place where the examples turn graphs into files for the runtime. */
import type { Value } from '../../graph/ir';
import { compileProgram } from '../../lowering/compile';
import { Network } from '../../nn/network';
import { type StepProgram, stepProgram } from '../../optim/step-program';
import { createTrainer, type Trainer } from '../../runtime/trainer';
import type { HostTensor } from '../../tensor/host-tensor';
import { floatsOf, range, rowBatch } from './batches';

/** Weights and state by name. */
export type Weights = Readonly<Record<string, HostTensor>>;

/** Loads a step program, with its first weights or with those given. Must be disposed. */
export async function loadProgram(program: StepProgram, weights: Weights = {}, isTuned = false): Promise<Trainer> {
  const trainer = await createTrainer(await compileProgram(program, { isTuned }));
  const wanted = program.slots.filter(({ name }) => name in weights).map(({ name }) => [name, weights[name]] as const);
  trainer.write(Object.fromEntries(wanted.filter((entry): entry is [string, HostTensor] => entry[1] !== undefined)));
  return trainer;
}

/** Builds outputs from a network that is not in training. */
export type Forward = (net: Network) => Readonly<Record<string, Value>>;

/**
 * An inference graph with trained weights: `forward` builds the net again, this time without an optimiser; weights are found by their names.
 * `body` may run it as often as it likes; then it is disposed.
 */
export async function withInference<T>(
  forward: Forward,
  weights: Weights,
  body: (run: Trainer['step']) => Promise<T>,
): Promise<T> {
  const net = new Network({ isTraining: false });
  const program = stepProgram(net, 'inference', forward(net));
  const session = await loadProgram(program, weights);
  try {
    return await body((feeds) => session.step(feeds));
  } finally {
    await session.dispose();
  }
}

/** Layers from one value to another. */
export type Layers = (net: Network, x: Value) => Value;

/** What layers give for every row, `batch` at a time, which must divide the number of rows: rows of `shape` to rows. */
export async function outputRows(
  layers: Layers,
  rows: readonly Float32Array[],
  shape: readonly number[],
  batch: number,
  weights: Weights = {},
): Promise<Float32Array[]> {
  if (rows.length % batch !== 0) throw new Error(`${rows.length} rows are not a multiple of ${batch}.`);
  const forward: Forward = (net) => ({ y: layers(net, net.g.input('x', 'float32', [batch, ...shape])) });
  return withInference(forward, weights, async (run) => {
    const results: Float32Array[] = [];
    for (let first = 0; first < rows.length; first += batch) {
      const y = floatsOf(await run({ x: rowBatch(rows, range(first, batch), shape) }), 'y');
      const width = y.length / batch;
      for (let k = 0; k < batch; k++) results.push(y.slice(k * width, (k + 1) * width));
    }
    return results;
  });
}

/** The averaged weights of `averageWeights` under the plain names. */
export function averagesOf(weights: Weights): Weights {
  const averages = Object.entries(weights).filter(([name]) => name.startsWith('ema.'));
  return { ...weights, ...Object.fromEntries(averages.map(([name, value]) => [name.slice('ema.'.length), value])) };
}
