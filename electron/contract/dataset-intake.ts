/** What intake does for data sets: inspects foreign sources, unpacks archives, and turns sources into chunk files. */
import * as z from 'zod';
import { failureSchema } from './errors';
import { inspectionSchema, readerNameSchema, readOptionsSchema, splitSchema } from './samples';

const path = z.string().min(1).max(32_768);

/** One file of a source. `name` is its path below what was dropped, forward slashes; label and split come from that. */
export const sourceFileSchema = z.strictObject({
  path,
  name: z.string(),
  label: z.string().nullable(),
  split: splitSchema.nullable(),
});
export type SourceFile = z.infer<typeof sourceFileSchema>;

/** A file or a part of one that was left out, and why. */
export const leftOutSchema = z.strictObject({ name: z.string(), failure: failureSchema });
export type LeftOut = z.infer<typeof leftOutSchema>;

/** A finished chunk file (see `engine/datasets/chunk.ts` for what lies in it). */
export const chunkSchema = z.strictObject({
  samples: z.int().min(0),
  leftOut: z.array(leftOutSchema),
  /** Records of the source consumed up to the end of this chunk: where a resumed read goes on. */
  position: z.int().min(0),
});
export type Chunk = z.infer<typeof chunkSchema>;

const call = <Q extends z.ZodType, R extends z.ZodType>(request: Q, reply: R): { request: Q; reply: R } => ({
  request,
  reply,
});

/** One line of the listing that `dataset.unpack` writes: the file below its folder, and the name in the archive. */
export const unpackedSchema = z.strictObject({
  file: z.string().regex(/^[0-9]{8}$/),
  name: z.string(),
  bytes: z.int(),
});
export type Unpacked = z.infer<typeof unpackedSchema>;

/**
 * Where samples come from: files and folders, or (`listing`) what an archive was unpacked to: then `paths` is the one
 * folder, and names are those of the listing.
 */
const sources = { paths: z.array(path).min(1).max(100_000), listing: path.optional() };

export const datasetIntakeCalls = {
  /** Looks at sources that belong together and says what they are; `reader` asks for one reader in particular. */
  'dataset.inspect': call(z.strictObject({ ...sources, reader: readerNameSchema.optional() }), inspectionSchema),
  /** Unpacks a zip, tar or tar.gz into `folder` under names of its own (`00000001`, ...); entry names are told, never used. */
  'dataset.unpack': call(
    z.strictObject({ path, folder: path, maxBytes: z.number(), maxFiles: z.int() }),
    z.strictObject({
      /** Path of a JSON lines file in `folder` with one `{ file, name, bytes }` for each entry, too many for a message. */
      listing: path,
      files: z.int(),
      bytes: z.number(),
      leftOut: z.array(leftOutSchema),
    }),
  ),
  /** Decodes picture files, in order, into one chunk file. A file that cannot be read is left out, the rest goes on. */
  'dataset.files': call(
    z.strictObject({ files: z.array(sourceFileSchema).min(1).max(1024), options: readOptionsSchema, chunk: path }),
    chunkSchema,
  ),
  /**
   * Reads any other source from `position` on, into chunk files `<folder>/<number>.safetensors` numbered from `firstChunk`;
   * each is told by a `chunk` event with the same `ticket` once it is whole.
   */
  'dataset.read': call(
    z.strictObject({
      ticket: z.int(),
      reader: readerNameSchema,
      ...sources,
      options: readOptionsSchema,
      folder: path,
      firstChunk: z.int().min(0),
      position: z.int().min(0),
      samplesPerChunk: z.int().min(1).max(65_536),
    }),
    z.strictObject({ samples: z.int(), leftOut: z.int(), chunks: z.int() }),
  ),
} as const;

export const datasetIntakeEvents = {
  chunk: z.strictObject({ ticket: z.int(), number: z.int(), chunk: chunkSchema }),
} as const;
