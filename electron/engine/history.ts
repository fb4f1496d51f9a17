/** Undo and redo for the whole studio: every change that a person might regret pushes how to take it back. */
import type { HistoryState } from '../contract/studio';
import { Listeners } from '../contract/transport';

export interface Change {
  /** What was done, as the undo toast says it: "3 pictures removed". */
  what: string;
  undo(): void | Promise<void>;
  redo(): void | Promise<void>;
}

const maxChanges = 100;

export class History {
  readonly changed = new Listeners<HistoryState>();
  private readonly done: Change[] = [];
  private readonly undone: Change[] = [];

  /** Does the change and remembers it. */
  async run(change: Change): Promise<void> {
    await change.redo();
    this.done.push(change);
    if (this.done.length > maxChanges) this.done.shift();
    this.undone.length = 0;
    this.tell();
  }

  async undo(): Promise<string | null> {
    return this.move(this.done, this.undone, (change) => change.undo());
  }

  async redo(): Promise<string | null> {
    return this.move(this.undone, this.done, (change) => change.redo());
  }

  state(): HistoryState {
    return { undo: this.done.at(-1)?.what ?? null, redo: this.undone.at(-1)?.what ?? null };
  }

  private async move(
    from: Change[],
    to: Change[],
    act: (change: Change) => void | Promise<void>,
  ): Promise<string | null> {
    const change = from.pop();
    if (change === undefined) return null;
    await act(change);
    to.push(change);
    this.tell();
    return change.what;
  }

  private tell(): void {
    this.changed.tell(this.state());
  }
}
