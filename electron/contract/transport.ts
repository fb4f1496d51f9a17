/** A transport is `send` and `onMessage`: ports, child processes and test pairs all fit, calls and events are built on top. */

export interface Transport {
  send(message: unknown): void;
  /** Both subscriptions return their own undo. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Told once, when the other side is gone or `close` was called. */
  onClose(listener: () => void): () => void;
  close(): void;
}

/** A set of listeners with an undo for each: the only event emitter the contract needs. */
export class Listeners<Value> {
  private readonly listeners = new Set<(value: Value) => void>();

  add(listener: (value: Value) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  tell(value: Value): void {
    for (const listener of [...this.listeners]) listener(value);
  }

  clear(): void {
    this.listeners.clear();
  }
}

class MemoryEnd implements Transport {
  private readonly messages = new Listeners<unknown>();
  private readonly closes = new Listeners<void>();
  private isOpen = true;
  other: MemoryEnd | undefined;

  send(message: unknown): void {
    if (!this.isOpen) return;
    const copy = structuredClone(message);
    queueMicrotask(() => this.other?.receive(copy));
  }

  private receive(message: unknown): void {
    if (this.isOpen) this.messages.tell(message);
  }

  onMessage(listener: (message: unknown) => void): () => void {
    return this.messages.add(listener);
  }

  onClose(listener: () => void): () => void {
    return this.closes.add(listener);
  }

  close(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    this.closes.tell();
    this.other?.close();
  }
}

/** Two transports joined in memory; messages are cloned as a real port would, and arrive in order, later. */
export function memoryPair(): [Transport, Transport] {
  const left = new MemoryEnd();
  const right = new MemoryEnd();
  left.other = right;
  right.other = left;
  return [left, right];
}
