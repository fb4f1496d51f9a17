/** 1,000 photos: the whole pipeline against decoding alone and the bare session alone, in one run on one machine. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connect } from '../electron/contract/client';
import { computeContract, intakeContract, type PixelSlot } from '../electron/contract/workers';
import { createNodeHost } from '../electron/hosts/node-host';
import { startNodeEngine } from '../electron/hosts/node-engine';
import { defaultDecoders } from '../electron/engine/engine';
import { startMemoryWatch } from './memory';
import { photoCount, photoFolder } from './photos';

const root = process.cwd();
const dist = path.join(root, 'dist');
const model = path.join(root, 'assets', 'models', 'everyday-1000.onnx');
const count = Number(process.env['DUET_BENCH_PHOTOS'] ?? photoCount);
const decoders = Number(process.env['DUET_BENCH_DECODERS'] ?? defaultDecoders(os.availableParallelism()));
const shortSide = 384;

const files = readdirSync(photoFolder)
  .filter((name) => name.endsWith('.jpg'))
  .sort()
  .slice(0, count)
  .map((name) => path.join(photoFolder, name));

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Decoders of their own, each one picture at a time, thumbnails included. */
async function decodeOnly(folder: string, decoders: number, keep: PixelSlot[]): Promise<number> {
  const host = createNodeHost(dist);
  const processes = await Promise.all(Array.from({ length: decoders }, () => host.spawn('intake')));
  const queue = files.map((file, index) => ({ file, index }));
  const time = await seconds(async () => {
    await Promise.all(
      processes.map(async ({ transport }, worker) => {
        const client = connect(intakeContract, transport);
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const slot = next.index < 64 ? next.index : 64 + worker;
          const decoded = await client.call('decode', {
            path: next.file,
            exchange: folder,
            renditions: [{ slot, shortSide }],
            thumb: { path: path.join(folder, `t${next.index}.jpg`), longSide: 384 },
          });
          if (next.index < 64 && decoded.slots[0] !== undefined) keep.push(decoded.slots[0]);
        }
      }),
    );
  });
  for (const one of processes) one.kill();
  return time;
}

/** The judge alone, on pictures that lie ready in slots. */
async function sessionOnly(folder: string, slots: PixelSlot[]): Promise<number> {
  const process = await createNodeHost(dist).spawn('compute');
  const client = connect(computeContract, process.transport);
  await client.call('load', { path: model, device: 'cpu', isUntrusted: false });
  const judge = (slot: PixelSlot): Promise<unknown> =>
    client.call('judge', { path: model, exchange: folder, slots: [slot], top: 5 });
  for (const slot of slots.slice(0, 8)) await judge(slot);
  const time = await seconds(async () => {
    for (let index = 0; index < files.length; index++) {
      const slot = slots[index % slots.length];
      if (slot !== undefined) await judge(slot);
    }
  });
  process.kill();
  return time;
}

async function pipeline(folder: string): Promise<{ time: number; peakMb: number }> {
  const engine = await startNodeEngine({
    dist,
    assets: path.join(root, 'assets'),
    version: 'bench',
    workspace: path.join(folder, 'workspace'),
    device: 'auto',
    showSamples: false,
    decoders,
  });
  const memory = startMemoryWatch(engine.pid);
  const time = await seconds(async () => {
    const idle = new Promise<void>((resolve) => {
      engine.studio.on('run.progress', ({ state, done, failed }) => {
        if (state === 'idle' && done + failed >= files.length) resolve();
      });
    });
    const handles = await engine.host.call('handles.add', { paths: files });
    await engine.studio.call('photos.add', { handles: handles.map(({ handle }) => handle) });
    await idle;
  });
  const peakMb = memory.stop();
  await engine.stop();
  return { time, peakMb };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-'));
try {
  const slots: PixelSlot[] = [];
  const decodeOne = await decodeOnly(folder, 1, []);
  const decode = await decodeOnly(folder, decoders, slots);
  const session = await sessionOnly(folder, slots);
  const whole = await pipeline(folder);
  const line = (what: string, time: number): void =>
    console.log(
      `${what.padEnd(30)} ${time.toFixed(2).padStart(7)} s  ${(files.length / time).toFixed(1).padStart(6)} photos/s`,
    );
  const ratio = (what: string, value: number): void => console.log(`${what.padEnd(62)} ${value.toFixed(2)}`);
  console.log(`${files.length} photos, ${os.availableParallelism()} cores, ${os.cpus()[0]?.model ?? ''}`);
  line('decode only, one decoder', decodeOne);
  line(`decode only, ${decoders} decoders`, decode);
  line('bare session, all cores', session);
  line(`whole pipeline, ${decoders} decoders`, whole.time);
  ratio('throughput against one decoder or the session, the slower', Math.max(decodeOne, session) / whole.time);
  ratio(`throughput against ${decoders} decoders or the session, the slower`, Math.max(decode, session) / whole.time);
  ratio('throughput against what the cores can do (both times added)', (decode + session) / whole.time);
  console.log(`peak memory of all processes (PSS): ${whole.peakMb.toFixed(0)} MB`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
