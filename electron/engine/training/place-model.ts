/** Puts a trained model among the others: once, under a free name, whatever is killed in between. */
import { readFile } from 'node:fs/promises';
import { AppError } from '../../contract/errors';
import { fileHash } from '../models/card';
import type { ModelRegistry } from '../models/registry';
import { durableStream, isMissing } from '../storage/durable-write';
import type { RunBook } from './run-book';

interface Placing {
  readonly registry: Pick<ModelRegistry, 'isTaken' | 'placeFor'>;
  readonly book: Pick<RunBook, 'get' | 'note' | 'rename' | 'isReserved'>;
  readonly job: string;
}

const mostNames = 1000;

/** The model file that this job has put into its place already, if it has. */
export async function placed({ registry, book, job }: Placing): Promise<string | undefined> {
  const { published } = book.get(job);
  if (published === null) return undefined;
  const file = await registry.placeFor(published.name);
  const bytes = await readFile(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  return bytes !== undefined && fileHash(bytes) === published.hash ? file : undefined;
}

/** `make` writes the model under a name and gives the file; what it wrote is copied to where models are. */
export async function place(placing: Placing, make: (name: string) => Promise<{ file: string; hash: string }>): Promise<string> {
  const { registry, book, job } = placing;
  for (let round = 0; round < mostNames; round++) {
    const wanted = book.get(job).run.model;
    const name = await freeName(wanted, (one) => registry.isTaken(one));
    if (name !== wanted) await book.rename(job, name);
    const { file, hash } = await make(name);
    await book.note(job, { published: { name, hash } });
    const target = await registry.placeFor(name);
    try {
      const bytes = await readFile(file);
      await durableStream(target, { replace: false }, (sink) => sink.write(bytes));
      return target;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'file/exists') throw error;
    }
  }
  throw new AppError('file/exists', 'No name is free for the trained model.');
} // prettier-ignore

/** `name`, or `name-2`, `name-3`, ... */
export async function freeName(name: string, isTaken: (name: string) => Promise<boolean>): Promise<string> {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = `${name.slice(0, 64 - suffix.length)}${suffix}`;
    if (!(await isTaken(candidate))) return candidate;
  }
}
