/**
 * 1,000 photos: the whole pipeline against decoding alone and the bare session alone. The three take turns on the same
 * photos, 250 at a time, so that whatever else the machine does in that minute slows all of them alike.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../electron/contract/client';
import { computeContract, intakeContract, type PixelSlot } from '../electron/contract/workers';
import { createNodeHost } from '../electron/hosts/node-host';
import { startNodeEngine } from '../electron/hosts/node-engine';
import { defaultDecoders } from '../electron/engine/engine';
import { readJudgeCard } from '../electron/engine/models/card';
import { decodeModel } from '../models/graph/decode';
import { startMemoryWatch } from './memory';
import { photoCount, photoFolder } from './photos';
import {
  addTimes,
  coreTime,
  describeProcessorTime,
  processorTime,
  type ProcessorTime,
  usedBetween,
} from './processor-time';

const root = process.cwd();
const dist = path.join(root, 'dist');
const model = path.join(root, 'assets', 'models', 'everyday-1000.onnx');
const count = Number(process.env['DUET_BENCH_PHOTOS'] ?? photoCount);
const decoders = Number(process.env['DUET_BENCH_DECODERS'] ?? defaultDecoders(os.availableParallelism()));
const roundSize = Number(process.env['DUET_BENCH_ROUND'] ?? 250);
const { shortSide } = readJudgeCard(decodeModel(readFileSync(model))).input;

const files = readdirSync(photoFolder)
  .filter((name) => name.endsWith('.jpg'))
  .sort()
  .slice(0, count)
  .map((name) => path.join(photoFolder, name));

interface Part {
  what: string;
  run(files: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Decoders of their own, each one picture at a time, thumbnails included. The first pictures stay in `keep`. */
async function decodeOnly(folder: string, keep: PixelSlot[]): Promise<Part> {
  const host = createNodeHost(dist);
  const processes = await Promise.all(Array.from({ length: decoders }, () => host.spawn('intake')));
  const clients = processes.map(({ transport }) => connect(intakeContract, transport));
  const kept = 64;
  const run = async (files: readonly string[]): Promise<void> => {
    const queue = [...files];
    const decodeAll = async (client: (typeof clients)[number], worker: number): Promise<void> => {
      for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
        const slot = keep.length < kept ? keep.length : kept + worker;
        const place = keep.length < kept ? keep.push({ slot, width: 1, height: 1 }) - 1 : undefined;
        const { slots } = await client.call('decode', {
          path: file,
          exchange: folder,
          renditions: [{ slot, shortSide }],
          thumb: { path: path.join(folder, `t-${path.basename(file)}`), longSide: 384 },
        });
        if (place !== undefined && slots[0] !== undefined) keep[place] = slots[0];
      }
    };
    await Promise.all(clients.map(decodeAll));
  };
  const stop = (): Promise<void> => {
    for (const one of processes) one.kill();
    return Promise.resolve();
  };
  return { what: `decode only, ${decoders} decoders`, run, stop };
}

/** The judge alone, on pictures that lie ready in slots. */
async function sessionOnly(folder: string, slots: readonly PixelSlot[]): Promise<Part> {
  const compute = await createNodeHost(dist).spawn('compute');
  const client = connect(computeContract, compute.transport);
  await client.call('load', { path: model, device: 'cpu', isUntrusted: false });
  const run = async (files: readonly string[]): Promise<void> => {
    for (let index = 0; index < files.length; index++) {
      const slot = slots[index % slots.length];
      if (slot !== undefined) await client.call('judge', { path: model, exchange: folder, slots: [slot], top: 5 });
    }
  };
  const stop = (): Promise<void> => {
    compute.kill();
    return Promise.resolve();
  };
  return { what: 'bare session', run, stop };
}

async function wholePipeline(folder: string): Promise<Part & { pid: number | undefined }> {
  const engine = await startNodeEngine({
    dist,
    assets: path.join(root, 'assets'),
    version: 'bench',
    workspace: path.join(folder, 'workspace'),
    device: 'auto',
    showSamples: false,
    decoders,
  });
  const run = async (files: readonly string[]): Promise<void> => {
    let stopListening = (): void => undefined;
    const idle = new Promise<void>((resolve) => {
      stopListening = engine.studio.on('run.progress', ({ state, done, failed }) => {
        if (state === 'idle' && done + failed >= files.length) resolve();
      });
    });
    const handles = await engine.host.call('handles.add', { paths: [...files] });
    await engine.studio.call('photos.add', { handles: handles.map(({ handle }) => handle) });
    await idle;
    stopListening();
  };
  return { what: `whole pipeline, ${decoders} decoders`, run, stop: () => engine.stop(), pid: engine.pid };
}

class Measured {
  seconds = 0;
  private used: ProcessorTime = new Map();
  private idle = 0;
  private all = 0;

  constructor(readonly part: Part) {}

  async round(files: readonly string[]): Promise<void> {
    const before = processorTime(process.pid);
    const cores = coreTime();
    const started = performance.now();
    await this.part.run(files);
    this.seconds += (performance.now() - started) / 1000;
    this.idle += coreTime().idle - cores.idle;
    this.all += coreTime().all - cores.all;
    this.used = addTimes(this.used, usedBetween(before, processorTime(process.pid)));
  }

  get processorSeconds(): number {
    return [...this.used.values()].reduce((sum, one) => sum + one, 0);
  }

  print(): void {
    const rate = (files.length / this.seconds).toFixed(1);
    console.log(`${this.part.what.padEnd(28)} ${this.seconds.toFixed(2).padStart(7)} s ${rate.padStart(6)} photos/s`);
    console.log(`  processor time: ${describeProcessorTime(this.used, files.length)}`);
    const ours = this.processorSeconds;
    const percent = (part: number): string => `${((100 * part) / this.all).toFixed(0)} %`;
    console.log(
      `  cores: ours ${percent(ours)}, idle ${percent(this.idle)}, else ${percent(this.all - this.idle - ours)}`,
    );
  }
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
try {
  const slots: PixelSlot[] = [];
  const decode = new Measured(await decodeOnly(folder, slots));
  await decode.part.run(files.slice(0, 64));
  const session = new Measured(await sessionOnly(folder, slots));
  const engine = await wholePipeline(folder);
  const whole = new Measured(engine);
  // Each has compiled its loops and touched its memory before the first round counts.
  for (const { part } of [session, whole]) await part.run(files.slice(0, 32));
  let peakMb = 0;
  for (let first = 0; first < files.length; first += roundSize) {
    const round = files.slice(first, first + roundSize);
    await decode.round(round);
    await session.round(round);
    const memory = startMemoryWatch(engine.pid);
    await whole.round(round);
    peakMb = Math.max(peakMb, memory.stop());
  }
  console.log(`${files.length} photos, ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? ''}`);
  for (const one of [decode, session, whole]) one.print();
  const ratio = (what: string, value: number): void => console.log(`${what.padEnd(64)} ${value.toFixed(2)}`);
  const slower = Math.max(decode.seconds, session.seconds);
  ratio('wall time of the slower of decoding and the session / pipeline', slower / whole.seconds);
  ratio('processor time of decoding / pipeline', decode.processorSeconds / whole.processorSeconds);
  const parts = decode.processorSeconds + session.processorSeconds;
  ratio('processor time of decoding and the session / pipeline', parts / whole.processorSeconds);
  console.log(`peak memory of all processes (PSS): ${peakMb.toFixed(0)} MB`);
  for (const { part } of [decode, session, whole]) await part.stop();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
