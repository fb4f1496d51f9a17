/** `duet jobs`: the queue of long work, looked at, steered, and worked on until it is empty. */
import { AppError } from '../contract/errors';
import type { JobView } from '../contract/jobs';
import type { NodeEngine } from '../hosts/node-engine';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { CommonOptions, JobsOptions } from './options';
import { harmless, jsonLine, type Terminal } from './terminal';
import { type Column, factLines, tableLine, textWidth } from './text-table';
import { countOf, formatCount, formatDuration } from './words';

/** What is done to one job; `pause` and `resume` without a job mean the whole queue. */
export type JobVerb = 'pause' | 'resume' | 'cancel' | 'retry' | 'next' | 'forget';

type Studio = NodeEngine['studio'];
type Queue = Awaited<ReturnType<typeof listOf>>;

const listOf = (studio: Studio) => studio.call('jobs.list', {});

export async function listJobs(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const queue = await listOf(studio);
    if (options.json) for (const job of queue.jobs) context.terminal.print(jsonLine(job));
    else tellQueue(queue, context.terminal);
    return 0;
  });
}

export async function showJob(id: string, options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { terminal } = context;
    const job = findJob(await listOf(studio), id);
    const { lines } = await studio.call('jobs.log', { id: job.id, from: 0 });
    if (options.json) terminal.print(jsonLine({ ...job, log: lines }));
    else {
      for (const line of describeJob(job, terminal)) terminal.print(line);
      if (lines.length > 0) terminal.print(`\n${terminal.tone('Log', 'bold')}`);
      for (const { at, text } of lines) terminal.print(`  ${new Date(at).toISOString()}  ${harmless(text)}`);
    }
    return 0;
  });
}

export async function changeJobs(
  verb: JobVerb,
  ids: readonly string[],
  options: CommonOptions,
  context: CommandContext,
): Promise<number> {
  return withEngine(context, options, { ...smallEngine, access: 'write' }, async ({ studio }) => {
    if (ids.length === 0) await studio.call(verb === 'pause' ? 'jobs.pauseAll' : 'jobs.resumeAll', {});
    const queue = await listOf(studio);
    for (const { id } of ids.map((given) => findJob(queue, given))) await studio.call(`jobs.${verb}`, { id });
    const after = await listOf(studio);
    const changed =
      ids.length === 0 ? after.jobs : after.jobs.filter(({ id }) => ids.some((given) => id.startsWith(given)));
    if (options.json) for (const job of changed) context.terminal.print(jsonLine(job));
    else if (ids.length === 0) context.terminal.print(verb === 'pause' ? 'The queue is paused.' : 'The queue goes on.');
    else tellQueue({ ...after, jobs: changed }, context.terminal);
    return 0;
  });
}

/** Works until nothing waits. Ctrl+C keeps what is left for the next time. */
export async function runJobs(options: JobsOptions, context: CommandContext): Promise<number> {
  const needs = { decoders: 0, makesThumbs: false, access: 'write', runsJobs: true } as const;
  return withEngine(context, options, needs, async (engine) => {
    const { studio } = engine;
    const before = await listOf(studio);
    if (before.isPaused) throw new AppError('job/bad-state', 'The queue is paused. Let it go on: duet jobs resume');
    await studio.call('jobs.gentle', { isGentle: options.gentle ?? before.isGentle });
    const ended: JobView[] = [];
    studio.on('jobs.ended', ({ job }) => {
      ended.push(job);
      if (options.json) context.terminal.print(jsonLine(job));
      else context.terminal.print(endLine(job, context.terminal));
    });
    await untilEmpty(engine, options, context);
    context.terminal.progress('');
    return summary(await listOf(studio), ended, options, context);
  });
}

function untilEmpty(engine: NodeEngine, options: JobsOptions, context: CommandContext): Promise<void> {
  const { studio } = engine;
  const { signal, terminal } = context;
  const showsProgress = options.progress || terminal.isErrTty;
  return new Promise((resolve, reject) => {
    const look = async (): Promise<void> => {
      const { jobs } = await listOf(studio);
      const left = jobs.filter(({ state }) => state === 'running' || state === 'waiting' || state === 'pausing');
      if (showsProgress) terminal.progress(progressLine(left));
      if (left.length === 0) resolve();
    };
    studio.on('jobs.changed', () => void look().catch(reject));
    engine.onExit((reason) => reject(new AppError('engine/crashed', `The engine ended unexpectedly (${reason}).`)));
    const stop = (): void => reject(new AppError('call/cancelled', 'Cancelled.'));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    look().catch(reject);
  });
}

function summary(
  { jobs }: Queue,
  ended: readonly JobView[],
  options: JobsOptions,
  { terminal }: CommandContext,
): number {
  const bad = ended.filter(({ state }) => state !== 'done');
  const resting = jobs.filter(({ state }) => state === 'paused');
  for (const { failure, title } of resting) {
    if (failure !== null) terminal.note(harmless(`${title}: ${failure.message}`));
  }
  const isStuck = resting.some(({ failure }) => failure !== null);
  if (!options.json && ended.length === 0 && !isStuck) terminal.print('Nothing was waiting.');
  return bad.length > 0 || isStuck ? 1 : 0;
}

/** By its id, or by so much of it that no other begins alike. */
function findJob({ jobs }: Queue, given: string): JobView {
  const found = jobs.filter(({ id }) => id.startsWith(given));
  const [only] = found;
  if (only !== undefined && (found.length === 1 || only.id === given)) return only;
  if (found.length > 1) throw new AppError('job/unknown', `Several jobs begin with ${given}. Give more of the id.`);
  throw new AppError('job/unknown', `There is no job ${given}. See them all: duet jobs list`);
}

function tellQueue({ jobs, isPaused }: Queue, terminal: Terminal): void {
  if (isPaused) terminal.note('The queue is paused. Let it go on: duet jobs resume');
  if (jobs.length === 0) {
    terminal.note('There are no jobs.');
    return;
  }
  const columns: Column[] = [
    { title: 'id', width: Math.max(2, ...jobs.map(({ id }) => textWidth(id))), align: 'left' },
    { title: 'state', width: 9, align: 'left' },
    { title: 'progress', width: 8, align: 'right' },
    { title: 'left', width: 10, align: 'right' },
    { title: 'title', width: 0, align: 'left' },
  ];
  const titles = columns.map(({ title }) => title);
  terminal.print(terminal.tone(tableLine(columns, titles), 'dim'));
  for (const job of jobs) {
    const left = job.remainingMs === null || job.endedAt !== null ? '' : formatDuration(job.remainingMs);
    terminal.print(tableLine(columns, [job.id, job.state, percent(job), left, harmless(job.title)]));
  }
}

function percent({ progress: { done, total }, state }: JobView): string {
  if (state === 'done') return '100 %';
  return total === null || total === 0 ? '' : `${Math.floor((100 * Math.min(done, total)) / total)} %`;
}

function describeJob(job: JobView, terminal: Terminal): string[] {
  const { progress, failure, result, perSecond } = job;
  const of = progress.total === null ? '' : ` of ${formatCount(progress.total)}`;
  const facts: [string, string][] = [
    ['id', job.id],
    ['does', job.kind],
    ['state', job.state],
    ['progress', `${formatCount(progress.done)}${of} ${harmless(progress.unit)}`.trim()],
    ...(perSecond === null ? [] : [['speed', `${perSecond.toFixed(1)} a second`] satisfies [string, string]]),
    ['worked', `${formatDuration(job.workedMs)} in ${countOf(job.attempts, 'attempt')}`],
    ...(failure === null ? [] : [['failure', harmless(failure.message)] satisfies [string, string]]),
    ...(result === null ? [] : [['result', harmless(result.summary)] satisfies [string, string]]),
  ];
  return [terminal.tone(harmless(job.title), 'bold'), ...factLines(facts)];
}

function endLine({ state, title, failure, result }: JobView, terminal: Terminal): string {
  const what = harmless(failure?.message ?? result?.summary ?? '');
  return `${terminal.tone(state, state === 'done' ? 'good' : 'danger')}  ${harmless(title)}: ${what}`;
}

function progressLine(left: readonly JobView[]): string {
  const [job] = left;
  if (job === undefined) return '';
  const more = left.length > 1 ? `, ${formatCount(left.length - 1)} more` : '';
  const time = job.remainingMs === null ? '' : `, ${formatDuration(job.remainingMs)} left`;
  return harmless(`${job.title} ${percent(job)}${time}${more}`);
}
