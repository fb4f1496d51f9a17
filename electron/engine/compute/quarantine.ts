/** What a quarantine answers: all of compute, and probing and wrapping one foreign model. */
import { readFile, writeFile } from 'node:fs/promises';
import { importOptionsSchema } from '../../contract/models';
import type { Handlers } from '../../contract/server';
import type { QuarantineContract } from '../../contract/workers';
import { decodeModel } from '../../../models/graph/decode';
import { fileHash } from '../models/card';
import { wrapForeign } from '../models/wrap-foreign';
import { appErrors } from './app-errors';
import { probeModel } from './probe';
import { computeHandlers, type ComputeOptions } from './service';

export function quarantineHandlers(options: ComputeOptions): Handlers<QuarantineContract> {
  return {
    ...computeHandlers(options),
    probe: appErrors(async ({ path }) => probeModel(await readFile(path))),
    wrap: appErrors(async ({ path, target, options: chosen, givesProbabilities, maxBatch, name, fileName, labels }) => {
      const bytes = await readFile(path);
      const wrapped = await wrapForeign(decodeModel(bytes), bytes, {
        options: importOptionsSchema.parse(chosen),
        givesProbabilities,
        maxBatch: maxBatch === 1 ? 1 : 0,
        classes: labels.length,
        name,
        fileName,
        labels,
      });
      await writeFile(target, wrapped);
      return { bytes: wrapped.length, fileHash: fileHash(wrapped) };
    }),
  };
}
