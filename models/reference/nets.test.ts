/** The reference nets against PyTorch: losses of 100 steps from the same weights and batches (testing/golden/nets.py). */
import { readFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { encodeProgram, type StepProgram } from '../optim/step-program';
import { createTrainer, type Trainer } from '../runtime/trainer';
import { liveSessions } from '../runtime/session';
import { elementCount, type HostTensor, hostTensor, numbersOf } from '../tensor/host-tensor';
import { normals, randomBits, type RandomKey, streamOf, uniforms } from '../tensor/random';
import { cnnStep } from './cnn';
import { dcganStep } from './dcgan';
import { gptStep } from './gpt';
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
    // prettier-ignore
    hostTensor('int64', dims, BigInt64Array.from({ length: elementCount(dims) }, (_, k) => BigInt(randomBits(key, k)[0] % count)));

interface Net {
  readonly program: () => StepProgram;
  /** How the batch's tensors are drawn, in the order of their streams. */
  readonly batch: Readonly<Record<string, Draw>>;
  readonly losses: readonly string[];
}

const nets: Readonly<Record<string, Net>> = {
  cnn: { program: cnnStep, batch: { x: uniform, labels: classes(10) }, losses: ['loss'] },
  vae: { program: vaeStep, batch: { x: uniform, noise: normal }, losses: ['loss'] },
  dcgan: { program: dcganStep, batch: { x: uniform, noise: normal }, losses: ['loss.D', 'loss.G'] },
  gpt: { program: gptStep, batch: { tokens: classes(65), targets: classes(65) }, losses: ['loss'] },
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
