/** `duet bench training`: the time of one training step of each reference net, here. */
import * as z from 'zod';
import { AppError } from '../contract/errors';
import type { TrainingTime } from '../../models/benchmarks/training';
import type { CommandContext } from './engine-use';
import { type BenchOptions, referenceNetNames } from './options';
import { jsonLine } from './terminal';
import { type Column, tableLine } from './text-table';

const netSchema = z.enum(referenceNetNames);

const columns: Column[] = [
  { title: 'net', width: 6, align: 'left' },
  { title: 'batch', width: 6, align: 'right' },
  { title: 'weights', width: 8, align: 'right' },
  { title: 'ms a step', width: 10, align: 'right' },
  { title: 'samples/s', width: 10, align: 'right' },
  { title: 'GFLOP/s', width: 8, align: 'right' },
  { title: 'compile ms', width: 11, align: 'right' },
];

/** One line a net as soon as it is known; with --json one object a line. The nets are trained for real, on random batches. */
export async function benchTraining(
  words: readonly string[],
  options: BenchOptions,
  context: CommandContext,
): Promise<number> {
  const nets = words.length === 0 ? referenceNetNames : words.map(readNet);
  const { terminal, signal } = context;
  const { timeTraining } = await import('../../models/benchmarks/training'); // native code, which other commands need not load
  if (!options.json) terminal.print(terminal.tone(tableLine(columns, columns.map(({ title }) => title)), 'dim')); // prettier-ignore
  for (const net of nets) {
    if (signal.aborted) throw new AppError('call/cancelled', 'Cancelled.');
    terminal.progress(`Training ${net} ...`);
    const provider = options.device === 'auto' ? 'cpu' : options.device;
    const time = await timeTraining(net, { threads: options.threads, steps: options.steps, provider });
    terminal.progress('');
    terminal.print(options.json ? jsonLine(time) : tableLine(columns, cells(time)));
  }
  return 0;
}

function readNet(word: string): (typeof referenceNetNames)[number] {
  const net = netSchema.safeParse(word);
  if (net.success) return net.data;
  throw new AppError('usage/bad-argument', `There is no net "${word}". There are: ${referenceNetNames.join(', ')}.`);
}

function cells(time: TrainingTime): string[] {
  const { net, batch, params, msPerStep, samplesPerSecond, gflops, compileMs } = time;
  return [
    net,
    String(batch),
    String(params),
    msPerStep.toFixed(2),
    samplesPerSecond.toFixed(0),
    gflops.toFixed(0),
    compileMs.toFixed(0),
  ];
}
