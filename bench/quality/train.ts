/** Trains a plan of the zoo as fast as it goes, and runs the graphs that come of it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { encodeModel } from '../../models/graph/encode';
import { encodeGraph } from '../../models/graph/encode-graph';
import type { Graph } from '../../models/graph/ir';
import { compileProgram, type TuningCache } from '../../models/lowering/compile';
import { createSession } from '../../models/runtime/session';
import { createTrainer } from '../../models/runtime/trainer';
import { hostTensor, type HostTensor, numbersOf } from '../../models/tensor/host-tensor';
import type { TrainingPlan } from '../../models/zoo/training-plan';

type Tensors = Readonly<Record<string, HostTensor>>;

/** Where weights and trials are kept between runs. */
export const keptIn = '.cache/quality';
const trials = path.join(keptIn, 'trials.json');
/** Waiting threads sleep, as the machine may have other work; `DUET_BENCH_THREADS` for fewer of them. */
const session = { threads: Number(process.env['DUET_BENCH_THREADS'] ?? 2), sharesCores: true };

/** How a plan is trained. */
export interface Run {
  readonly plan: TrainingPlan;
  readonly steps: number;
  readonly seed: number;
  readonly batch: (step: number) => Tensors;
  /** Steps that one call takes: more for nets whose step costs no more than a call. Only for plans without variants. */
  readonly stepsPerCall?: number;
  /** Called after these steps with what has been learnt until then. */
  readonly snapshots?: Readonly<Record<number, (weights: Tensors) => Promise<void>>>;
}

/** What came of it. */
export interface Trained {
  readonly weights: Record<string, HostTensor>;
  /** From the first step to the last, batches included, snapshots not. */
  readonly seconds: number;
  readonly msPerStep: number;
  /** Processor time of a step, all threads together: what tells on a machine with other work. */
  readonly cpuMsPerStep: number;
  /** Milliseconds of a step, one entry a call. */
  readonly times: readonly number[];
  readonly reports: readonly Readonly<Record<string, number>>[];
}

const scalar = (value: number): HostTensor => hostTensor('int64', [], BigInt64Array.of(BigInt(value)));

export async function train({ plan, steps, seed, batch, stepsPerCall = 1, snapshots = {} }: Run): Promise<Trained> {
  const trainer = await openTrainer(plan, stepsPerCall);
  const asked = new Set([plan.main, ...Object.values(plan.variants)].flatMap(({ graph }) => graph.inputs.map(({ name }) => name))); // prettier-ignore
  const rate = plan.rate(steps);
  const rates = (step: number): HostTensor => {
    const values = Float32Array.from({ length: stepsPerCall }, (_, k) => rate(step + k));
    return hostTensor('float32', stepsPerCall === 1 ? [] : [stepsPerCall], values);
  };
  const reports: Record<string, number>[] = [];
  const times: number[] = [];
  let ms = 0;
  let cpu = 0;
  try {
    for (let step = 1; step <= steps; step += stepsPerCall) {
      const start = performance.now();
      const before = process.cpuUsage();
      const several = Array.from({ length: stepsPerCall }, (_, k) => only(batch(step + k), asked));
      const feeds = only({ ...stacked(several), step: scalar(step), seed: scalar(seed), lr: rates(step) }, asked);
      const results = await trainer.step(feeds, plan.variantAt(step));
      const took = performance.now() - start;
      times.push(took / stepsPerCall);
      ms += took;
      const { user, system } = process.cpuUsage(before);
      cpu += (user + system) / 1000;
      reports.push(Object.fromEntries(Object.entries(results).map(([name, value]) => [name, numbersOf(value)[0] ?? NaN]))); // prettier-ignore
      if (step % 500 < stepsPerCall) tell(step, ms, reports);
      await snapshots[step + stepsPerCall - 1]?.(trainer.read());
    }
    return {
      weights: trainer.read(),
      seconds: ms / 1000,
      msPerStep: ms / steps,
      cpuMsPerStep: cpu / steps,
      times,
      reports,
    };
  } finally {
    await trainer.dispose();
  }
}

function only(tensors: Tensors, wanted: ReadonlySet<string>): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => wanted.has(name)));
}

async function openTrainer({ main, variants }: TrainingPlan, stepsPerCall: number) {
  const cache = kept();
  const options = { ...session, cache, stepsPerCall };
  const { model, slots } = await compileProgram(main, options);
  const others: Record<string, Uint8Array> = {};
  for (const [name, one] of Object.entries(variants)) others[name] = (await compileProgram(one, options)).model;
  mkdirSync(keptIn, { recursive: true });
  writeFileSync(trials, JSON.stringify(cache));
  return createTrainer({ model, variants: others, slots }, session);
}

const trialSchema = z.object({ choice: z.string(), ms: z.record(z.string(), z.number()) });
const cacheSchema = z.record(z.string(), z.record(z.string(), trialSchema));

function kept(): TuningCache {
  return existsSync(trials) ? cacheSchema.parse(JSON.parse(readFileSync(trials, 'utf8'))) : {};
}

/** One batch as it is; several with a leading axis. */
function stacked(batches: readonly Tensors[]): Tensors {
  const [first = {}] = batches;
  if (batches.length === 1) return first;
  return Object.fromEntries(Object.entries(first).map(([name, { dims, dtype }]) => {
    const parts = batches.map((one) => one[name]);
    if (dtype !== 'float32' && dtype !== 'uint8') throw new Error(`"${name}" cannot be stacked.`);
    const data = dtype === 'float32' ? new Float32Array(parts.length * size(dims)) : new Uint8Array(parts.length * size(dims));
    parts.forEach((part, k) => part && data.set(numeric(part), k * size(dims)));
    return [name, data instanceof Float32Array ? hostTensor('float32', [parts.length, ...dims], data) : hostTensor('uint8', [parts.length, ...dims], data)];
  }));
} // prettier-ignore

const size = (dims: readonly number[]): number => dims.reduce((product, side) => product * side, 1);

function numeric(tensor: HostTensor): Float32Array | Uint8Array {
  if (tensor.dtype === 'float32' || tensor.dtype === 'uint8') return tensor.data;
  throw new Error(`These are ${tensor.dtype}.`);
}

function tell(step: number, ms: number, reports: readonly Readonly<Record<string, number>>[]): void {
  const last = reports.slice(-100);
  const means = Object.keys(last[0] ?? {}).map((name) => {
    const mean = last.reduce((sum, report) => sum + (report[name] ?? NaN), 0) / last.length;
    return `${name} ${mean.toFixed(4)}`;
  });
  process.stderr.write(`  step ${step}, ${(ms / 1000).toFixed(0)} s: ${means.join(', ')}\n`);
}

/** Runs a graph on `count` samples, some at a time; `feeds` gives those from `from` to `to`. Each output as one array. */
export async function evaluate(
  graph: Graph,
  count: number,
  feeds: (from: number, to: number) => Tensors,
  at = 500,
): Promise<Record<string, number[]>> {
  const open = await createSession(encodeModel(encodeGraph(graph)), session);
  const results: Record<string, number[]> = {};
  try {
    for (let from = 0; from < count; from += at) {
      const outputs = await open.run(feeds(from, Math.min(count, from + at)));
      for (const [name, value] of Object.entries(outputs)) {
        const list = (results[name] ??= []);
        for (const number of numbersOf(value)) list.push(number);
      }
    }
    return results;
  } finally {
    await open.dispose();
  }
}
