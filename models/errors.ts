/** The one error class of the models library: a code, a sentence for the person, facts for the log. The engine passes the code on unchanged. */

/** Codes raised here; the application's own list of codes contains them all. */
export type ModelErrorCode =
  | 'model/damaged'
  | 'model/impossible-size'
  | 'model/external-data'
  | 'model/not-a-classifier'
  | 'model/load-failed'
  | 'model/run-failed'
  | 'graph/shape-mismatch'
  | 'graph/type-mismatch'
  | 'graph/unknown-shape'
  | 'graph/unknown-operator'
  | 'graph/missing-gradient'
  | 'graph/invalid'
  | 'usage/bad-argument';

/** Facts beside an error: whatever JSON can hold. */
export type ErrorDetails = Record<string, string | number | boolean | null | string[] | number[]>;

/** Thrown by every function of the models library that refuses its input. */
export class ModelError extends Error {
  override readonly name = 'ModelError';

  constructor(
    readonly code: ModelErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
