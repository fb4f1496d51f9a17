/** The way of a foreign model into Duet: gate, quarantine, preview, wrapped copy. Every step may fail; none touches what is here. */
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { connect, type Client } from '../../contract/client';
import { AppError } from '../../contract/errors';
import type { ImportOptions, ModelEntry, Proposal, Trial } from '../../contract/models';
import type { PixelSlot, QuarantineContract } from '../../contract/workers';
import { quarantineContract } from '../../contract/workers';
import { type StartTimer, startTimer } from '../coalesce';
import type { HostedProcess, ProcessHost } from '../processes/process-host';
import { watchMemory } from '../processes/watch-memory';
import { copyDurably } from '../storage/pieces';
import type { ModelRegistry } from './registry';
import { chooseLabels, suggestName } from './proposal';

/** A model that needs longer for loading and one small run is not one to work with. */
const probeLimitMs = 30_000;
const memoryLimitBytes = 2 * 1024 ** 3;

export interface SamplePicture {
  name: string;
  url: string;
}

export interface ImporterOptions {
  host: ProcessHost;
  registry: ModelRegistry;
  /** Folder for trial copies. */
  temporary: string;
  exchange: string;
  gate(file: string, signal: AbortSignal): Promise<{ bytes: number }>;
  readLabels(file: string): Promise<string[]>;
  /** Gives each sample photo's pixels, reduced to a short side, to `use` in turn. */
  eachSample(
    shortSide: number,
    signal: AbortSignal,
    use: (sample: SamplePicture, slot: PixelSlot) => Promise<void>,
  ): Promise<void>;
  startTimer?: StartTimer;
}

interface Candidate {
  proposal: Proposal;
  path: string;
  process: HostedProcess;
  client: Client<QuarantineContract>;
  stopWatching(): void;
  trials: number;
}

export class Importer {
  private readonly candidates = new Map<string, Candidate>();
  private next = 1;

  constructor(private readonly options: ImporterOptions) {}

  async inspect(file: string, labelsFile: string | undefined, signal: AbortSignal): Promise<Proposal> {
    const gated = await this.options.gate(file, signal);
    const labelsGiven = labelsFile === undefined ? undefined : await this.options.readLabels(labelsFile);
    const process = await this.options.host.spawn('quarantine');
    const client = connect(quarantineContract, process.transport);
    let reason = 'it ended';
    const stopWatching = watchMemory(process.pid, memoryLimitBytes, () => {
      reason = 'it took more than 2 GB of memory';
      process.kill();
    });
    process.onExit(() => {
      stopWatching();
      client.close(
        'model/checker-died',
        `${path.basename(file)} ended the checker (${reason}), so it was not imported.`,
      );
    });
    try {
      const found = await this.withLimit(process, client.call('probe', { path: file }, { signal }), file);
      const proposal: Proposal = {
        id: `m${this.next++}`,
        fileName: path.basename(file),
        bytes: gated.bytes,
        inputs: found.inputs,
        outputs: found.outputs,
        image: found.image,
        classes: found.classes,
        givesProbabilities: found.givesProbabilities,
        labels: chooseLabels(labelsGiven, found.labels, found.classes),
        suggestedName: await suggestName(path.basename(file), (name) => this.options.registry.isTaken(name)),
        suggested: {
          preset: found.image.channels === 1 ? 'zero-one' : 'imagenet',
          layout: 'auto',
          fit: 'crop',
          invert: false,
        },
        dryRunMs: found.dryRunMs,
      };
      this.candidates.set(proposal.id, { proposal, path: file, process, client, stopWatching, trials: 0 });
      return proposal;
    } catch (error) {
      stopWatching();
      process.kill();
      throw error;
    }
  }

  /** What the model says of the sample photos under the given options; nothing is imported. */
  async trial(id: string, options: ImportOptions, signal: AbortSignal): Promise<Trial> {
    const candidate = this.find(id);
    const copy = path.join(this.options.temporary, `${id}-trial-${candidate.trials++}.onnx`);
    const pictures: Trial['pictures'] = [];
    try {
      await this.wrap(candidate, options, candidate.proposal.suggestedName, copy, signal);
      const { client } = candidate;
      const load = client.call('load', { path: copy, device: 'cpu', isUntrusted: true }, { signal });
      await this.withLimit(candidate.process, load, candidate.path);
      const { height, width } = candidate.proposal.image;
      await this.options.eachSample(Math.max(height, width), signal, async (sample, slot) => {
        const request = { path: copy, exchange: this.options.exchange, slots: [slot], top: 5 };
        const judged = await this.withLimit(
          candidate.process,
          client.call('judge', request, { signal }),
          candidate.path,
        );
        pictures.push({ ...sample, predictions: judged.verdicts[0]?.predictions ?? [] });
      });
      await client.call('unload', { path: copy });
      return { pictures };
    } finally {
      await rm(copy, { force: true });
    }
  }

  async import(id: string, options: ImportOptions, name: string, signal: AbortSignal): Promise<ModelEntry> {
    const candidate = this.find(id);
    const target = await this.options.registry.placeFor(name);
    if (await this.options.registry.isTaken(name)) {
      throw new AppError('file/exists', `There is already a model called ${name}. Choose another name.`, { name });
    }
    const copy = path.join(this.options.temporary, `${id}-import.onnx`);
    try {
      await this.wrap(candidate, options, name, copy, signal);
      await copyDurably(copy, target, signal);
      const entry = await this.options.registry.register(target, false);
      this.discard(id);
      return entry;
    } finally {
      await rm(copy, { force: true });
    }
  }

  discard(id: string): void {
    const candidate = this.candidates.get(id);
    if (candidate === undefined) return;
    this.candidates.delete(id);
    candidate.stopWatching();
    candidate.client.close();
    candidate.process.kill();
  }

  dispose(): void {
    for (const id of [...this.candidates.keys()]) this.discard(id);
  }

  private async wrap(
    candidate: Candidate,
    options: ImportOptions,
    name: string,
    target: string,
    signal: AbortSignal,
  ): Promise<void> {
    const { proposal } = candidate;
    const request = {
      path: candidate.path,
      target,
      // What ran in the probe is known better than what the file declares.
      options: { ...options, layout: options.layout === 'auto' ? proposal.image.layout : options.layout },
      givesProbabilities: proposal.givesProbabilities,
      maxBatch: proposal.image.maxBatch,
      name,
      fileName: proposal.fileName,
      labels: proposal.labels.names,
    };
    await this.withLimit(candidate.process, candidate.client.call('wrap', request, { signal }), candidate.path);
  }

  /** The process may be blocked for good, so the limit is kept out here and ends it. */
  private async withLimit<Result>(process: HostedProcess, work: Promise<Result>, file: string): Promise<Result> {
    const late = new AbortController();
    const stop = (this.options.startTimer ?? startTimer)(() => {
      late.abort();
      process.kill();
    }, probeLimitMs);
    try {
      return await work;
    } catch (error) {
      if (!late.signal.aborted) throw error;
      const message = `${path.basename(file)} did not answer within 30 s and was not imported.`;
      throw new AppError('model/checker-timeout', message, {}, { cause: error });
    } finally {
      stop();
    }
  }

  private find(id: string): Candidate {
    const candidate = this.candidates.get(id);
    if (candidate !== undefined) return candidate;
    throw new AppError('call/bad-request', 'That model is not being imported any more. Drop it again.', { id });
  }
}
