/** The asking side of a contract: typed calls with cancel and progress, parsed replies, events; every call ends, also when the other side dies. */
import { AppError, type ErrorCode } from './errors';
import {
  type CallName,
  type Contract,
  type EventName,
  type EventOf,
  firstIssue,
  type ReplyOf,
  type RequestInput,
  type ToServer,
  toClientSchema,
} from './rpc';
import { Listeners, type Transport } from './transport';

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Told the progress in 0..1. */
  onProgress?: ((fraction: number) => void) | undefined;
  /** A cancelled call ends only when the other side has stopped: for whoever then uses what it was working on. */
  waitsForEnd?: boolean | undefined;
}

export interface Client<C extends Contract> {
  call<K extends CallName<C>>(name: K, request: RequestInput<C, K>, options?: CallOptions): Promise<ReplyOf<C, K>>;
  on<K extends EventName<C>>(name: K, listener: (event: EventOf<C, K>) => void): () => void;
  /** Rejects what is pending with `code` and takes no more calls. */
  close(code?: ErrorCode, message?: string): void;
}

interface Pending {
  name: string;
  resolve(reply: unknown): void;
  reject(error: AppError): void;
  onProgress: ((fraction: number) => void) | undefined;
  undo(): void;
}

class PortClient {
  private readonly pending = new Map<number, Pending>();
  private readonly events = new Map<string, Listeners<unknown>>();
  private readonly undo: (() => void)[];
  private nextId = 1;
  private closed: AppError | undefined;

  constructor(
    private readonly contract: Contract,
    private readonly transport: Transport,
  ) {
    this.undo = [
      transport.onMessage((message) => this.receive(message)),
      transport.onClose(() => this.close('engine/closed', 'The process that should answer has ended.')),
    ];
  }

  call(name: string, request: unknown, options: CallOptions = {}): Promise<unknown> {
    if (this.closed !== undefined) return Promise.reject(this.closed);
    if (options.signal?.aborted === true) return Promise.reject(cancelled());
    const id = this.nextId++;
    return new Promise((resolve, reject) => {
      const cancel = (): void => {
        this.send({ t: 'cancel', id });
        if (options.waitsForEnd !== true) this.take(id)?.reject(cancelled());
      };
      options.signal?.addEventListener('abort', cancel, { once: true });
      const undo = (): void => options.signal?.removeEventListener('abort', cancel);
      const fail = (error: AppError): void => reject(options.signal?.aborted === true ? cancelled() : error);
      this.pending.set(id, { name, resolve, reject: fail, onProgress: options.onProgress, undo });
      this.send({ t: 'call', id, name, request });
    });
  }

  on(name: string, listener: (event: unknown) => void): () => void {
    let listeners = this.events.get(name);
    if (listeners === undefined) this.events.set(name, (listeners = new Listeners()));
    return listeners.add(listener);
  }

  close(code: ErrorCode = 'engine/closed', message = 'The connection was closed.'): void {
    if (this.closed !== undefined) return;
    this.closed = new AppError(code, message);
    for (const one of this.undo) one();
    for (const id of [...this.pending.keys()]) this.take(id)?.reject(this.closed);
  }

  private send(message: ToServer): void {
    this.transport.send(message);
  }

  private take(id: number): Pending | undefined {
    const pending = this.pending.get(id);
    this.pending.delete(id);
    pending?.undo();
    return pending;
  }

  private receive(raw: unknown): void {
    const parsed = toClientSchema.safeParse(raw);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.t === 'event') this.tell(message.name, message.event);
    else if (message.t === 'progress') this.pending.get(message.id)?.onProgress?.(message.progress);
    else if (message.t === 'fail') this.take(message.id)?.reject(AppError.fromFailure(message.failure));
    else this.settle(message.id, message.reply);
  }

  private settle(id: number, reply: unknown): void {
    const pending = this.take(id);
    if (pending === undefined) return;
    const parsed = this.contract.calls[pending.name]?.reply.safeParse(reply);
    if (parsed?.success === true) pending.resolve(parsed.data);
    else {
      const what = parsed === undefined ? 'no such call' : firstIssue(parsed.error);
      pending.reject(new AppError('call/bad-reply', `The answer to ${pending.name} was not understood: ${what}.`));
    }
  }

  private tell(name: string, event: unknown): void {
    const parsed = this.contract.events[name]?.safeParse(event);
    if (parsed?.success === true) this.events.get(name)?.tell(parsed.data);
  }
}

function cancelled(): AppError {
  return new AppError('call/cancelled', 'Cancelled.');
}

/** Connects to whoever serves `contract` at the other end of `transport`. */
export function connect<C extends Contract>(contract: C, transport: Transport): Client<C> {
  // The class is untyped inside; each reply and event has passed its schema, which is what the types of Client state.
  return new PortClient(contract, transport) as unknown as Client<C>;
}
