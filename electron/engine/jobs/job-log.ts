/** A job's log: numbered JSON lines in `<id>.log`, the newest 1,000 of them, for the person and for whoever looks for a cause. */
import { appendFile, readFile, rm } from 'node:fs/promises';
import * as z from 'zod';
import type { JobLogLine } from '../../contract/jobs';
import { durableWrite } from '../storage/durable-write';

const kept = 1_000;
const longest = 1_000;

const lineSchema = z.strictObject({ n: z.int().min(0), at: z.number(), text: z.string().max(longest) });
type Line = z.infer<typeof lineSchema>;

/** Lines of a log file; what a kill left half-written is passed over. */
async function readLines(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [lineSchema.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

/** Lines from number `from` on, of those that are kept, and the number of the line to come. */
export async function readLog(file: string, from: number): Promise<{ lines: JobLogLine[]; next: number }> {
  const lines = (await readLines(file)).slice(-kept);
  const next = (lines.at(-1)?.n ?? -1) + 1;
  return { lines: lines.filter(({ n }) => n >= from).map(({ at, text }) => ({ at, text })), next };
}

export function removeLog(file: string): Promise<void> {
  return rm(file, { force: true });
}

export class JobLog {
  private fresh: Omit<Line, 'n'>[] = [];
  /** Lines in the file, and the number of the next; unknown until first written to. */
  private inFile: number | undefined;
  private next = 0;
  private work: Promise<void> | undefined;

  constructor(
    private readonly file: string,
    private readonly clock: () => number,
  ) {}

  /** Never throws and never waits: a log is no reason to stop a job. */
  add(text: string): void {
    this.fresh.push({ at: this.clock(), text: text.slice(0, longest) });
    if (this.fresh.length > kept) this.fresh.shift();
    this.work ??= this.write().finally(() => (this.work = undefined));
  }

  /** Waits until all lines are in the file, as far as the disk takes them. */
  async flush(): Promise<void> {
    while (this.work !== undefined) await this.work;
  }

  private async write(): Promise<void> {
    while (this.fresh.length > 0) {
      await this.begin();
      const lines = this.fresh.map((line) => ({ ...line, n: this.next++ }));
      this.fresh = [];
      await this.put(lines).catch(() => undefined);
    }
  }

  private async begin(): Promise<void> {
    if (this.inFile !== undefined) return;
    const lines = await readLines(this.file);
    this.inFile = lines.length;
    this.next = (lines.at(-1)?.n ?? -1) + 1;
  }

  private async put(lines: readonly Line[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    this.inFile = (this.inFile ?? 0) + lines.length;
    // The empty line ends what a kill may have left half-written.
    await appendFile(this.file, this.inFile === lines.length ? text : `\n${text}`);
    if (this.inFile <= 2 * kept) return;
    const newest = (await readLines(this.file)).slice(-kept);
    await durableWrite(this.file, Buffer.from(newest.map((line) => `${JSON.stringify(line)}\n`).join('')));
    this.inFile = newest.length;
  }
}
