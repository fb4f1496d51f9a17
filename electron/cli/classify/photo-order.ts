/** Puts pictures back into the order in which they were named, however they finish, and calls them by what was typed. */
import path from 'node:path';
import type { Photo } from '../../contract/photo';
import type { Batch, Input } from './inputs';

interface Section {
  /** Number of its first picture: the engine numbers pictures from 1 in the order in which it lists them. */
  start: number;
  batch: Exclude<Batch, { kind: 'missing' }>;
}

/** A failed picture that stands before the one of this number. */
interface Missing {
  before: number;
  photo: Photo;
}

/** Something typed that is not there, as the failed picture that it is in every output. */
function missingPhoto({ typed }: Input): Photo {
  return {
    id: 'p0',
    name: typed,
    state: 'failed',
    bytes: 0,
    width: 0,
    height: 0,
    hasThumb: false,
    isSample: false,
    verdicts: {},
    failure: { code: 'file/missing', message: 'There is no such file or folder.', details: {} },
  };
}

const numberOf = (photo: Photo): number => Number(photo.id.slice(1));

/** Only pictures that finished before their turn are held; the rest stays in the engine. */
export class PhotoOrder {
  private readonly sections: Section[] = [];
  private readonly missing: Missing[] = [];
  private readonly early = new Map<number, Photo>();
  private told = 0;
  private toldMissing = 0;
  private total = 0;

  constructor(private readonly tell: (photo: Photo) => void) {}

  /** Call before the batch is handed to the engine. */
  begin(batch: Batch): void {
    if (batch.kind === 'missing') this.missing.push({ before: this.total + 1, photo: missingPhoto(batch.input) });
    else this.sections.push({ start: this.total + 1, batch });
  }

  /** The engine has listed the batch and found this many pictures in it. */
  counted(pictures: number): void {
    this.total += pictures;
  }

  settled(photo: Photo): void {
    const number = numberOf(photo);
    if (number > this.told) this.early.set(number, photo);
    for (let next = this.early.get(this.told + 1); next !== undefined; next = this.early.get(this.told + 1)) {
      this.tellMissing(this.told + 1);
      this.told += 1;
      this.early.delete(this.told);
      this.tell(this.named(next));
    }
  }

  /** Whether everything counted so far has been told. */
  get isComplete(): boolean {
    return this.told === this.total;
  }

  /** The rest of what is missing. */
  finish(): void {
    this.tellMissing(Infinity);
  }

  /** The picture under the name by which the person knows it. */
  named(photo: Photo): Photo {
    const number = numberOf(photo);
    const section = this.sections.filter(({ start }) => start <= number).at(-1);
    return section === undefined ? photo : { ...photo, name: nameIn(section, photo, number - section.start) };
  }

  /** All pictures once more in their order, from pages of the engine's list. */
  async *again(pages: AsyncIterable<readonly Photo[]>): AsyncGenerator<Photo> {
    const waiting = [...this.missing];
    for await (const page of pages) {
      for (const photo of page) {
        yield* takeBefore(waiting, numberOf(photo));
        yield this.named(photo);
      }
    }
    yield* takeBefore(waiting, Infinity);
  }

  private tellMissing(upTo: number): void {
    for (const { before, photo } of this.missing.slice(this.toldMissing)) {
      if (before > upTo) return;
      this.toldMissing += 1;
      this.tell(photo);
    }
  }
}

function* takeBefore(waiting: Missing[], number: number): Generator<Photo> {
  while (waiting.length > 0 && (waiting[0]?.before ?? Infinity) <= number) {
    const first = waiting.shift();
    if (first === undefined) return;
    yield first.photo;
  }
}

function nameIn({ batch }: Section, photo: Photo, offset: number): string {
  if (batch.kind === 'files') return batch.inputs[offset]?.typed ?? photo.name;
  const { typed, path: folder } = batch.input;
  // A folder that cannot be read is reported under its own name.
  if (offset === 0 && photo.state === 'failed' && photo.name === path.basename(folder)) return typed;
  return path.join(typed, ...photo.name.split('/'));
}
