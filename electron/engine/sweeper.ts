/** Sweeps what nothing names any more: once after an opening, as soon as no job is at work, and when a person asks. */
import { AppError, isCancelled, throwIfCancelled } from '../contract/errors';
import type { JobQueue } from './jobs/queue';
import { type Swept, sweepObjects } from './storage/sweep-objects';
import type { Workspace } from './storage/workspace';

export interface SweeperOptions {
  readonly workspace: Workspace;
  readonly jobs: Pick<JobQueue, 'named' | 'running' | 'changed'>;
  /** Something was added to what is told about the workspace. */
  readonly onFinding: () => void;
}

export class Sweeper {
  private readonly stop = new AbortController();
  private turn: Promise<unknown> = Promise.resolve();
  private unfollow: (() => void) | undefined;

  constructor(private readonly options: SweeperOptions) {}

  /** In the background. */
  start(): void {
    const { workspace, jobs } = this.options;
    if (!workspace.isWritable) return;
    let isTrying = false;
    const attempt = async (): Promise<void> => {
      if (isTrying || this.isBusy()) return;
      isTrying = true;
      if (await this.isSettled()) this.unfollow?.();
      isTrying = false;
    };
    this.unfollow = jobs.changed.add(() => void attempt());
    void attempt();
  }

  /** In turn. */
  sweep(isDryRun: boolean, signal: AbortSignal): Promise<Swept> {
    const { workspace, jobs } = this.options;
    const swept = this.turn.then(async () => {
      const stop = (): void => own.abort();
      const own = new AbortController();
      const signals = [signal, this.stop.signal];
      for (const one of signals) one.addEventListener('abort', stop);
      if (signals.some(({ aborted }) => aborted)) stop();
      try {
        throwIfCancelled(own.signal);
        const asked = { inUse: () => jobs.named(), isBusy: () => this.isBusy() };
        return await sweepObjects(workspace, { isDryRun, ...asked, signal: own.signal });
      } finally {
        for (const one of signals) one.removeEventListener('abort', stop);
      }
    });
    this.turn = swept.catch(() => undefined);
    return swept;
  }

  /** Waits for what is being deleted. */
  async dispose(): Promise<void> {
    this.stop.abort();
    this.unfollow?.();
    await this.turn;
  }

  /** False when a job came in between. */
  private async isSettled(): Promise<boolean> {
    try {
      await this.sweep(false, this.stop.signal);
      return true;
    } catch (error) {
      if (error instanceof AppError && error.code === 'job/bad-state') return false;
      if (!isCancelled(error)) this.tell(error);
      return true;
    }
  }

  /** What is told already is not told twice. */
  private tell(error: unknown): void {
    const { workspace, onFinding } = this.options;
    const { file = '' } = error instanceof AppError ? error.details : {};
    if (typeof file !== 'string') return;
    if (workspace.findings.some((finding) => finding.file === file)) return;
    const isMissing = error instanceof AppError && error.code === 'workspace/missing';
    workspace.report(isMissing ? 'missing' : 'damaged', file, error);
    onFinding();
  }

  private isBusy(): boolean {
    return this.options.jobs.running().length > 0;
  }
}
