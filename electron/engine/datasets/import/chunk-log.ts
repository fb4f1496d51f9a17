/** The chunks that an import has finished, written down in its own folder: after a kill it goes on with the others. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { leftOutSchema, type LeftOut } from '../../../contract/dataset-intake';
import { Journal } from '../../storage/journal';
import { type ChunkFile, isSame, lookAtChunk } from '../chunk-file';
import { chunkShapeSchema } from '../chunk-shape';

const chunkRecordSchema = z.strictObject({
  /** Place among the chunks of the source. */
  number: z.int().min(0),
  /** Usually one file; one for each sample after a picture has ended a decoder. */
  files: z.array(z.strictObject({ file: z.string(), bytes: z.int(), hash: z.hash('sha256'), shape: chunkShapeSchema })),
  leftOut: z.array(leftOutSchema),
  /** Records of the source consumed up to here. */
  position: z.int().min(0),
});
export type ChunkRecord = z.infer<typeof chunkRecordSchema>;

export class ChunkLog {
  private readonly records = new Map<number, ChunkRecord>();

  private constructor(
    readonly folder: string,
    private readonly journal: Journal<ChunkRecord>,
  ) {}

  /** Believes only what is there as it was: chunks are not synced, so a power cut may have taken what was in them. */
  static async open(folder: string): Promise<ChunkLog> {
    const { journal, replay } = await Journal.open(path.join(folder, 'chunks.jsonl'), chunkRecordSchema);
    const log = new ChunkLog(folder, journal);
    for (const record of replay.records) if (await log.isThere(record)) log.records.set(record.number, record);
    return log;
  }

  has(number: number): boolean {
    return this.records.has(number);
  }

  /** Samples and left out files of finished chunks. */
  get handled(): number {
    return [...this.records.values()].reduce((sum, { files, leftOut }) => sum + samplesIn(files) + leftOut.length, 0);
  }

  get bytes(): number {
    return [...this.records.values()].reduce(
      (sum, { files }) => sum + files.reduce((all, { bytes }) => all + bytes, 0),
      0,
    );
  }

  /** The finished chunks from the first on without a gap. */
  contiguous(): ChunkRecord[] {
    const found: ChunkRecord[] = [];
    for (let record = this.records.get(0); record !== undefined; record = this.records.get(found.length))
      found.push(record);
    return found;
  }

  pathOf(file: string): string {
    return path.join(this.folder, file);
  }

  /** Reads what intake wrote, and throws `data/damaged` where it is not what it should be. */
  async look(file: string): Promise<ChunkRecord['files'][number]> {
    return { ...(await lookAtChunk(this.pathOf(file))), file };
  }

  /** The note is on disk once it returns. */
  async add(record: ChunkRecord): Promise<void> {
    await this.journal.append(record);
    this.records.set(record.number, record);
  }

  /** All chunk files in order. */
  chunkFiles(): ChunkFile[] {
    return this.contiguous().flatMap(({ files }) =>
      files.map(({ file, hash, shape }) => ({ file: this.pathOf(file), hash, shape })),
    );
  }

  leftOut(): LeftOut[] {
    return this.contiguous().flatMap(({ leftOut }) => leftOut);
  }

  /** A chunk that turned out to be damaged: it is made again by the next attempt. */
  async forget(): Promise<void> {
    await this.close();
    await rm(path.join(this.folder, 'chunks.jsonl'), { force: true });
  }

  async close(): Promise<void> {
    await this.journal.close();
  }

  private async isThere({ files }: ChunkRecord): Promise<boolean> {
    for (const { file, hash } of files) if (!(await isSame({ file: this.pathOf(file), hash }))) return false;
    return true;
  }
}

function samplesIn(files: ChunkRecord['files']): number {
  return files.reduce((sum, { shape }) => sum + shape.samples, 0);
}
