/** What a compute process answers: load, judge, unload, describe. Blocks while a model runs; nobody waits on its clock. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Handlers } from '../../contract/server';
import type { ComputeContract } from '../../contract/workers';
import { decodeModel } from '../../../models/graph/decode';
import { summarise } from '../../../models/graph/summary';
import { readSlot } from '../exchange';
import { readCard } from '../models/card';
import { appErrors } from './app-errors';
import { drawSamples } from './draw';
import { judgePixels } from './loaded-model';
import { measure } from './measure';
import { OpenModels } from './open-models';
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
  const models = new OpenModels(options);
  return {
    load: appErrors(async ({ path, device, isUntrusted }) => {
      const { session, threads } = await models.openJudge(path, device, isUntrusted);
      return { provider: session.provider, threads, note: session.note };
    }),
    judge: appErrors(async ({ path, exchange, slots, top }) => {
      const model = await models.judge(path);
      const pictures = slots.map((slot) => ({ ...slot, data: readSlot(exchange, slot) }));
      return { verdicts: await judgePixels(model, pictures, top, options.now) };
    }),
    draw: appErrors(async (request) => {
      const generator = await models.generator(request.path);
      const started = options.now();
      return { samples: await drawSamples(generator, request), ms: options.now() - started };
    }),
    read: appErrors(async (request) => readPictures(await models.judge(request.path), request)),
    measure: appErrors((request) => measure(request, options.threads)),
    unload: async ({ path }) => {
      await models.close(path);
      return {};
    },
    describe: appErrors(async ({ path }) => {
      const bytes = await readFile(path);
      const model = decodeModel(bytes);
      const fileHash = createHash('sha256').update(bytes).digest('hex');
      return { card: readCard(model), summary: summarise(model), fileHash, bytes: bytes.length };
    }),
    dispose: () => models.closeAll(),
  };
}
