/** Writes single samples as PNG with their recipe into a folder; nothing is ever replaced. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Draw } from '../../contract/drawing';
import { AppError, throwIfCancelled } from '../../contract/errors';
import type { CallContext } from '../../contract/server';
import { durableStream, writeError } from '../storage/durable-write';
import { type DrawDeps, drawThese } from './draw';
import { samplePng } from './png/sample-png';
import { recipeMaker } from './recipe';

export interface SaveRequest extends Draw {
  readonly indices: readonly number[];
}

/** Names of the files, in the order of the indices. @throws AppError `usage/bad-argument` for a model that draws rows. */
export async function saveSamples(
  deps: DrawDeps,
  request: SaveRequest,
  folder: string,
  context: CallContext,
): Promise<string[]> {
  const model = deps.registry.generator(request.model);
  const { shape } = model.card.outputs;
  if (shape.kind !== 'image')
    throw new AppError('usage/bad-argument', `${model.card.title} draws rows of numbers, not pictures. Make a batch: it writes a table.`); // prettier-ignore
  const { items, samples } = await drawThese(deps, { ...request, judge: null }, context);
  const recipeOf = recipeMaker({ model, seed: request.seed, controls: request.controls });
  const each = shape.height * shape.width * shape.channels;
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw writeError(error, folder);
  });
  const files: string[] = [];
  for (const [k, { index, class: asked }] of items.entries()) {
    throwIfCancelled(context.signal);
    const pixels = samples.subarray(k * each, (k + 1) * each);
    const png = samplePng({ ...shape, pixels }, recipeOf(index ?? 0, asked));
    files.push(await writeNew(folder, `${model.id}-${request.seed}-${index ?? 0}`, png));
  }
  return files;
}

/** Under this name, or the first with a number that is free. */
async function writeNew(folder: string, stem: string, bytes: Uint8Array): Promise<string> {
  for (let number = 1; ; number++) {
    const name = `${stem}${number === 1 ? '' : ` ${number}`}.png`;
    try {
      await durableStream(path.join(folder, name), { replace: false }, (sink) => sink.write(bytes));
      return name;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'file/exists') throw error;
    }
  }
}
