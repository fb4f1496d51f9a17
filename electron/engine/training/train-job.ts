/** The job `train.run`: a process of its own trains, this side tells the pages, and in the end puts the model among the others. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { type Client, connect } from '../../contract/client';
import { AppError } from '../../contract/errors';
import type { TrainingOutcome, TrainingWorkerContract } from '../../contract/training-worker';
import { trainingWorkerContract } from '../../contract/training-worker';
import type { JobContext, JobKind, JobResult } from '../jobs/job-kind';
import type { ModelRegistry } from '../models/registry';
import { standBackFor } from '../processes/priority';
import type { HostedProcess, ProcessHost } from '../processes/process-host';
import type { Workspace } from '../storage/workspace';
import { cardOf } from './card-words';
import { orderOf } from './order';
import { type TrainParameters, trainParametersSchema } from './parameters';
import { place, placed } from './place-model';
import type { RunBook } from './run-book';
import { runFolder } from './run-file';

export interface TrainJobOptions {
  readonly workspace: Workspace;
  readonly registry: ModelRegistry;
  readonly host: ProcessHost;
  readonly book: RunBook;
  readonly isGentle: () => boolean;
  readonly onNetwork: (refused: number) => void;
  /** A run is over: steps a second that it made. */
  readonly onSpeed: (parameters: TrainParameters, stepsPerSecond: number) => void;
}

type Worker = Client<TrainingWorkerContract>;

interface Running {
  readonly job: string;
  readonly worker: Worker;
  readonly process: HostedProcess;
  /** Takes its low priority back; undefined while it has its own. */
  callForward: (() => boolean) | undefined;
}

/** The kind, and how the run at work is reached. */
export interface TrainJob {
  readonly kind: JobKind<TrainParameters>;
  /** Ends the run of this job, if it is at work, as if its budget were used. */
  keep(job: string): Promise<void>;
  setGentle(isGentle: boolean): void;
}

export function trainJob(options: TrainJobOptions): TrainJob {
  let running: Running | undefined;
  const setGentle = (isGentle: boolean): void => {
    if (running === undefined) return;
    const { worker, process, callForward } = running;
    if (isGentle === (callForward !== undefined)) return;
    worker.call('gentle', { isGentle }).catch(() => undefined);
    // Where a priority cannot be raised again, the run goes on behind others, but rests no longer between its steps.
    callForward?.();
    running.callForward = isGentle && process.pid !== undefined ? standBackFor(process.pid) : undefined;
  };
  const begin = (started: Omit<Running, 'callForward'>): void => {
    running = { ...started, callForward: undefined };
    if (options.isGentle()) setGentle(true);
  };
  return {
    kind: {
      kind: 'train.run',
      lane: 'training',
      parameters: trainParametersSchema,
      run: (context) => run(options, context, begin).finally(() => (running = undefined)),
      kill: () => running?.process.kill(),
    },
    keep: async (job) => {
      if (running?.job === job) await running.worker.call('keep', {});
    },
    setGentle,
  };
}

async function run(
  options: TrainJobOptions,
  context: JobContext<TrainParameters>,
  begin: (running: Omit<Running, 'callForward'>) => void,
): Promise<JobResult> {
  const { workspace, registry, book } = options;
  const { id, parameters, folder } = context;
  workspace.assertWritable();
  await book.create(id, parameters);
  const there = await placed({ registry, book, job: id });
  if (there !== undefined) return resultOf(options, id, there);
  await mkdir(runFolder(workspace.root, id), { recursive: true });
  const { worker, process } = await start(options, context);
  begin({ job: id, worker, process });
  try {
    book.setPhase(id, 'preparing');
    context.progress(book.get(id).run.step, book.get(id).run.steps, 'steps', 'preparing');
    const order = await orderOf(options, context, book.get(id).isKept);
    const outcome = await worker.call('run', order, { signal: context.signal, waitsForEnd: true });
    noteSpeed(options, parameters, outcome);
    const file = await place({ registry, book, job: id }, async (name) => {
      const target = path.join(folder, 'model.onnx');
      const { hash } = await worker.call('publish', { target, name, ...cardOf(parameters, outcome) });
      return { file: target, hash };
    });
    return await resultOf(options, id, file);
  } finally {
    worker.close();
    process.kill();
  }
}

async function start(options: TrainJobOptions, context: JobContext<TrainParameters>) {
  const { host, book, onNetwork } = options;
  const { id } = context;
  const process = await host.spawn('training');
  const worker = connect(trainingWorkerContract, process.transport);
  process.onExit((reason) => worker.close('engine/crashed', `The training process ended unexpectedly (${reason}).`));
  worker.on('network', ({ refused }) => onNetwork(refused));
  worker.on('begun', (event) => {
    book.begun(id, event);
    context.log(event.step === 0 ? `${event.steps} steps.` : `Goes on after step ${event.step} of ${event.steps}.`);
  });
  worker.on('progress', (event) => {
    book.progress(id, event);
    context.progress(event.step, event.steps, 'steps', event.phase === 'checking' ? 'looking at what it has learned' : 'training'); // prettier-ignore
    const verdict = event.check?.verdict ?? null;
    if (verdict !== null) context.log(`Step ${event.step}: ${verdict.sentence}`);
  });
  // A stop reaches the worker by the call's signal; here it only ends the rest that comes with going easy.
  worker.on('saved', ({ step }) => void context.slice(step).catch(() => undefined));
  return { worker, process };
}

function noteSpeed({ book, onSpeed }: TrainJobOptions, parameters: TrainParameters, { step, seconds }: TrainingOutcome): void {
  if (step > 0 && seconds > 0 && book.list().length > 0) onSpeed(parameters, step / seconds);
} // prettier-ignore

async function resultOf({ workspace, registry, book }: TrainJobOptions, job: string, file: string): Promise<JobResult> {
  const entry = await registry.register(file, false);
  const { run } = book.get(job);
  const { best } = run;
  const reached = best === null ? '' : `, ${best.metric} ${best.value.toFixed(3)}`;
  return {
    model: entry.id,
    summary: `${entry.title}: ${run.step.toLocaleString('en-US')} steps${reached}`,
    files: [path.relative(workspace.root, file).split(path.sep).join('/')],
  };
}

/** Tells apart a run that cannot go on from one that can: for `training.keep`. */
export function assertKeepable({ run }: ReturnType<RunBook['get']>): void {
  if (run.phase !== 'stopped') return;
  throw new AppError('job/bad-state', `"${run.title}" was cancelled and what it had learned is swept. Train it anew.`, { id: run.job }); // prettier-ignore
}
