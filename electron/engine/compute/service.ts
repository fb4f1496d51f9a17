/** What a compute process answers: load, judge, unload, describe. Blocks while a model runs; nobody waits on its clock. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import { AppError } from '../../contract/errors';
import type { Handlers } from '../../contract/server';
import type { ComputeContract } from '../../contract/workers';
import { decodeModel } from '../../../models/graph/decode';
import { summarise } from '../../../models/graph/summary';
import { readSlot } from '../exchange';
import { readCard } from '../models/card';
import { appErrors } from './app-errors';
import { drawSamples, type LoadedGenerator, loadGenerator } from './draw';
import { judgePixels, type LoadedModel, loadModel } from './loaded-model';
import { readPictures } from './read-pictures';

export interface ComputeOptions {
  /** Threads inside one operator, at most. */
  threads: number;
  /** Milliseconds, monotonic. */
  now: () => number;
}

export function defaultComputeOptions(): ComputeOptions {
  return { threads: os.availableParallelism(), now: () => performance.now() };
}

export function computeHandlers(options: ComputeOptions): Handlers<ComputeContract> & { dispose(): Promise<void> } {
  const models = new Map<string, Promise<LoadedModel>>();
  const generators = new Map<string, Promise<LoadedGenerator>>();

  const open = (file: string, device: string, isUntrusted: boolean): Promise<LoadedModel> => {
    const known = models.get(file);
    if (known !== undefined) return known;
    const loading = loadModel(file, { ...options, device, isUntrusted });
    models.set(file, loading);
    loading.catch(() => models.delete(file));
    return loading;
  };
  const openGenerator = (file: string): Promise<LoadedGenerator> => {
    const known = generators.get(file);
    if (known !== undefined) return known;
    const loading = loadGenerator(file, options.threads);
    generators.set(file, loading);
    loading.catch(() => generators.delete(file));
    return loading;
  };
  const loaded = async (file: string): Promise<LoadedModel> => {
    const model = models.get(file);
    if (model !== undefined) return model;
    throw new AppError('model/unknown', 'The model was not loaded before it was used.');
  };
  const unload = async (file: string): Promise<void> => {
    const known = [models.get(file), generators.get(file)];
    models.delete(file);
    generators.delete(file);
    for (const one of known) if (one !== undefined) await (await one).session.dispose();
  };

  return {
    load: appErrors(async ({ path, device, isUntrusted }) => {
      const { session, threads } = await open(path, device, isUntrusted);
      return { provider: session.provider, threads, note: session.note };
    }),
    judge: appErrors(async ({ path, exchange, slots, top }) => {
      const model = await loaded(path);
      const pictures = slots.map((slot) => ({ ...slot, data: readSlot(exchange, slot) }));
      return { verdicts: await judgePixels(model, pictures, top, options.now) };
    }),
    draw: appErrors(async (request) => {
      const generator = await openGenerator(request.path);
      const started = options.now();
      return { samples: await drawSamples(generator, request), ms: options.now() - started };
    }),
    read: appErrors(async (request) => readPictures(await loaded(request.path), request)),
    unload: async ({ path }) => {
      await unload(path);
      return {};
    },
    describe: appErrors(async ({ path }) => {
      const bytes = await readFile(path);
      const model = decodeModel(bytes);
      const fileHash = createHash('sha256').update(bytes).digest('hex');
      return { card: readCard(model), summary: summarise(model), fileHash, bytes: bytes.length };
    }),
    dispose: async () => {
      for (const file of [...models.keys(), ...generators.keys()]) await unload(file);
    },
  };
}
