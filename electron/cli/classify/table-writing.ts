/** The tables of a run while it goes on: each picture goes to all of them, and nobody keeps it for them. */
import type { Photo } from '../../contract/photo';
import { Feed } from './feed';
import type { TableOutput, TableRun } from './outputs';

/** What became of an output: a sentence, or why it was not written. */
export interface Written {
  option: string;
  outcome: { done: string } | { error: unknown };
}

/** Calls `write` and keeps its failure for later. */
export async function attempt(option: string, write: () => Promise<string>): Promise<Written> {
  try {
    return { option, outcome: { done: await write() } };
  } catch (error) {
    return { option, outcome: { error } };
  }
}

export class TableWriting {
  private readonly feeds: Feed<Photo>[] = [];
  private readonly writing: Promise<Written>[] = [];

  constructor(tables: readonly TableOutput[], run: TableRun) {
    for (const { option, write } of tables) {
      const feed = new Feed<Photo>();
      this.feeds.push(feed);
      this.writing.push(attempt(option, () => write(run, feed)));
    }
  }

  add(photo: Photo): void {
    for (const feed of this.feeds) feed.push(photo);
  }

  /** That was the last picture; resolves when every table is on disk or has failed. */
  finish(): Promise<Written[]> {
    for (const feed of this.feeds) feed.finish();
    return Promise.all(this.writing);
  }

  /** The run has failed: no table is left behind. */
  async abandon(error: unknown): Promise<void> {
    for (const feed of this.feeds) feed.fail(error);
    await Promise.all(this.writing);
  }
}
