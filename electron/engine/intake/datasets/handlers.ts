/** What the intake process answers about data sets: inspects, unpacks, and turns sources into chunk files. */
import path from 'node:path';
import { throwIfCancelled } from '../../../contract/errors';
import type { EventInput } from '../../../contract/rpc';
import type { Handlers } from '../../../contract/server';
import type { IntakeContract } from '../../../contract/workers';
import { writeChunk } from '../../datasets/chunk';
import { wholeWrite } from '../../storage/durable-write';
import { decodeFiles } from './decode-files';
import type { ReadChunk } from './reader';
import { readerFor } from './readers';
import { sourceHeads } from './source-head';
import { unpack } from './unpack';

type DatasetCalls = Pick<Handlers<IntakeContract>, Extract<keyof Handlers<IntakeContract>, `dataset.${string}`>>;

/** Handlers for one intake process; `tell` hears of every chunk that a read has finished. */
export function datasetHandlers(tell: (event: EventInput<IntakeContract, 'chunk'>) => void): DatasetCalls {
  return {
    'dataset.inspect': async ({ paths, listing, reader }, { signal }) => {
      const sources = await sourceHeads({ paths, listing }, signal);
      const chosen = readerFor(sources, reader);
      return { reader: chosen.name, ...(await chosen.inspect(sources, signal)) };
    },
    'dataset.unpack': (request, { signal, progress }) => unpack(request, signal, progress),
    'dataset.files': async ({ files, options, chunk }, { signal }) => {
      const { content, leftOut } = await decodeFiles(files, options, signal);
      await wholeWrite(chunk, writeChunk(content));
      return { samples: content.samples, leftOut: [...leftOut], position: files.length };
    },
    'dataset.read': async (request, { signal }) => {
      const { ticket, folder, firstChunk, reader, options, position, samplesPerChunk } = request;
      const sources = await sourceHeads(request, signal);
      const chunks = readerFor(sources, reader).open({ sources, options, position, samplesPerChunk, signal });
      const totals = { samples: 0, leftOut: 0, chunks: 0 };
      const write = async (number: number, { content, leftOut, position: reached }: ReadChunk): Promise<void> => {
        await wholeWrite(path.join(folder, `${number}.safetensors`), writeChunk(content));
        tell({ ticket, number, chunk: { samples: content.samples, leftOut: [...leftOut], position: reached } });
      };
      // The next chunk is read while one is written.
      let writing = Promise.resolve();
      try {
        for await (const chunk of chunks) {
          throwIfCancelled(signal);
          await writing;
          writing = write(firstChunk + totals.chunks++, chunk);
          writing.catch(() => undefined);
          totals.samples += chunk.content.samples;
          totals.leftOut += chunk.leftOut.length;
        }
      } finally {
        // Whoever asked may do what they like with the folder once this has ended.
        await writing;
      }
      return totals;
    },
  };
}
