/** Tells pages which jobs changed: bundled ten times a second, in portions, and the last state always. */
import type { JobView } from '../../contract/jobs';
import { coalesce, type StartTimer } from '../coalesce';

const intervalMs = 100;
/** Jobs told at once: a queue of thousands moves up in portions, so that no message is huge. */
const portion = 500;

interface AnnouncerOptions {
  /** Is given the jobs that changed, and looks at them only then: a burst costs one look. */
  readonly tell: (ids: readonly string[]) => void;
  readonly waiting: () => string[];
  readonly startTimer: StartTimer;
}

export class Announcer {
  private readonly changed = new Set<string>();
  private haveWaitingMoved = false;
  private readonly bundle: { mark(): void; dispose(): void };

  constructor(private readonly options: AnnouncerOptions) {
    this.bundle = coalesce(() => this.next(), intervalMs, options.startTimer);
  }

  mark(ids: Iterable<string>): void {
    for (const id of ids) this.changed.add(id);
    this.bundle.mark();
  }

  /** The places of all waiting jobs may have changed. */
  markWaiting(): void {
    this.haveWaitingMoved = true;
    this.bundle.mark();
  }

  dispose(): void {
    this.bundle.dispose();
  }

  private next(): void {
    if (this.haveWaitingMoved) for (const id of this.options.waiting()) this.changed.add(id);
    this.haveWaitingMoved = false;
    const ids = [...this.changed].slice(0, portion);
    for (const id of ids) this.changed.delete(id);
    this.options.tell(ids);
    if (this.changed.size > 0) this.bundle.mark();
  }
}

/** Running ones first, each group in order. */
export function runningFirst(jobs: readonly JobView[]): JobView[] {
  const isRunning = ({ state }: JobView): boolean => state === 'running' || state === 'pausing';
  return [...jobs.filter(isRunning), ...jobs.filter((job) => !isRunning(job))];
}
