/** An append-only journal of JSON lines, each with a checksum: what was acknowledged is read again after any kill. */
import { createHash } from 'node:crypto';
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type * as z from 'zod';
import { AppError } from '../../contract/errors';
import { durableWrite, isMissing, writeAll, writeError } from './durable-write';

/** What was in the file when it was opened. */
export interface Replay<Record> {
  records: Record[];
  /** Lines that could not be believed: kept aside in `<file>.damaged-<n>` when the journal is writable. */
  damagedLines: number;
  /** A last line that was never finished, and so never acknowledged, was cut off. */
  wasTorn: boolean;
}

interface Pending {
  line: Buffer;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

const newline = 0x0a;

/** A line is itself JSON: `["<first 16 hex digits of the sha256 of the record's text>",<record>]`. */
function lineOf(record: unknown): Buffer {
  const text = JSON.stringify(record);
  return Buffer.from(`["${sumOf(text)}",${text}]\n`, 'utf8');
}

function sumOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

const headLength = '["0123456789abcdef",'.length;

/** The record's text, or undefined when the line is not whole. A carriage return is an editor's doing and harmless. */
function textOf(line: Buffer): string | undefined {
  const end = line.at(-1) === 0x0d ? -2 : -1;
  if (line.length <= headLength || line.at(end) !== 0x5d) return undefined;
  const body = line.subarray(headLength, end);
  return line.toString('latin1', 0, headLength) === `["${sumOf(body)}",` ? body.toString('utf8') : undefined;
}

function recordOf<Record>(line: Buffer, schema: z.ZodType<Record>): { record: Record } | undefined {
  const text = textOf(line);
  if (text === undefined) return undefined;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? { record: parsed.data } : undefined;
  } catch {
    return undefined;
  }
}

interface Parsed<Record> extends Replay<Record> {
  good: Buffer[];
}

function parse<Record>(bytes: Buffer, schema: z.ZodType<Record>): Parsed<Record> {
  const found: Parsed<Record> = { records: [], good: [], damagedLines: 0, wasTorn: false };
  for (let start = 0; start < bytes.length;) {
    const next = bytes.indexOf(newline, start);
    const end = next === -1 ? bytes.length : next;
    const parsed = next === -1 ? undefined : recordOf(bytes.subarray(start, end), schema);
    if (parsed !== undefined) {
      found.records.push(parsed.record);
      found.good.push(bytes.subarray(start, end + 1));
    } else if (next === -1) found.wasTorn = true;
    else found.damagedLines += 1;
    start = end + 1;
  }
  return found;
}

export class Journal<Record> {
  private handle: FileHandle | undefined;
  private isClosed = false;
  /** What must succeed before the file is written to again: after damage, or when nobody knows what the disk holds. */
  private repair: (() => Promise<void>) | undefined;
  private pending: Pending[] = [];
  private work: Promise<void> = Promise.resolve();

  private constructor(
    readonly file: string,
    private readonly isWritable: boolean,
    /** All bytes up to here are acknowledged. */
    private length: number,
  ) {}

  /**
   * Reads what is there, repairs the file (unless it is to stay as it is), and is ready to append. A missing file is empty.
   * Where the disk is too full for a repair, it is made before the first append.
   */
  static async open<Record>(
    file: string,
    schema: z.ZodType<Record>,
    isWritable = true,
  ): Promise<{ journal: Journal<Record>; replay: Replay<Record> }> {
    const bytes = await readFile(file).catch((error: unknown) => {
      if (isMissing(error)) return Buffer.alloc(0);
      throw new AppError('file/unreadable', `${path.basename(file)} could not be read: ${String(error)}`, {});
    });
    const { records, good, damagedLines, wasTorn } = parse(bytes, schema);
    const kept = Buffer.concat(good);
    const journal = new Journal<Record>(file, isWritable, kept.length);
    if (damagedLines > 0) {
      journal.repair = async () => {
        await keepAside(file, bytes);
        await journal.replace(kept);
      };
    } else if (wasTorn) journal.repair = () => cut(file, kept.length);
    if (isWritable) await journal.mend().catch(() => undefined);
    return { journal, replay: { records, damagedLines, wasTorn } };
  }

  /** Bytes of acknowledged records, for whoever decides when to compact. */
  get bytes(): number {
    return this.length;
  }

  /** Settles once the record is on disk. Appends that wait at the same time share one fsync, and fail together. */
  append(record: Record): Promise<void> {
    const refused = this.refusal();
    if (refused !== undefined) return Promise.reject(refused);
    return new Promise((resolve, reject) => {
      this.pending.push({ line: lineOf(record), resolve, reject });
      if (this.pending.length === 1) void this.enqueue(() => this.flush());
    });
  }

  /** Replaces all that was written by `records`, which say the same in fewer lines; old or new, never neither. */
  compact(records: readonly Record[]): Promise<void> {
    const refused = this.refusal();
    if (refused !== undefined) return Promise.reject(refused);
    const bytes = Buffer.concat(records.map(lineOf));
    return this.enqueue(async () => {
      await this.mend();
      await this.replace(bytes).catch(async (error: unknown) => {
        // The new file may lie there all the same, when only the folder could not be synced.
        const there = await readFile(this.file).catch(() => undefined);
        if (there?.equals(bytes) === true) this.length = bytes.length;
        this.repair = () => this.renew();
        throw error;
      });
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.work;
    await this.letGo();
  }

  private refusal(): AppError | undefined {
    if (this.isClosed) return new AppError('engine/closed', `${path.basename(this.file)} is closed.`);
    if (this.isWritable) return undefined;
    return new AppError('workspace/read-only', 'This workspace is open for reading only, so nothing was changed.');
  }

  private enqueue(task: () => Promise<void>): Promise<void> {
    const done = this.work.then(task);
    this.work = done.catch(() => undefined);
    return done;
  }

  private async flush(): Promise<void> {
    const batch = this.pending;
    this.pending = [];
    try {
      await this.write(Buffer.concat(batch.map(({ line }) => line)));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      const reason = writeError(error, this.file);
      for (const { reject } of batch) reject(reason);
    }
  }

  private async write(lines: Buffer): Promise<void> {
    await this.mend();
    if (this.length === 0) return this.replace(lines);
    const handle = await this.opened();
    try {
      await writeAll(handle, lines, this.length);
      await handle.datasync();
    } catch (error) {
      await this.takeBack();
      throw error;
    }
    await this.checkPlace(handle);
    this.length += lines.length;
  }

  private async mend(): Promise<void> {
    await this.repair?.();
    this.repair = undefined;
  }

  private async opened(): Promise<FileHandle> {
    if (this.handle !== undefined) return this.handle;
    const handle = await open(this.file, 'r+');
    const { size } = await handle.stat();
    if (size === this.length) return (this.handle = handle);
    await handle.close();
    throw this.changed();
  }

  private changed(): AppError {
    const name = path.basename(this.file);
    return new AppError(
      'workspace/damaged',
      `${name} was changed by another program while Duet was using it, so nothing was saved. Open the workspace again.`,
    );
  }

  /**
   * After a failed write or fsync: cuts off what may have been written, as far as the disk allows. Whatever it then says,
   * the pages of a failed fsync are not to be trusted, so all goes into a new file before the next append.
   */
  private async takeBack(): Promise<void> {
    this.repair = () => this.renew();
    await this.handle?.truncate(this.length).catch(() => undefined);
    await this.handle?.sync().catch(() => undefined);
    await this.letGo();
  }

  private async renew(): Promise<void> {
    const bytes = await readFile(this.file);
    if (bytes.length < this.length) throw this.changed();
    await this.replace(bytes.subarray(0, this.length));
  }

  private async replace(bytes: Buffer): Promise<void> {
    await this.letGo();
    await durableWrite(this.file, bytes);
    this.length = bytes.length;
  }

  /** An open file takes writes even when it, or its folder, was deleted or moved: then nothing was saved. */
  private async checkPlace(handle: FileHandle): Promise<void> {
    const [ours, there] = await Promise.all([handle.stat(), stat(this.file).catch(() => undefined)]);
    if (there !== undefined && there.ino === ours.ino && there.dev === ours.dev) return;
    await this.letGo();
    throw new AppError(
      'workspace/missing',
      `${path.basename(this.file)} was moved or deleted while Duet was using it, so nothing was saved. Open the workspace again.`,
    );
  }

  private async letGo(): Promise<void> {
    const { handle } = this;
    this.handle = undefined;
    await handle?.close().catch(() => undefined);
  }
}

/** Takes off a last line that was never finished; needs no space. */
async function cut(file: string, length: number): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(length);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function keepAside(file: string, bytes: Buffer): Promise<void> {
  for (let number = 1; ; number++) {
    const aside = `${file}.damaged-${number}`;
    if (
      await stat(aside).then(
        () => true,
        () => false,
      )
    )
      continue;
    return durableWrite(aside, bytes);
  }
}
