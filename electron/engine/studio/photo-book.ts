/** The pictures of this session in the order they came, with their paths, and which of them changed since the last report. */
import { AppError } from '../../contract/errors';
import type { Failure } from '../../contract/errors';
import type { Photo, Verdict } from '../../contract/photo';

export interface PhotoRecord {
  photo: Photo;
  /** Never leaves the engine. */
  path: string;
  /** How often judging it was cut short by a crash that may not be its fault. */
  interruptions: number;
}

export interface NewPhoto {
  path: string;
  name: string;
  bytes: number;
  isSample: boolean;
  failure?: Failure;
}

export class PhotoBook {
  private readonly records = new Map<string, PhotoRecord>();
  private readonly removed = new Map<string, PhotoRecord>();
  private changedIds = new Set<string>();
  private next = 1;

  /** `onChange` is told at the first change after `takeChanged`, so that reports can be bundled. */
  constructor(private readonly onChange: () => void) {}

  add(found: NewPhoto): string {
    const id = `p${this.next++}`;
    const photo: Photo = {
      id,
      name: found.name,
      state: found.failure === undefined ? 'waiting' : 'failed',
      bytes: found.bytes,
      width: 0,
      height: 0,
      hasThumb: false,
      isSample: found.isSample,
      verdicts: {},
    };
    if (found.failure !== undefined) photo.failure = found.failure;
    this.records.set(id, { photo, path: found.path, interruptions: 0 });
    this.mark(id);
    return id;
  }

  /** The record, unless it was removed. */
  find(id: string): PhotoRecord | undefined {
    return this.records.get(id);
  }

  get(id: string): PhotoRecord {
    const record = this.records.get(id);
    if (record !== undefined) return record;
    throw new AppError('call/bad-request', 'That picture is not in the list any more.', { id });
  }

  update(id: string, change: (photo: Photo) => void): void {
    const record = this.records.get(id) ?? this.removed.get(id);
    if (record === undefined) return;
    change(record.photo);
    this.mark(id);
  }

  addVerdict(id: string, modelId: string, verdict: Verdict, isComplete: boolean): void {
    this.update(id, (photo) => {
      photo.verdicts = { ...photo.verdicts, [modelId]: verdict };
      if (isComplete) photo.state = 'judged';
    });
  }

  fail(id: string, failure: Failure): void {
    this.update(id, (photo) => {
      photo.state = 'failed';
      photo.failure = failure;
    });
  }

  /** All pictures, or those of `ids` that are still here, in the order they came. */
  list(ids?: readonly string[]): PhotoRecord[] {
    if (ids === undefined) return [...this.records.values()];
    return ids.flatMap((id) => this.records.get(id) ?? []);
  }

  get size(): number {
    return this.records.size;
  }

  page(offset: number, limit: number): Photo[] {
    return [...this.records.values()].slice(offset, offset + limit).map((record) => record.photo);
  }

  /** Takes pictures out; `restore` puts them back in their old places. */
  remove(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.records.get(id);
      if (record === undefined) continue;
      this.records.delete(id);
      this.removed.set(id, record);
    }
  }

  /** Lets go of pictures for good. */
  forget(ids: readonly string[]): void {
    for (const id of ids) this.records.delete(id);
  }

  restore(ids: readonly string[]): void {
    for (const id of ids) {
      const record = this.removed.get(id);
      if (record === undefined) continue;
      this.removed.delete(id);
      this.records.set(id, record);
      this.mark(id);
    }
    const ordered = [...this.records].sort(([left], [right]) => Number(left.slice(1)) - Number(right.slice(1)));
    this.records.clear();
    for (const [id, record] of ordered) this.records.set(id, record);
  }

  /** The pictures that changed since the last call. */
  takeChanged(): Photo[] {
    const ids = this.changedIds;
    this.changedIds = new Set();
    return [...ids].flatMap((id) => this.records.get(id)?.photo ?? []);
  }

  private mark(id: string): void {
    const wasEmpty = this.changedIds.size === 0;
    this.changedIds.add(id);
    if (wasEmpty) this.onChange();
  }
}
