/** Any series of wishes, ends, crashes and kills leaves the queue as a model of it says, before and after a restart. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import type { JobKindName } from '../../contract/jobs';
import type { JobQueue } from './queue';
import { ModelQueue } from './testing/model';
import { add, Pretended, statesOf, until } from './testing/pretended';

const kinds = { intake: 'dataset.import', compute: 'dataset.check', disk: 'workspace.backup' } as const;
const lanes = fc.constantFrom('intake' as const, 'compute' as const, 'disk' as const);
const place = fc.nat({ max: 7 });

type Step =
  | { do: 'add'; lane: keyof typeof kinds }
  | { do: 'wish'; verb: 'pause' | 'resume' | 'cancel' | 'retry' | 'next' | 'forget'; place: number }
  | { do: 'end'; how: 'done' | 'failed' | 'crash' | 'slice'; lane: keyof typeof kinds }
  | { do: 'kill' }
  | { do: 'all'; isPaused: boolean };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('add' as const), lane: lanes }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('wish' as const),
      verb: fc.constantFrom('pause', 'resume', 'cancel', 'retry', 'next', 'forget' as const),
      place,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      how: fc.constantFrom('done', 'failed', 'crash', 'slice' as const),
      lane: lanes,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('kill' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('all' as const), isPaused: fc.boolean() }) },
);

class Play {
  readonly stage = new Pretended();
  readonly model = new ModelQueue();
  private readonly ids = new Map<string, string>();
  private readonly finished = new Set<string>();
  private queue: JobQueue | undefined;
  private count = 0;

  async run(steps: readonly Step[]): Promise<void> {
    await this.start();
    for (const one of steps) {
      await this.take(one);
      await this.compare();
    }
    await this.start();
    this.model.kill();
    await this.compare();
  }

  private async start(): Promise<void> {
    this.queue = await this.stage.open();
    this.queue.start();
  }

  private get real(): JobQueue {
    if (this.queue === undefined) throw new Error('not started');
    return this.queue;
  }

  private async take(one: Step): Promise<void> {
    if (one.do === 'add') await this.add(one.lane, kinds[one.lane]);
    else if (one.do === 'wish') await this.wish(one);
    else if (one.do === 'end') await this.end(one);
    else if (one.do === 'all') {
      await (one.isPaused ? this.real.pauseAll() : this.real.resumeAll());
      this.model.pauseAll(one.isPaused);
    } else {
      await this.start();
      this.model.kill();
    }
  }

  private async add(lane: string, kind: JobKindName): Promise<void> {
    const name = `job ${++this.count}`;
    this.ids.set(name, await add(this.real, name, kind));
    this.model.add(name, lane);
  }

  private async wish({ verb, place: number }: Extract<Step, { do: 'wish' }>): Promise<void> {
    const [name] = this.model.states()[number] ?? [''];
    const job = this.model.find(name);
    if (job === undefined) return;
    const doing = this.real[verb](this.ids.get(name) ?? '');
    if (this.model.do(verb, job)) await doing;
    else await expect(doing).rejects.toMatchObject({ code: 'job/bad-state' });
  }

  private async end({ how, lane }: Extract<Step, { do: 'end' }>): Promise<void> {
    const job = this.model.running(lane);
    if (job === undefined) return;
    const run = this.stage.run(job.name);
    if (how === 'slice') {
      job.crashes = 0;
      await this.stage.time.pass(2_000);
      await run.context.slice((this.count += 1));
    } else if (how === 'crash') {
      run.fail(new AppError('engine/crashed', 'The process ended.'));
      this.model.crash(job);
    } else if (how === 'done') {
      run.finish();
      this.finished.add(job.name);
      this.model.end(job, 'done');
    } else {
      run.fail(new AppError('data/damaged', 'It is damaged.'));
      this.model.end(job, 'failed');
    }
  }

  private async compare(): Promise<void> {
    const wanted = JSON.stringify(this.model.states());
    const isSo = () => JSON.stringify(statesOf(this.real)) === wanted && this.areRunning();
    await until(isSo).catch(() => expect(statesOf(this.real)).toEqual(this.model.states()));
    // Finished work never runs again.
    for (const { context } of this.stage.runs) expect(this.finished.has(context.parameters.name)).toBe(false);
  }

  private areRunning(): boolean {
    const running = this.model.states().filter(([, state]) => state === 'running');
    return this.stage.runs.length === running.length;
  }
}

test('the queue and its model agree', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40, size: 'max' }), async (steps) => {
      const play = new Play();
      try {
        await play.run(steps);
      } finally {
        await play.stage.dispose();
      }
    }),
    { seed: 11, numRuns: 150 },
  );
});
