/** The queue's memory: every job, the order of those to come, and what earlier jobs teach about speed. Made by events alone. */
import type { JobKindName } from '../../contract/jobs';
import type { ChangeEvent, JobEvent } from './events';
import { isEnded, type JobRecord, newRecord, reduceJob } from './state';

/** Finished jobs of a kind that its speed is taken from. */
const remembered = 5;

export class JobBook {
  isPaused = false;
  isGentle = false;
  private readonly jobs = new Map<string, JobRecord>();
  /** Waiting, running and paused jobs, in order. */
  private queue = new Set<string>();
  /** In the order of their ends. */
  private readonly ended = new Set<string>();
  private readonly byKey = new Map<string, string>();
  private readonly forgotten = new Set<string>();
  private readonly finished = new Map<string, { units: number; ms: number }[]>();

  apply(event: JobEvent): void {
    if (event.event === 'mode') {
      this.isPaused = event.isPaused;
      this.isGentle = event.isGentle;
    } else if (event.event === 'added') {
      if (this.jobs.has(event.id) || this.forgotten.has(event.id)) return;
      this.put(newRecord(event));
      this.byKey.set(event.key, event.id);
    } else this.change(event);
  }

  get(id: string): JobRecord | undefined {
    return this.jobs.get(id);
  }

  /** The newest job with this key. */
  withKey(key: string): JobRecord | undefined {
    return this.jobs.get(this.byKey.get(key) ?? '');
  }

  /** Whether a job of this id was ever there, so that its files are ours. */
  hasForgotten(id: string): boolean {
    return this.forgotten.has(id);
  }

  get size(): number {
    return this.jobs.size;
  }

  /** Waiting, running and paused jobs in order, then ended ones, newest first. */
  list(): JobRecord[] {
    return [...this.queued(), ...this.those([...this.ended].reverse())];
  }

  queued(): JobRecord[] {
    return this.those(this.queue);
  }

  waiting(): JobRecord[] {
    return this.queued().filter(({ state }) => state === 'waiting');
  }

  /** Units a second of the last finished jobs of this kind that counted the same units. */
  perSecond(kind: JobKindName, unit: string): number | null {
    const those = this.finished.get(`${kind} ${unit}`) ?? [];
    const units = those.reduce((sum, one) => sum + one.units, 0);
    const ms = those.reduce((sum, one) => sum + one.ms, 0);
    return units > 0 && ms > 0 ? (units * 1000) / ms : null;
  }

  private those(ids: Iterable<string>): JobRecord[] {
    return [...ids].flatMap((id) => this.jobs.get(id) ?? []);
  }

  private change(event: ChangeEvent): void {
    const job = this.jobs.get(event.id);
    if (job === undefined) return;
    const next = reduceJob(job, event);
    if (next === undefined) this.drop(job);
    else if (next !== job) this.put(next);
    else if (event.event === 'moved' && job.state === 'waiting') this.queue = new Set([job.id, ...this.queue]);
    if (event.event === 'done' && next?.state === 'done') this.learn(next);
  }

  private put(job: JobRecord): void {
    this.jobs.set(job.id, job);
    const [from, to] = isEnded(job) ? [this.queue, this.ended] : [this.ended, this.queue];
    from.delete(job.id);
    to.add(job.id);
  }

  private drop(job: JobRecord): void {
    this.jobs.delete(job.id);
    this.ended.delete(job.id);
    this.forgotten.add(job.id);
    if (this.byKey.get(job.key) === job.id) this.byKey.delete(job.key);
  }

  private learn({ kind, progress, workedMs }: JobRecord): void {
    if (progress.done <= 0 || workedMs <= 0) return;
    const name = `${kind} ${progress.unit}`;
    const those = [...(this.finished.get(name) ?? []), { units: progress.done, ms: workedMs }];
    this.finished.set(name, those.slice(-remembered));
  }
}
