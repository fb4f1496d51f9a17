/** The engine's workers: a few decoders and one judge, each supervised, with what the engine asks of them. */
import path from 'node:path';
import type { CallOptions } from '../../contract/client';
import type { Chunk } from '../../contract/dataset-intake';
import { AppError } from '../../contract/errors';
import type { ModelDetail } from '../../contract/models';
import type { Verdict } from '../../contract/photo';
import type { Inspection } from '../../contract/samples';
import type { ReplyOf, RequestInput } from '../../contract/rpc';
import type { ProcessHealth } from '../../contract/studio';
import { Listeners } from '../../contract/transport';
import {
  type ComputeContract,
  computeContract,
  type FoundFile,
  type IntakeContract,
  intakeContract,
  type PixelSlot,
  thumbLongSide,
} from '../../contract/workers';
import type { ProcessHost } from '../processes/process-host';
import { standBackFor } from '../processes/priority';
import { Supervisor } from '../processes/supervisor';
import type { Decoded, RunnableModel } from './pipeline';

export interface WorkersOptions {
  host: ProcessHost;
  decoders: number;
  device: string;
  exchange: string;
  now: () => number;
  onNetwork(refused: number): void;
}

export interface DeviceInUse {
  provider: string;
  threads: number;
  note: string;
}

type IntakeCall = Extract<keyof IntakeContract['calls'], `dataset.${string}`>;
type IntakeRequest<K extends IntakeCall> = RequestInput<IntakeContract, K>;
type IntakeReply<K extends IntakeCall> = ReplyOf<IntakeContract, K>;
type IntakeRecipe = ReplyOf<IntakeContract, 'recipe'>['found'];
type ComputeRequest<K extends keyof ComputeContract['calls']> = RequestInput<ComputeContract, K>;
type ComputeReply<K extends keyof ComputeContract['calls']> = ReplyOf<ComputeContract, K>;

export class Workers {
  readonly health = new Listeners<ProcessHealth>();
  readonly compute: Supervisor<typeof computeContract>;
  readonly intakes: Supervisor<typeof intakeContract>[];
  private readonly found = new Map<number, (files: FoundFile[]) => void>();
  private readonly chunks = new Map<number, (number: number, chunk: Chunk) => void>();
  private readonly loaded = new Set<string>();
  private readonly freeIntakes: Supervisor<typeof intakeContract>[];
  private readonly waitingForIntake: ((intake: Supervisor<typeof intakeContract>) => void)[] = [];
  /** Decoders that were told to stop and have not yet. */
  private readonly stopping = new Set<Supervisor<typeof intakeContract>>();
  private isGentle = false;
  /** How decoders that stand back are called forward again. */
  private readonly callForward = new Map<number, () => boolean>();
  private nextTicket = 1;
  device: DeviceInUse = { provider: 'cpu', threads: 0, note: '' };

  constructor(private readonly options: WorkersOptions) {
    const { host, now } = options;
    this.compute = new Supervisor({
      role: 'compute',
      contract: computeContract,
      host,
      now,
      prepare: (client) => {
        this.loaded.clear();
        client.on('network', ({ refused }) => options.onNetwork(refused));
      },
    });
    this.intakes = Array.from(
      { length: options.decoders },
      () =>
        new Supervisor({
          role: 'intake',
          contract: intakeContract,
          host,
          now,
          prepare: (client, pid) => {
            if (this.isGentle) this.standBack(pid);
            client.on('network', ({ refused }) => options.onNetwork(refused));
            client.on('found', ({ ticket, files }) => this.found.get(ticket)?.(files));
            client.on('chunk', ({ ticket, number, chunk }) => this.chunks.get(ticket)?.(number, chunk));
          },
        }),
    );
    this.freeIntakes = [...this.intakes];
    this.compute.health.add((health) => this.health.tell(health));
    for (const one of this.intakes) one.health.add(() => this.health.tell(this.intakeHealth()));
  }

  current(): ProcessHealth[] {
    return [this.compute.current(), this.intakeHealth()];
  }

  /**
   * Going easy, decoders stand back for every other program on the machine. One that may not come forward again, as on Linux,
   * is replaced once it has finished what it is at.
   */
  setGentle(isGentle: boolean): void {
    if (isGentle === this.isGentle) return;
    this.isGentle = isGentle;
    for (const intake of this.intakes) {
      if (isGentle) this.standBack(intake.pid);
      else if (this.callForward.get(intake.pid ?? 0)?.() === false) intake.renew();
    }
    if (!isGentle) this.callForward.clear();
  }

  private standBack(pid: number | undefined): void {
    if (pid !== undefined) this.callForward.set(pid, standBackFor(pid));
  }

  /** The decoders as one: as well as the one that fares worst. */
  private intakeHealth(): ProcessHealth {
    const all = this.intakes.map((one) => one.current());
    const worst =
      all.find(({ state }) => state === 'gave-up') ?? all.find(({ state }) => state === 'restarting') ?? all[0];
    if (worst === undefined) throw new AppError('engine/internal', 'There is no decoder.');
    return worst;
  }

  async start(): Promise<void> {
    await Promise.all([this.compute, ...this.intakes].map((one) => one.start()));
  }

  async retry(role: 'compute' | 'intake'): Promise<void> {
    const those = role === 'compute' ? [this.compute] : this.intakes;
    await Promise.all(those.map((one) => one.retry()));
  }

  /** Lists pictures below `roots`; `onFound` hears of them in batches while the walk goes on. */
  async list(
    roots: string[],
    signal: AbortSignal,
    onFound: (files: FoundFile[]) => void,
  ): Promise<{ files: number; ignored: number }> {
    const ticket = this.nextTicket++;
    this.found.set(ticket, onFound);
    try {
      return await this.first().call('list', { ticket, roots, maxFiles: 1_000_000 }, { signal });
    } finally {
      this.found.delete(ticket);
    }
  }

  /** One decoder is busy with one picture at a time, so that a death blames the right one. */
  async decode(
    file: string,
    shortSides: readonly number[],
    slots: readonly number[],
    thumb: string | undefined,
    longSide = thumbLongSide,
  ): Promise<Decoded> {
    const intake = await this.takeIntake();
    try {
      const decoded = await intake.call('decode', {
        path: file,
        exchange: this.options.exchange,
        renditions: slots.map((slot, index) => ({ slot, shortSide: shortSides[index] ?? 384 })),
        ...(thumb === undefined ? {} : { thumb: { path: thumb, longSide } }),
      });
      return { ...decoded, hasThumb: thumb !== undefined };
    } finally {
      this.giveIntake(intake);
    }
  }

  /** Looks at data set sources. A death of the reader is `data/reader-died`. */
  inspectDataset(request: IntakeRequest<'dataset.inspect'>, signal: AbortSignal): Promise<Inspection> {
    return this.withIntake(nameOf(request.paths), signal, (intake, own) =>
      intake.call('dataset.inspect', request, own),
    );
  }

  unpack(
    request: IntakeRequest<'dataset.unpack'>,
    signal: AbortSignal,
    onProgress: (share: number) => void,
  ): Promise<IntakeReply<'dataset.unpack'>> {
    return this.withIntake(path.basename(request.path), signal, (intake, own) =>
      intake.call('dataset.unpack', request, { ...own, onProgress }),
    );
  }

  /** Decodes picture files into one chunk file, by whichever decoder is free. */
  decodeFiles(request: IntakeRequest<'dataset.files'>, signal: AbortSignal): Promise<Chunk> {
    const [first] = request.files;
    const name =
      request.files.length === 1
        ? (first?.name ?? '')
        : `one of ${request.files.length} pictures from ${first?.name ?? ''} on`;
    return this.withIntake(name, signal, (intake, own) => intake.call('dataset.files', request, own));
  }

  /** Reads any other source; `onChunk` hears of every chunk file once it is whole. */
  readDataset(
    request: Omit<IntakeRequest<'dataset.read'>, 'ticket'>,
    signal: AbortSignal,
    onChunk: (number: number, chunk: Chunk) => void,
  ): Promise<IntakeReply<'dataset.read'>> {
    const ticket = this.nextTicket++;
    this.chunks.set(ticket, onChunk);
    return this.withIntake(nameOf(request.paths), signal, (intake, own) =>
      intake.call('dataset.read', { ...request, ticket }, own),
    ).finally(() => this.chunks.delete(ticket));
  }

  /** Ends the decoders that were told to stop and have not: for whoever has waited long enough. */
  killStopping(): void {
    for (const intake of this.stopping) intake.killBusy();
  }

  /**
   * Cancelled, it ends when the decoder has stopped: until then that one may still write where it was told to, and is of no use to
   * anybody else.
   */
  private async withIntake<T>(
    name: string,
    signal: AbortSignal,
    work: (intake: Supervisor<typeof intakeContract>, own: CallOptions) => Promise<T>,
  ): Promise<T> {
    const intake = await this.takeIntake();
    const stop = (): void => void this.stopping.add(intake);
    signal.addEventListener('abort', stop);
    try {
      return await work(intake, { signal, waitsForEnd: true });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'engine/crashed') throw error;
      throw new AppError(
        'data/reader-died',
        `${name} ended the process that read it. It is left out; everything else goes on.`,
        { name },
        { cause: error },
      );
    } finally {
      signal.removeEventListener('abort', stop);
      this.stopping.delete(intake);
      this.giveIntake(intake);
    }
  }

  /** Loads the model if this process does not have it yet, then judges; a process that was just replaced loads again. */
  async judge(model: RunnableModel, slots: readonly PixelSlot[], top: number): Promise<Verdict[]> {
    await this.load(model.path);
    const request = { path: model.path, exchange: this.options.exchange, slots: [...slots], top };
    try {
      return (await this.compute.call('judge', request)).verdicts;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'model/unknown') throw error;
      this.loaded.delete(model.path);
      await this.load(model.path);
      return (await this.compute.call('judge', request)).verdicts;
    }
  }

  /** Draws with a generator, which is opened when it is first used. */
  draw(request: ComputeRequest<'draw'>, signal: AbortSignal): Promise<ComputeReply<'draw'>> {
    return this.compute.call('draw', request, { signal });
  }

  /** Reads pictures with a judge; loads it as `judge` does. */
  async read(request: ComputeRequest<'read'>, signal: AbortSignal): Promise<ComputeReply<'read'>> {
    await this.load(request.path);
    try {
      return await this.compute.call('read', request, { signal });
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'model/unknown') throw error;
      this.loaded.delete(request.path);
      await this.load(request.path);
      return this.compute.call('read', request, { signal });
    }
  }

  /** Compares sets of features. */
  measure(request: ComputeRequest<'measure'>, signal: AbortSignal): Promise<ComputeReply<'measure'>> {
    return this.compute.call('measure', request, { signal });
  }

  async load(file: string): Promise<void> {
    if (this.loaded.has(file)) return;
    this.device = await this.compute.call('load', { path: file, device: this.options.device, isUntrusted: false });
    this.loaded.add(file);
  }

  async unload(file: string): Promise<void> {
    if (this.loaded.delete(file)) await this.compute.call('unload', { path: file });
  }

  describe(file: string): Promise<Omit<ModelDetail, 'entry'> & { bytes: number }> {
    return this.compute.call('describe', { path: file });
  }

  gate(file: string, signal: AbortSignal): Promise<{ bytes: number }> {
    return this.first().call('gate', { path: path.resolve(file) }, { signal });
  }

  async labels(file: string): Promise<string[]> {
    return (await this.first().call('labels', { path: file })).labels;
  }

  /** The recipe in a PNG that Duet drew, and its pixels. */
  async recipe(file: string, signal: AbortSignal): Promise<IntakeRecipe> {
    const { found } = await this.withIntake(path.basename(file), signal, (intake, own) =>
      intake.call('recipe', { path: file }, own),
    );
    return found;
  }

  dispose(): void {
    for (const one of [this.compute, ...this.intakes]) one.dispose();
  }

  private first(): Supervisor<typeof intakeContract> {
    const intake = this.intakes.find(isUsable) ?? this.intakes[0];
    if (intake === undefined) throw new AppError('engine/internal', 'There is no decoder.');
    return intake;
  }

  private takeIntake(): Promise<Supervisor<typeof intakeContract>> {
    // A decoder that was given up is left aside as long as another one works.
    const hasUsable = this.intakes.some(isUsable);
    const place = this.freeIntakes.findIndex((one) => !hasUsable || isUsable(one));
    const [free] = place < 0 ? [] : this.freeIntakes.splice(place, 1);
    if (free !== undefined) return Promise.resolve(free);
    return new Promise((resolve) => this.waitingForIntake.push(resolve));
  }

  private giveIntake(intake: Supervisor<typeof intakeContract>): void {
    const isOffered = isUsable(intake) || !this.intakes.some(isUsable);
    const next = isOffered ? this.waitingForIntake.shift() : undefined;
    if (next === undefined) this.freeIntakes.push(intake);
    else next(intake);
  }
}

function nameOf(paths: readonly string[]): string {
  return path.basename(paths[0] ?? '');
}

function isUsable(intake: Supervisor<typeof intakeContract>): boolean {
  return intake.current().state !== 'gave-up';
}
