/** Every example for a few steps on tiny data of its kind, without a download: it runs to its end, and the loss falls. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import { uniforms } from '../tensor/random';
import { charGpt } from './char-gpt';
import { fineTune } from './fine-tune';
import { type LabelledPictures } from './lib/mnist';
import { ngramLoss } from './lib/ngram';
import type { Options, Report } from './lib/options';
import { ringPoints, ringQuality } from './lib/ring';
import { mnistCnn } from './mnist-cnn';
import { mnistCvae } from './mnist-cvae';
import { ringFlow } from './ring-flow';
import { ringGan } from './ring-gan';

const out = mkdtempSync(join(tmpdir(), 'duet-examples-'));
afterAll(() => {
  rmSync(out, { recursive: true });
  expect(liveSessions()).toBe(0);
});

const options: Options = { seed: 1, steps: 10, out };

/** Pictures of class k: a bright row, 2 k + 4 pixels from the top. */
function bars(count: number): LabelledPictures {
  const labels = Uint8Array.from({ length: count }, (_, k) => k % 10);
  const pixels = Uint8Array.from({ length: count * 784 }, (_, k) => {
    const row = Math.floor((k % 784) / 28);
    return row === 2 * labels[Math.floor(k / 784)]! + 4 ? 255 : 0;
  });
  return { pixels, labels };
}

const digits = { train: bars(40), test: bars(20) };

function expectProgress(report: Report, steps = 10): void {
  expect(report['steps']).toBe(steps);
  expect(report['lastLoss']).toBeLessThan(Number(report['firstLoss']));
}

function expectPicture(name: string): void {
  expect(readFileSync(join(out, name)).subarray(1, 4).toString()).toBe('PNG');
}

test.each(['plain', 'best'] as const)('mnist-cnn, %s', async (recipe) => {
  const report = await mnistCnn({ ...options, recipe }, digits, 20);
  expectProgress(report);
  expect(report['testAccuracy']).toBeGreaterThan(0.1); // by chance, it would be 0.1
});

test('mnist-cvae', async () => {
  const report = await mnistCvae(options, digits, 20);
  expectProgress(report);
  expect(report['testNegativeElbo']).toBeLessThan(Number(report['firstLoss']));
  expectPicture('mnist-cvae.png');
});

test('ring-gan', async () => {
  const report = await ringGan(options, 64);
  expectProgress(report);
  expectPicture('ring-gan.png');
});

test('ring-flow', async () => {
  const report = await ringFlow({ ...options, steps: 50 }, 256);
  expectProgress(report, 50);
  expectPicture('ring-flow.png');
});

test('char-gpt', async () => {
  const sizes = { batch: 4, context: 16, vocabulary: 0, layers: 1, heads: 2, width: 16 };
  const report = await charGpt(options, 'the cat sat on the mat, and the rat sat on the hat\n'.repeat(40), sizes);
  expectProgress(report);
  expect(existsSync(join(out, 'char-gpt.txt'))).toBe(true);
});

test('fine-tune', async () => {
  /** White, red, green or blue all over. */
  const plain = (kind: number): Float32Array =>
    Float32Array.from({ length: 3 * 32 * 32 }, (_, k) => (kind === 0 || Math.floor(k / 1024) === kind - 1 ? 1 : -1));
  const pictures = (count: number) => ({
    pixels: Array.from({ length: count }, (_, k) => plain(k % 4)),
    labels: Array.from({ length: count }, (_, k) => k % 4),
  });
  const report = await fineTune({ ...options, steps: 3 }, { train: pictures(24), test: pictures(12) }, 32);
  expect(report['steps']).toBe(3);
  expect(report['frozenAccuracy']).toBe(1);
  expect(report['testAccuracy']).toBeGreaterThan(0.5); // three steps of Adam shake a net
}, 180_000);

test('true points of the ring reach what the measure promises for them', () => {
  const { modesReached, shareWithin3Sigma, spread } = ringQuality(ringPoints({ seed: 0, stream: 0 }, 2500));
  expect(modesReached).toBe(8);
  expect(shareWithin3Sigma).toBeCloseTo(1 - Math.exp(-4.5), 2); // Rayleigh: P(r > 3 sigma) = exp(-9/2)
  expect(spread).toBeCloseTo(0.97, 1);
});

test('n-grams: symbols without a pattern cost log(kinds), a pattern costs next to nothing', () => {
  const noise = Uint8Array.from(uniforms({ seed: 0, stream: 0 }, 40_000, 0, 4), Math.floor);
  expect(ngramLoss(noise.subarray(0, 30_000), noise.subarray(30_000), 4, 3)).toBeCloseTo(Math.log(4), 2);
  const pattern = Uint8Array.from({ length: 400 }, (_, k) => k % 4);
  expect(ngramLoss(pattern.subarray(0, 300), pattern.subarray(300), 4, 2)).toBeLessThan(0.05);
});
