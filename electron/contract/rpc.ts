/** Calls and events over a transport: the words on the wire and the types that schemas give to both sides. */
import * as z from 'zod';
import { failureSchema } from './errors';

export interface CallShape {
  request: z.ZodType;
  reply: z.ZodType;
}

/** A contract is data: every call with its two schemas, every event with one. Types come from here and nowhere else. */
export interface Contract {
  calls: Record<string, CallShape>;
  events: Record<string, z.ZodType>;
}

export type CallName<C extends Contract> = keyof C['calls'] & string;
export type EventName<C extends Contract> = keyof C['events'] & string;
/** What a caller may write (defaults not yet filled in). */
export type RequestInput<C extends Contract, K extends CallName<C>> = z.input<C['calls'][K]['request']>;
/** What a handler receives. */
export type RequestOf<C extends Contract, K extends CallName<C>> = z.output<C['calls'][K]['request']>;
export type ReplyOf<C extends Contract, K extends CallName<C>> = z.output<C['calls'][K]['reply']>;
export type ReplyInput<C extends Contract, K extends CallName<C>> = z.input<C['calls'][K]['reply']>;
export type EventOf<C extends Contract, K extends EventName<C>> = z.output<C['events'][K]>;
export type EventInput<C extends Contract, K extends EventName<C>> = z.input<C['events'][K]>;

const callId = z.int().min(1);

export const toServerSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('call'), id: callId, name: z.string().max(100), request: z.unknown() }),
  z.strictObject({ t: z.literal('cancel'), id: callId }),
]);
export type ToServer = z.infer<typeof toServerSchema>;

export const toClientSchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('reply'), id: callId, reply: z.unknown() }),
  z.strictObject({ t: z.literal('fail'), id: callId, failure: failureSchema }),
  z.strictObject({ t: z.literal('progress'), id: callId, progress: z.number().min(0).max(1) }),
  z.strictObject({ t: z.literal('event'), name: z.string().max(100), event: z.unknown() }),
]);
export type ToClient = z.infer<typeof toClientSchema>;

/** The first mistake of a parse, as `path: what was wrong`. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'unknown mistake';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
