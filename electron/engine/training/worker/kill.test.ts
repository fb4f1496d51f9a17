/** A training that is killed at any moment and goes on ends with the same weights, bit for bit, on one thread. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Family } from '../../../contract/model-card';
import type { TrainingOrder } from '../../../contract/training-worker';
import { hostTensor } from '../../../../models/tensor/host-tensor';
import { randomBits, uniforms } from '../../../../models/tensor/random';
import { writeSafetensors } from '../../../../models/tensor/safetensors';
import { configured } from '../../../../models/zoo/families';
import { packFormat } from '../../datasets/pack-writer';
import { flattened } from '../settings-paths';
import { readCheckpoint } from './checkpoint';

const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');
const bundled = path.join(root, '.cache', 'training-tests', String(process.pid));
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-training-kill-'));
const samples = 60;
const steps = 30;

beforeAll(() => {
  mkdirSync(bundled, { recursive: true });
  const words = ['--bundle', '--platform=node', '--format=cjs', '--external:onnxruntime-node', '--external:@napi-rs/canvas', '--external:libsql', `--outfile=${bundled}/worker.cjs`]; // prettier-ignore
  execFileSync(
    process.execPath,
    [path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild'), ...words, '--log-level=warning'],
    { input: `export { trainingHandlers } from './electron/engine/training/worker/service';`, cwd: root },
  );
  const pixels = Uint8Array.from(uniforms({ seed: 1, stream: 1 }, samples * 64), (u, at) => 255 * (0.3 * u + 0.07 * (Math.floor(at / 64) % 10))); // prettier-ignore
  const images = { images: hostTensor('uint8', [samples, 8, 8, 1], pixels) };
  writeFileSync(path.join(base, 'pack'), writeSafetensors(images, { format: packFormat }));
  const columns = {
    label: hostTensor(
      'int32',
      [samples],
      Int32Array.from({ length: samples }, (_, k) => k % 10),
    ),
    split: hostTensor(
      'uint8',
      [samples],
      Uint8Array.from({ length: samples }, (_, k) => (k < 50 ? 0 : 1)),
    ),
    excluded: hostTensor('uint8', [samples], new Uint8Array(samples)),
  };
  writeFileSync(path.join(base, 'columns'), writeSafetensors(columns, {}));
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
  rmSync(bundled, { recursive: true, force: true });
});

function orderFor(name: string, family: Family, settings: object): TrainingOrder {
  const folder = path.join(base, name);
  const sheets = path.join(base, `${name}-sheets`);
  for (const one of [folder, sheets]) mkdirSync(one);
  return {
    folder, sheets, family,
    // One file for all: another choice of formulations would round in another way.
    tuning: path.join(base, `${family}-tuning.json`),
    data: {
      packs: [{ file: path.join(base, 'pack'), count: samples }],
      columns: path.join(base, 'columns'),
      classes: Array.from({ length: 10 }, (_, digit) => String(digit)),
      kind: 'image',
      features: [],
    },
    settings: flattened(configured(family, settings).config),
    budget: { unit: 'steps', amount: steps },
    seed: 3,
    judge: null,
    threads: 1,
    isToEnd: false,
  }; // prettier-ignore
}

/**
 * Runs the order in a process of its own that kills itself when its clock is read for the `killAt`th time: several times a step. That clock
 * goes so fast that a checkpoint is written every few steps. Returns the last step that was reported as durable, and whether the run ended.
 */
function attempt(order: TrainingOrder, killAt: number): { saved: number; hasEnded: boolean } {
  const script = `
    const { trainingHandlers } = require(${JSON.stringify(path.join(bundled, 'worker.cjs'))});
    let reads = 0;
    const now = () => {
      if (++reads === ${killAt}) process.kill(process.pid, 'SIGKILL');
      return reads * 1700;
    };
    const emit = (name, event) => { if (name === 'saved') require('fs').writeSync(1, 'saved ' + event.step + '\\n'); };
    const handlers = trainingHandlers(emit, now);
    handlers.run(${JSON.stringify(order)}, { signal: new AbortController().signal, progress() {} })
      .then(() => handlers.dispose()).then(() => require('fs').writeSync(1, 'ended\\n'));
  `;
  const { stdout, stderr, status, signal } = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    cwd: root,
  });
  const isKill = signal === 'SIGKILL';
  expect({ isGood: isKill || status === 0, stderr: isKill ? '' : stderr }).toEqual({ isGood: true, stderr: '' });
  return {
    saved: Number(
      stdout
        .match(/saved \d+/g)
        ?.at(-1)
        ?.slice(6) ?? 0,
    ),
    hasEnded: stdout.includes('ended'),
  };
}

async function weightsOf({ folder }: TrainingOrder) {
  const checkpoint = await readCheckpoint(folder, () => undefined);
  expect(checkpoint?.progress.step).toBe(steps);
  return checkpoint?.tensors;
}

const models = {
  classifier: {
    network: 'cnn',
    width: 4,
    hidden: 16,
    batch: 16,
    dropout: 0.2,
    average: 0.9,
    augmentation: { shift: 1 },
  },
  gan: { width: 4, hidden: 8, latent: 4, batch: 8, penaltyEvery: 2 },
} as const;

test.each(['classifier', 'gan'] as const)('a %s that is killed again and again', async (family) => {
  const whole = orderFor(`${family}-whole`, family, models[family]);
  expect(attempt(whole, -1)).toEqual({ saved: steps, hasEnded: true });
  const killed = orderFor(`${family}-killed`, family, models[family]);
  let last = { saved: 0, hasEnded: false };
  for (let turn = 0; turn < 3; turn++) {
    const [random] = randomBits({ seed: 11, stream: turn }, family.length);
    const now = attempt(killed, 25 + (random % 35));
    expect(now.hasEnded).toBe(false);
    if (now.saved > 0) last = now;
  }
  expect(last.saved).toBeGreaterThan(0);
  expect(last.saved).toBeLessThan(steps);
  expect(attempt(killed, -1).hasEnded).toBe(true);
  expect(await weightsOf(killed)).toEqual(await weightsOf(whole));
}, 120_000); // prettier-ignore
