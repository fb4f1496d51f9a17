/** The journal and the book together: nothing is in the book that was not written down first, or could not be. */
import { JobBook } from './book';
import type { JobEvent } from './events';

/** What the queue needs of a journal: settles once the record is on disk. */
export interface EventJournal {
  append(event: JobEvent): Promise<void>;
}

export class JobStore {
  readonly book = new JobBook();
  /** What happened while the disk took nothing; written before anything else is. */
  private readonly unwritten: JobEvent[] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly journal: EventJournal,
    records: Iterable<JobEvent>,
    private readonly onEvent: (event: JobEvent) => void,
  ) {
    for (const event of records) this.book.apply(event);
  }

  /** Changes go one after the other, so that each is decided on what is true when it is made. */
  inTurn<Result>(task: () => Promise<Result>): Promise<Result> {
    const done = this.turn.then(task);
    this.turn = done.catch(() => undefined);
    return done;
  }

  /** Writes the event down, then believes it; throws, and changes nothing, when it cannot be written. */
  async commit(event: JobEvent): Promise<void> {
    await this.catchUp();
    await this.journal.append(event);
    this.believe(event);
  }

  /** For what has happened whether or not the disk takes it, such as a stop for want of space. */
  async note(event: JobEvent): Promise<void> {
    try {
      await this.commit(event);
    } catch {
      this.unwritten.push(event);
      this.believe(event);
    }
  }

  /** Tries to write what could not be written before. */
  private async catchUp(): Promise<void> {
    for (;;) {
      const [event] = this.unwritten;
      if (event === undefined) return;
      await this.journal.append(event);
      this.unwritten.shift();
    }
  }

  private believe(event: JobEvent): void {
    this.book.apply(event);
    this.onEvent(event);
  }
}
