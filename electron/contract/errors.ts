/** One error class for the whole application: a code to decide on, a sentence for the person, details for the log. */
import * as z from 'zod';

/** Every way Duet can fail, as `area/what`. The page decides on codes, never on text. */
const errorCodes = [
  'call/bad-request',
  'call/bad-reply',
  'call/unknown',
  'call/cancelled',
  'call/too-large',
  'engine/closed',
  'engine/crashed',
  'engine/gave-up',
  'engine/internal',
  'file/missing',
  'file/unreadable',
  'file/not-regular',
  'file/too-large',
  'file/exists',
  'file/disk-full',
  'file/read-only',
  'file/unknown-handle',
  'file/bad-name',
  'image/unsupported',
  'image/damaged',
  'image/too-many-pixels',
  'image/decoder-died',
  'model/not-onnx',
  'model/too-large',
  'model/damaged',
  'model/too-deep',
  'model/too-many-nodes',
  'model/impossible-size',
  'model/external-data',
  'model/operator-refused',
  'model/not-a-classifier',
  'model/not-a-generator',
  'model/labels-mismatch',
  'model/load-failed',
  'model/run-failed',
  'graph/shape-mismatch',
  'graph/type-mismatch',
  'graph/unknown-shape',
  'graph/unknown-operator',
  'graph/missing-gradient',
  'graph/invalid',
  'model/checker-died',
  'model/checker-timeout',
  'model/unknown',
  'network/denied',
  'data/unsupported',
  'data/damaged',
  'data/bad-header',
  'data/bad-row',
  'data/mismatch',
  'data/empty',
  'data/too-large',
  'data/too-many',
  'data/bomb',
  'data/bad-entry',
  'data/encrypted',
  'data/changed',
  'data/no-space',
  'data/unknown',
  'data/unusable',
  'data/reader-died',
  'training/unsuited',
  'training/diverged',
  'comparison/unfit',
  'comparison/unknown',
  'job/unknown',
  'job/bad-state',
  'job/set-aside',
  'job/unusable',
  'workspace/locked',
  'workspace/read-only',
  'workspace/newer',
  'workspace/damaged',
  'workspace/missing',
  'usage/bad-argument',
] as const;

export const errorCodeSchema = z.enum(errorCodes);
export type ErrorCode = z.infer<typeof errorCodeSchema>;

/** A failure as it travels between processes. `message` is a sentence for the person; `details` are facts for the log. */
export const failureSchema = z.strictObject({
  code: errorCodeSchema,
  message: z.string().max(4000),
  details: z.record(z.string(), z.json()).default({}),
});
export type Failure = z.infer<typeof failureSchema>;

export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: Failure['details'] = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }

  toFailure(): Failure {
    return { code: this.code, message: this.message, details: this.details };
  }

  static fromFailure(failure: Failure): AppError {
    return new AppError(failure.code, failure.message, failure.details);
  }
}

/** Cancelling is not a failure: callers test for it and stay silent. */
export function isCancelled(error: unknown): boolean {
  return error instanceof AppError && error.code === 'call/cancelled';
}

/** Throws `call/cancelled` once the signal is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new AppError('call/cancelled', 'Cancelled.');
}

/** Turns anything thrown into a failure; what is not an AppError is a defect of ours and says so, keeping its cause. */
export function toFailure(error: unknown): Failure {
  if (error instanceof AppError) return error.toFailure();
  const cause = error instanceof Error ? error.message : String(error);
  return {
    code: 'engine/internal',
    message: `Duet made a mistake here: ${cause.slice(0, 3000)}`,
    details: { stack: error instanceof Error ? (error.stack ?? '').slice(0, 4000) : '' },
  };
}
