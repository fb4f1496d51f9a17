/** The words of `duet jobs`, as `--help` tells them. */
import { Argument, type Command as Base, Option } from 'commander';
import type { JobVerb } from './jobs';
import { type CommonOptions, commonSchema, jobName, type JobsOptions, jobsSchema, parseOptions } from './options';

export interface JobActions {
  listJobs(options: CommonOptions): Promise<number>;
  showJob(id: string, options: CommonOptions): Promise<number>;
  changeJobs(verb: JobVerb, ids: string[], options: CommonOptions): Promise<number>;
  runJobs(options: JobsOptions): Promise<number>;
}

const verbs: Record<JobVerb, { arguments: string; does: string }> = {
  pause: { arguments: '[id...]', does: 'let jobs rest, or the whole queue without an id; finished work is kept' },
  resume: { arguments: '[id...]', does: 'let resting jobs, or the whole queue, go on' },
  cancel: { arguments: '<id...>', does: 'end jobs; their unfinished work is swept' },
  retry: { arguments: '<id...>', does: 'try ended jobs again, from what they had finished' },
  next: { arguments: '<id>', does: 'put a waiting job first' },
  forget: { arguments: '<id...>', does: 'take ended jobs off the list; their results stay' },
};

const runHelp = `
Works on the queue until nothing waits. Ctrl+C stops at once and keeps the queue, and what is finished, for next time.

Exit code: 0 all went well, 1 a job failed or rests for want of space, 2 wrong usage, 130 interrupted.`;

type Add = (parent: Base, name: string, description: string) => Base;

export function addJobs(jobs: Base, add: Add, actions: JobActions, onExit: (code: number) => void): void {
  add(jobs, 'list', 'list the jobs: running, waiting, ended').action(async (_given: unknown, self: Base) => {
    onExit(await actions.listJobs(parseOptions(commonSchema, self.opts())));
  });
  add(jobs, 'show', 'show one job and its log')
    .addArgument(new Argument('<id>', 'the job, or the beginning of its id').argParser(jobName))
    .action(async (id: string, _given: unknown, self: Base) => {
      onExit(await actions.showJob(id, parseOptions(commonSchema, self.opts())));
    });
  for (const verb of ['pause', 'resume', 'cancel', 'retry', 'next', 'forget'] as const)
    addVerb(jobs, add, verb, actions, onExit);
  add(jobs, 'run', 'work on the queue until nothing waits')
    .addOption(new Option('--gentle', 'leave processor time to whoever works at this machine'))
    .addOption(new Option('--no-gentle', 'work as fast as the machine can'))
    .addHelpText('after', runHelp)
    .action(async (_given: unknown, self: Base) => {
      onExit(await actions.runJobs(parseOptions(jobsSchema, self.opts())));
    });
}

function addVerb(jobs: Base, add: Add, verb: JobVerb, actions: JobActions, onExit: (code: number) => void): void {
  const { arguments: given, does } = verbs[verb];
  add(jobs, verb, does)
    .addArgument(
      new Argument(given, 'jobs, or the beginnings of their ids').argParser((text, before: string[] | undefined) => [
        ...(before ?? []),
        jobName(text),
      ]),
    )
    .action(async (ids: string[] | undefined, _given: unknown, self: Base) => {
      onExit(await actions.changeJobs(verb, ids ?? [], parseOptions(commonSchema, self.opts())));
    });
}
