/** The model library has its own error class; at the process border it becomes the application's, codes unchanged. */
import { AppError, errorCodeSchema } from '../../contract/errors';
import * as z from 'zod';
import { ModelError } from '../../../models/errors';

const detailsSchema = z.record(z.string(), z.json());

/** Wraps a handler so that a ModelError leaves as an AppError with the same code. */
export function appErrors<Arguments extends unknown[], Result>(
  handler: (...values: Arguments) => Promise<Result>,
): (...values: Arguments) => Promise<Result> {
  return async (...values) => {
    try {
      return await handler(...values);
    } catch (error) {
      throw asAppError(error);
    }
  };
}

function asAppError(error: unknown): unknown {
  if (!(error instanceof ModelError)) return error;
  const code = errorCodeSchema.safeParse(error.code);
  const details = detailsSchema.safeParse(error.details);
  return new AppError(
    code.success ? code.data : 'engine/internal',
    error.message,
    details.success ? details.data : {},
    { cause: error },
  );
}
