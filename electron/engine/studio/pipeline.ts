/** From file to verdict: several decoders feed one judge through a fixed number of pixel slots, so memory stays constant. */
import { AppError, isCancelled, toFailure } from '../../contract/errors';
import type { JudgeCard } from '../../contract/model-card';
import type { Verdict } from '../../contract/photo';
import type { RunProgress } from '../../contract/studio';
import type { PixelSlot } from '../../contract/workers';
import type { PhotoBook, PhotoRecord } from './photo-book';
import { Rate } from './rate';

export interface RunnableModel {
  id: string;
  path: string;
  card: JudgeCard;
}

export interface Decoded {
  width: number;
  height: number;
  slots: PixelSlot[];
  hasThumb?: boolean;
}

export interface PipelineOptions {
  book: PhotoBook;
  /** The models chosen at this moment. */
  selected(): readonly RunnableModel[];
  /** Decodes one picture into slots, one for each short side, in the same order, and may write its thumbnail. */
  decode(record: PhotoRecord, shortSides: readonly number[], slots: readonly number[]): Promise<Decoded>;
  judge(model: RunnableModel, slots: readonly PixelSlot[]): Promise<Verdict[]>;
  slots: { acquire(): Promise<number>; release(slot: number): void };
  decoders: number;
  maxBatch: number;
  now: () => number;
  /** The run's state changed in some way. */
  onProgress(): void;
}

/** A decoded picture that waits for one model. Several may share a slot; the last one frees it. */
interface Ready {
  id: string;
  model: RunnableModel;
  slot: PixelSlot;
}

export class Pipeline {
  private readonly queue: string[] = [];
  private readonly queued = new Set<string>();
  private ready: Ready[] = [];
  private readonly slotUsers = new Map<number, number>();
  /** Pictures between the queue and their last verdict, with how many verdicts they still wait for. */
  private readonly inHand = new Map<string, number>();
  private readonly rate: Rate;
  private decoding = 0;
  private isJudging = false;
  private isStopped = false;
  private listings = 0;
  private total = 0;
  /** Judged or failed. */
  private through = 0;
  private failed = 0;

  constructor(private readonly options: PipelineOptions) {
    this.rate = new Rate(options.now);
  }

  progress(): RunProgress {
    const { total, through, failed } = this;
    return {
      state: this.isIdle() ? 'idle' : this.isStopped ? 'stopped' : 'running',
      total,
      done: through - failed,
      failed,
      isListing: this.listings > 0,
      perSecond: this.rate.perSecond(),
      remainingMs: this.isStopped ? null : this.rate.remainingMs(total - through),
    };
  }

  /** Brackets a listing, during which the total may still grow. */
  listing(delta: 1 | -1): void {
    if (this.isIdle()) this.begin();
    this.listings += delta;
    this.options.onProgress();
  }

  add(ids: readonly string[]): void {
    if (this.isIdle()) this.begin();
    for (const id of ids) {
      if (this.queued.has(id) || this.inHand.has(id)) continue;
      this.queued.add(id);
      this.queue.push(id);
      this.total += 1;
    }
    this.options.onProgress();
    this.pump();
  }

  /** Counts pictures that were refused before decoding. */
  countFailed(count: number): void {
    if (this.isIdle()) this.begin();
    this.total += count;
    this.through += count;
    this.failed += count;
    this.options.onProgress();
  }

  stop(): void {
    if (this.isIdle()) return;
    this.isStopped = true;
    this.options.onProgress();
  }

  resume(): void {
    this.isStopped = false;
    this.rate.reset();
    this.options.onProgress();
    this.pump();
  }

  private begin(): void {
    this.total = this.through = this.failed = 0;
    this.isStopped = false;
    this.rate.reset();
  }

  private isIdle(): boolean {
    return this.queue.length === 0 && this.inHand.size === 0 && this.decoding === 0 && this.listings === 0;
  }

  private pump(): void {
    while (!this.isStopped && this.decoding < this.options.decoders && this.queue.length > 0) {
      this.decoding += 1;
      this.decodeLoop().catch((error: unknown) => {
        throw error;
      });
    }
  }

  private async decodeLoop(): Promise<void> {
    try {
      while (!this.isStopped) {
        const id = this.queue.shift();
        if (id === undefined) break;
        this.queued.delete(id);
        this.inHand.set(id, 0);
        await this.decodeOne(id);
      }
    } finally {
      this.decoding -= 1;
      this.options.onProgress();
    }
  }

  private async decodeOne(id: string): Promise<void> {
    const record = this.options.book.find(id);
    const models = record === undefined ? [] : this.missing(record);
    if (record === undefined || models.length === 0) {
      this.finish(id, true);
      return;
    }
    const shortSides = [...new Set(models.map((model) => model.card.input.shortSide))];
    const slots: number[] = [];
    this.inHand.set(id, models.length);
    try {
      // Waiting for a slot ends with `call/cancelled` when the engine is stopped meanwhile.
      for (let count = 0; count < shortSides.length; count++) slots.push(await this.options.slots.acquire());
      const decoded = await this.options.decode(record, shortSides, slots);
      this.options.book.update(id, (photo) => {
        photo.width = decoded.width;
        photo.height = decoded.height;
        photo.hasThumb ||= decoded.hasThumb === true;
      });
      this.queueReady(id, models, shortSides, decoded.slots);
    } catch (error) {
      for (const slot of slots) this.options.slots.release(slot);
      this.decodeFailed(id, error);
    }
  }

  private missing(record: PhotoRecord): RunnableModel[] {
    return this.options.selected().filter((model) => record.photo.verdicts[model.id] === undefined);
  }

  private queueReady(id: string, models: RunnableModel[], shortSides: number[], slots: readonly PixelSlot[]): void {
    for (const model of models) {
      const slot = slots[shortSides.indexOf(model.card.input.shortSide)];
      if (slot === undefined) throw new AppError('engine/internal', 'The decoder returned too few renditions.');
      this.slotUsers.set(slot.slot, (this.slotUsers.get(slot.slot) ?? 0) + 1);
      this.ready.push({ id, model, slot });
    }
    if (!this.isJudging) this.judgeLoop().catch(() => undefined);
  }

  private decodeFailed(id: string, error: unknown): void {
    const code = error instanceof AppError ? error.code : 'engine/internal';
    if (code === 'engine/gave-up' || code === 'engine/closed' || isCancelled(error)) {
      this.putBack(id);
      return;
    }
    const name = this.options.book.find(id)?.photo.name ?? 'A picture';
    const failure =
      code === 'engine/crashed'
        ? new AppError('image/decoder-died', `${name} ended the decoder. The other pictures go on.`).toFailure()
        : toFailure(error);
    this.options.book.fail(id, failure);
    this.finish(id, false);
  }

  /** Nothing can be done until a person acts: keep the picture waiting and stop. */
  private putBack(id: string): void {
    this.inHand.delete(id);
    this.queue.unshift(id);
    this.queued.add(id);
    this.isStopped = true;
    this.options.onProgress();
  }

  private async judgeLoop(): Promise<void> {
    this.isJudging = true;
    try {
      for (let batch = this.takeBatch(); batch.length > 0; batch = this.takeBatch()) await this.judgeBatch(batch);
    } finally {
      this.isJudging = false;
    }
  }

  /** The oldest ready picture and others of the same size for the same model, as many as the model takes at once. */
  private takeBatch(): Ready[] {
    const first = this.ready[0];
    if (first === undefined) return [];
    const { layout, maxBatch } = first.model.card.input;
    const limit = layout === 'HWC' ? 1 : Math.min(this.options.maxBatch, maxBatch === 0 ? Infinity : maxBatch);
    const batch: Ready[] = [];
    this.ready = this.ready.filter((ready) => {
      const isAlike =
        ready.model.id === first.model.id &&
        ready.slot.width === first.slot.width &&
        ready.slot.height === first.slot.height;
      if (!isAlike || batch.length >= limit) return true;
      batch.push(ready);
      return false;
    });
    return batch;
  }

  private async judgeBatch(batch: Ready[]): Promise<void> {
    const model = batch[0]?.model;
    if (model === undefined) return;
    try {
      const verdicts = await this.options.judge(
        model,
        batch.map((ready) => ready.slot),
      );
      batch.forEach((ready, index) => this.judged(ready, verdicts[index]));
    } catch (error) {
      for (const ready of batch) this.judgeFailed(ready, error);
    }
  }

  private judged(ready: Ready, verdict: Verdict | undefined): void {
    this.freeSlot(ready.slot.slot);
    if (verdict === undefined) throw new AppError('engine/internal', 'The judge returned too few verdicts.');
    const owed = (this.inHand.get(ready.id) ?? 1) - 1;
    this.options.book.addVerdict(ready.id, ready.model.id, verdict, owed === 0);
    if (owed > 0) this.inHand.set(ready.id, owed);
    else this.finish(ready.id, true);
  }

  private judgeFailed(ready: Ready, error: unknown): void {
    const record = this.options.book.find(ready.id);
    const code = error instanceof AppError ? error.code : 'engine/internal';
    if (code === 'engine/crashed' && record !== undefined && record.interruptions < 1) {
      record.interruptions += 1;
      this.ready.push(ready);
      return;
    }
    this.freeSlot(ready.slot.slot);
    // The other models of this picture may still answer; the first failure settles it.
    if (!this.inHand.has(ready.id)) return;
    this.dropReady(ready.id);
    if (code === 'engine/gave-up' || code === 'engine/closed') {
      this.putBack(ready.id);
      return;
    }
    this.options.book.fail(ready.id, toFailure(error));
    this.finish(ready.id, false);
  }

  private dropReady(id: string): void {
    const dropped = this.ready.filter((ready) => ready.id === id);
    this.ready = this.ready.filter((ready) => ready.id !== id);
    for (const ready of dropped) this.freeSlot(ready.slot.slot);
  }

  private freeSlot(slot: number): void {
    const users = (this.slotUsers.get(slot) ?? 1) - 1;
    if (users > 0) this.slotUsers.set(slot, users);
    else {
      this.slotUsers.delete(slot);
      this.options.slots.release(slot);
    }
  }

  private finish(id: string, isGood: boolean): void {
    this.through += 1;
    if (!isGood) this.failed += 1;
    this.rate.tick();
    this.inHand.delete(id);
    // A model chosen meanwhile has not seen this picture yet.
    const record = isGood ? this.options.book.find(id) : undefined;
    if (record !== undefined && this.missing(record).length > 0) this.add([id]);
    this.options.onProgress();
  }
}
