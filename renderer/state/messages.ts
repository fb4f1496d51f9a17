/** Jobs and toasts: how long things go and what came of them, where the person sees it without being stopped. */
import { type Failure, isCancelled, toFailure } from '../../electron/contract/errors';
import { readBridgeError } from '../../electron/contract/bridge';
import type { Studio } from './studio';
import type { Job, Toast } from './studio-state';

let nextId = 1;

/** Whatever was thrown, from the engine or across the bridge, as a failure. */
export function failureOf(error: unknown): Failure {
  const isOurs = error instanceof Error && 'code' in error;
  return isOurs ? toFailure(error) : readBridgeError(error).toFailure();
}

export function say(studio: Studio, text: string, action: Toast['action'] = null): void {
  const toast: Toast = { id: nextId++, text, action, failure: null };
  studio.store.setState((state) => ({ toasts: [...state.toasts.slice(-2), toast] }));
}

export function sayFailure(studio: Studio, text: string, error: unknown, action: Toast['action'] = null): void {
  if (isCancelled(error)) return;
  const toast: Toast = { id: nextId++, text, action, failure: failureOf(error) };
  studio.store.setState((state) => ({ toasts: [...state.toasts.slice(-2), toast] }));
}

export function dismissToast(studio: Studio, id: number): void {
  studio.store.setState((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) }));
}

function changeJob(studio: Studio, id: number, change: Partial<Job>): void {
  studio.store.setState((state) => ({ jobs: state.jobs.map((job) => (job.id === id ? { ...job, ...change } : job)) }));
}

/** The job is over; its log says with what. */
function endJob(studio: Studio, id: number, change: Partial<Job> & { detail: string }): void {
  const at = Date.now();
  const log = studio.store.getState().jobs.find((job) => job.id === id)?.log ?? [];
  const lines = [...log, { at, text: change.detail }];
  changeJob(studio, id, { cancel: null, fraction: null, endedAt: at, log: lines, ...change });
}

export function forgetJob(studio: Studio, id: number): void {
  studio.store.setState((state) => ({ jobs: state.jobs.filter((job) => job.id !== id) }));
}

export interface JobWork {
  signal: AbortSignal;
  onProgress: (fraction: number) => void;
  id: number;
}

/** Runs `work` as a job that can be cancelled and, after a failure, tried again; gives undefined when it did not succeed. */
export async function runJob<Value>(
  studio: Studio,
  title: string,
  doing: string,
  work: (job: JobWork) => Promise<{ value: Value; detail: string; written?: string }>,
): Promise<Value | undefined> {
  const id = nextId++;
  const abort = new AbortController();
  const startedAt = Date.now();
  const start: Job = {
    id,
    title,
    detail: doing,
    fraction: null,
    state: 'running',
    failure: null,
    cancel: () => abort.abort(),
    retry: null,
    written: null,
    startedAt,
    endedAt: null,
    log: [{ at: startedAt, text: `${doing}.` }],
  };
  studio.store.setState((state) => ({ jobs: [...state.jobs, start] }));
  try {
    const onProgress = (fraction: number): void => changeJob(studio, id, { fraction });
    const { value, detail, written } = await work({ signal: abort.signal, onProgress, id });
    endJob(studio, id, { state: 'done', detail, written: written ?? null });
    return value;
  } catch (error) {
    if (isCancelled(error)) {
      forgetJob(studio, id);
      return undefined;
    }
    const failure = failureOf(error);
    const retry = (): void => {
      forgetJob(studio, id);
      void runJob(studio, title, doing, work);
    };
    endJob(studio, id, { state: 'failed', detail: failure.message, failure, retry });
    sayFailure(studio, `${title} failed.`, error);
    return undefined;
  }
}
