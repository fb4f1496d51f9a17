/** The answering side of a contract: parses each request, runs its handler, sends back the reply or the failure. */
import { AppError, toFailure } from './errors';
import { assertMessageFits } from './measure';
import {
  type CallName,
  type Contract,
  type EventInput,
  type EventName,
  firstIssue,
  type ReplyInput,
  type RequestOf,
  type ToClient,
  type ToServer,
  toServerSchema,
} from './rpc';
import type { Transport } from './transport';

export interface CallContext {
  signal: AbortSignal;
  /** Reports progress in 0..1. */
  progress: (fraction: number) => void;
}

export type Handlers<C extends Contract> = {
  [K in CallName<C>]: (request: RequestOf<C, K>, context: CallContext) => Promise<ReplyInput<C, K>> | ReplyInput<C, K>;
};

export interface Server<C extends Contract> {
  emit<K extends EventName<C>>(name: K, event: EventInput<C, K>): void;
  dispose(): void;
}

type AnyHandler = (request: unknown, context: CallContext) => unknown;

/** Serves `contract` on `transport` until it closes; closing aborts the calls still running. */
export function serve<C extends Contract>(contract: C, transport: Transport, handlers: Handlers<C>): Server<C> {
  const running = new Map<number, AbortController>();
  const send = (message: ToClient): void => transport.send(message);

  async function answer(id: number, name: string, request: unknown): Promise<void> {
    const abort = new AbortController();
    if (running.has(id)) throw new AppError('call/bad-request', `Call ${id} is already running.`);
    running.set(id, abort);
    const context: CallContext = {
      signal: abort.signal,
      progress: (fraction) => send({ t: 'progress', id, progress: Math.min(1, Math.max(0, fraction)) }),
    };
    try {
      const parsed = parseRequest(contract, name, request);
      const handler = handlers[name as CallName<C>] as AnyHandler;
      send({ t: 'reply', id, reply: await handler(parsed, context) });
    } catch (error) {
      send({ t: 'fail', id, failure: toFailure(error) });
    } finally {
      running.delete(id);
    }
  }

  function receive(message: unknown): void {
    const parsed = parseMessage(message);
    if (parsed instanceof AppError) {
      const id = idOf(message);
      if (id !== undefined) send({ t: 'fail', id, failure: parsed.toFailure() });
      return;
    }
    if (parsed.t === 'cancel') running.get(parsed.id)?.abort();
    else answer(parsed.id, parsed.name, parsed.request).catch(() => undefined);
  }

  const undo = [
    transport.onMessage(receive),
    transport.onClose(() => {
      for (const abort of running.values()) abort.abort();
    }),
  ];
  return {
    emit: (name, event) => send({ t: 'event', name, event }),
    dispose: () => {
      for (const one of undo) one();
      for (const abort of running.values()) abort.abort();
    },
  };
}

function parseMessage(message: unknown): ToServer | AppError {
  try {
    assertMessageFits(message);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  const parsed = toServerSchema.safeParse(message);
  if (parsed.success) return parsed.data;
  return new AppError('call/bad-request', `A message was not understood: ${firstIssue(parsed.error)}.`);
}

function parseRequest(contract: Contract, name: string, request: unknown): unknown {
  const shape = Object.hasOwn(contract.calls, name) ? contract.calls[name] : undefined;
  if (shape === undefined) throw new AppError('call/unknown', `There is no call "${name}".`, { name });
  const parsed = shape.request.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new AppError('call/bad-request', `${name} was refused: ${firstIssue(parsed.error)}.`, { name });
}

/** The id of a refused message, so that its caller is not left waiting. */
function idOf(message: unknown): number | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const id = (message as Record<string, unknown>)['id'];
  return typeof id === 'number' && Number.isSafeInteger(id) && id > 0 ? id : undefined;
}
