/** Times one training step of the five reference nets, as the peers are timed: random batches, median of the steps after a warm-up. */
import { flopsOf } from '../graph/flops';
import { compileProgram, type TuningCache } from '../lowering/compile';
import type { StepProgram } from '../optim/step-program';
import { cnnStep } from '../reference/cnn';
import { dcganStep } from '../reference/dcgan';
import { gptStep, referenceGpt } from '../reference/gpt';
import { lstmStep, referenceLstm } from '../reference/lstm';
import { vaeStep } from '../reference/vae';
import type { SessionOptions } from '../runtime/session';
import { createTrainer } from '../runtime/trainer';
import { elementCount, type HostTensor, hostTensor } from '../tensor/host-tensor';
import { normals, randomBits, uniforms } from '../tensor/random';
import type { Value } from '../graph/ir';

interface Net {
  readonly batch: number;
  readonly program: () => StepProgram;
  /** Largest whole number in the batch plus one: classes or symbols. */
  readonly classes: number;
  /** Steps in one call: a small net's step takes as long as a call's own cost, which a loop shares; larger ones run faster without. */
  readonly stepsPerCall: number;
}

const nets = {
  cnn: { batch: 128, program: cnnStep, classes: 10, stepsPerCall: 1 },
  vae: { batch: 128, program: vaeStep, classes: 0, stepsPerCall: 16 },
  dcgan: { batch: 64, program: dcganStep, classes: 0, stepsPerCall: 1 },
  gpt: { batch: referenceGpt.batch, program: gptStep, classes: referenceGpt.vocabulary, stepsPerCall: 1 },
  lstm: { batch: referenceLstm.batch, program: lstmStep, classes: referenceLstm.vocabulary, stepsPerCall: 1 },
} satisfies Record<string, Net>;

/** Name of a reference net. */
export type ReferenceNet = keyof typeof nets;

export const referenceNets: readonly ReferenceNet[] = ['cnn', 'vae', 'dcgan', 'gpt', 'lstm'];

/** One net's figures. */
export interface TrainingTime {
  readonly net: ReferenceNet;
  readonly batch: number;
  readonly params: number;
  readonly msPerStep: number;
  readonly samplesPerSecond: number;
  /** Matrix products and convolutions of the step, as gigaflop a second. */
  readonly gflops: number;
  /** Building, differentiating, choosing formulations, loading: from nothing, and with all trials remembered. */
  readonly compileMs: number;
  readonly compileAgainMs: number;
  readonly stepsPerCall: number;
}

const warmUpCalls = 3;

/** Compiles a net twice and times `steps` steps. */
export async function timeTraining(
  net: ReferenceNet,
  options: SessionOptions & { readonly steps?: number } = {},
): Promise<TrainingTime> {
  const { steps = 60, ...session } = options;
  const { batch, classes, stepsPerCall } = nets[net];
  const cache: TuningCache = {};
  const first = await compiled(nets[net], cache, session);
  await first.trainer.dispose();
  const { trainer, program, ms } = await compiled(nets[net], cache, session);
  try {
    const feeds = randomBatch(program, classes, stepsPerCall);
    const times: number[] = [];
    for (let call = 0; call < warmUpCalls + steps / stepsPerCall; call++) {
      const start = performance.now();
      await trainer.step({
        ...feeds,
        step: hostTensor('int64', [], BigInt64Array.of(BigInt(1 + call * stepsPerCall))),
      });
      if (call >= warmUpCalls) times.push((performance.now() - start) / stepsPerCall);
    }
    const msPerStep = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? NaN;
    const weights = program.slots.filter((slot) => slot.kind === 'weight');
    return {
      net,
      batch,
      params: weights.reduce((sum, slot) => sum + slot.initial.data.length, 0),
      msPerStep: rounded(msPerStep),
      samplesPerSecond: rounded((batch / msPerStep) * 1000),
      gflops: rounded(flopsOf(program.graph) / msPerStep / 1e6),
      compileMs: rounded(first.ms),
      compileAgainMs: rounded(ms),
      stepsPerCall,
    };
  } finally {
    await trainer.dispose();
  }
}

async function compiled(net: Net, cache: TuningCache, session: SessionOptions) {
  const start = performance.now();
  const program = net.program();
  const { stepsPerCall } = net;
  const trainer = await createTrainer(await compileProgram(program, { ...session, cache, stepsPerCall }), session);
  return { program, trainer, ms: performance.now() - start };
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** What is no weight, no state and no step: pictures are uniform, noise is normal, whole numbers are classes. */
function randomBatch(program: StepProgram, classes: number, stepsPerCall: number): Record<string, HostTensor> {
  const carried = new Set(['step', ...program.slots.map((slot) => slot.name)]);
  const batch = program.graph.inputs.filter((input) => !carried.has(input.name));
  return Object.fromEntries(
    batch.map((input, stream) => [input.name, randomTensor(input, { stream, classes, stepsPerCall })]),
  );
}

interface Draw {
  readonly stream: number;
  readonly classes: number;
  readonly stepsPerCall: number;
}

function randomTensor(input: Value, { stream, classes, stepsPerCall }: Draw): HostTensor {
  const dims = stepsPerCall === 1 ? input.dims : [stepsPerCall, ...input.dims];
  const length = elementCount(dims);
  const key = { seed: 1, stream };
  if (input.dtype === 'int64') {
    return hostTensor(
      'int64',
      dims,
      BigInt64Array.from({ length }, (_, k) => BigInt(randomBits(key, k)[0] % classes)),
    );
  }
  return hostTensor('float32', dims, input.name === 'noise' ? normals(key, length) : uniforms(key, length));
}
