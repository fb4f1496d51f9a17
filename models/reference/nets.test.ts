/** The reference nets against PyTorch: losses of 100 steps from the same weights and batches (testing/golden/nets.py). */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { encodeProgram, type StepProgram } from '../optim/step-program';
import { createTrainer, type Trainer } from '../runtime/trainer';
import { liveSessions } from '../runtime/session';
import { elementCount, type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, randomBits, type RandomKey, randomUniform, streamOf, uniforms } from '../tensor/random';
import { cnnStep } from './cnn';
import { dcganStep } from './dcgan';
import { gptStep } from './gpt';
import { lstmStep } from './lstm';
import { unetStep } from './unet';
import { vaeStep } from './vae';

afterAll(() => expect(liveSessions()).toBe(0));

const golden = JSON.parse(readFileSync(new URL('../testing/golden/nets.json', import.meta.url), 'utf8')) as Record<
  string,
  number[][]
>;

/** The recipe's first weights. */
function firstWeights(program: StepProgram): Record<string, HostTensor> {
  const weights = program.slots.filter((slot) => slot.kind === 'weight');
  return Object.fromEntries(
    weights.map(({ name, initial: { dims } }) => {
      const limit = 1 / Math.sqrt(elementCount(dims.slice(1)));
      const isScale = name.endsWith('.weight');
      const length = elementCount(dims);
      const data =
        dims.length > 1
          ? uniforms({ seed: 0, stream: streamOf(name) }, length, -limit, limit)
          : new Float32Array(length).fill(isScale ? 1 : 0);
      return [name, hostTensor('float32', dims, data)];
    }),
  );
}

type Draw = (key: RandomKey, dims: readonly number[]) => HostTensor;
const uniform: Draw = (key, dims) => hostTensor('float32', dims, uniforms(key, elementCount(dims)));
const normal: Draw = (key, dims) => hostTensor('float32', dims, normals(key, elementCount(dims)));
const classes =
  (count: number): Draw =>
  (key, dims) =>
    hostTensor(
      'int64',
      dims,
      BigInt64Array.from({ length: elementCount(dims) }, (_, k) => BigInt(classOf(key, k, count))),
    );
const classOf = (key: RandomKey, index: number, count: number): number => randomBits(key, index)[0] % count;

/** Pictures [N, 1, 28, 28] of slanted waves with a little noise: the class of stream `labels` tells their number, a uniform number where they begin. */
const waves =
  (labels: number): Draw =>
  (key, dims) => {
    const data = Float32Array.from({ length: elementCount(dims) }, (_, k) => {
      const [picture, row, column] = [Math.floor(k / 784), Math.floor(k / 28) % 28, k % 28];
      const phase = Math.fround(randomUniform(key, picture * 784));
      const turns = ((1 + classOf({ ...key, stream: labels }, picture, 10)) * (row + 0.5 * column)) / 28 + phase;
      return 0.75 * (0.5 + 0.5 * Math.sin(2 * Math.PI * turns)) + 0.25 * randomUniform(key, k);
    });
    return hostTensor('float32', dims, data);
  };

interface Net {
  readonly program: () => StepProgram;
  /** How the batch's tensors are drawn, in the order of their streams. */
  readonly batch: Readonly<Record<string, Draw>>;
  readonly losses: readonly string[];
}

const nets: Readonly<Record<string, Net>> = {
  cnn: { program: () => cnnStep(128, 3e-5), batch: { x: waves(2), labels: classes(10) }, losses: ['loss'] },
  vae: { program: vaeStep, batch: { x: uniform, noise: normal }, losses: ['loss'] },
  dcgan: { program: () => dcganStep(64, 1e-5), batch: { x: waves(3), noise: normal }, losses: ['loss.D', 'loss.G'] },
  gpt: { program: gptStep, batch: { tokens: classes(65), targets: classes(65) }, losses: ['loss'] },
  lstm: { program: lstmStep, batch: { tokens: classes(65), targets: classes(65) }, losses: ['loss'] },
  unet: { program: unetStep, batch: { x: uniform, noise: normal }, losses: ['loss'] },
};

function feedsOf(net: Net, program: StepProgram, step: number): Record<string, HostTensor> {
  const drawn = Object.entries(net.batch).map(([name, draw], index) => {
    const input = program.graph.inputs.find((value) => value.name === name)!;
    return [name, draw({ seed: 1, stream: index + 1, step: step % 4 }, input.dims)] as const;
  });
  return { ...Object.fromEntries(drawn), step: hostTensor('int64', [], BigInt64Array.of(BigInt(step))) };
}

async function withTrainer<T>(program: StepProgram, body: (trainer: Trainer) => Promise<T>): Promise<T> {
  const trainer = await createTrainer({ model: encodeProgram(program), slots: program.slots }, { threads: 1 });
  try {
    trainer.write(firstWeights(program));
    return await body(trainer);
  } finally {
    await trainer.dispose();
  }
}

test.each(Object.entries(nets))('%s: losses of steps 1, 10 and 100', async (name, net) => {
  const program = net.program();
  const losses = await withTrainer(program, async (trainer) => {
    const rows: number[][] = [];
    for (let step = 1; step <= 100; step++) {
      const results = await trainer.step(feedsOf(net, program, step));
      rows.push(net.losses.map((loss) => numbersOf(results[loss]!)[0]!));
    }
    return rows;
  });
  const gaps = losses.map((row, index) =>
    Math.max(...row.map((loss, k) => Math.abs(loss / golden[name]![index]![k]! - 1))),
  );
  process.stdout.write(
    `${name}: relative gaps ${[1, 10, 100].map((step) => `${step}: ${gaps[step - 1]!.toExponential(1)}`).join(', ')}, largest ${Math.max(...gaps).toExponential(1)}\n`,
  );
  for (const step of [1, 10, 100]) expect(gaps[step - 1], `step ${step}`).toBeLessThan(1e-4);
});
