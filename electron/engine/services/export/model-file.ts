/** A copy of a model's file, card inside, for whoever else wants to use it. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../../contract/errors';
import { durableStream } from '../../storage/durable-write';

export interface ModelFileRequest {
  readonly source: string;
  readonly target: string;
  /** Whether an existing file may be replaced. */
  readonly replace: boolean;
  readonly signal: AbortSignal;
  readonly progress: (fraction: number) => void;
}

/** Returns the bytes written. @throws AppError `file/exists`, or whatever writing failed with; an unfinished copy is removed. */
export async function copyModelFile({ source, target, replace, signal, progress }: ModelFileRequest): Promise<number> {
  const { size } = await stat(source);
  let done = 0;
  await durableStream(target, { replace }, async (sink) => {
    for await (const part of createReadStream(source)) {
      throwIfCancelled(signal);
      if (!(part instanceof Uint8Array)) throw new AppError('engine/internal', 'A file was read as text.');
      await sink.write(part);
      done += part.length;
      progress(done / size);
    }
  });
  return done;
}
