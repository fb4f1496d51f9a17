/** The few globals that pages and Node share; the contract may use these and nothing else of either. */
interface AbortSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(): void;
}
declare function structuredClone<Value>(value: Value): Value;
declare function queueMicrotask(callback: () => void): void;
