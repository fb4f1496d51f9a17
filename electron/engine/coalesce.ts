/** Bundles bursts: whatever happens within one interval is told once, at its end; the last state always arrives. */
/** Starts a timer and returns its undo. */
export type StartTimer = (callback: () => void, ms: number) => () => void;

export const startTimer: StartTimer = (callback, ms) => {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
};

export interface Coalesced {
  /** Something changed. */
  mark(): void;
  /** Tells at once what is still to be told. */
  flush(): void;
  dispose(): void;
}

export function coalesce(tell: () => void, intervalMs: number, start: StartTimer = startTimer): Coalesced {
  let stop: (() => void) | undefined;
  const dispose = (): void => {
    stop?.();
    stop = undefined;
  };
  const flush = (): void => {
    if (stop === undefined) return;
    dispose();
    tell();
  };
  return {
    mark: () => {
      stop ??= start(flush, intervalMs);
    },
    flush,
    dispose,
  };
}
