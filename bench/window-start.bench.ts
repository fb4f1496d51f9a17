/** From process start to a window with something in it: the studio against a hello-world page on the same runtime, in turn. */
import { _electron } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const rounds = 7;
const asRoot = process.getuid?.() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {};

function environment(): Record<string, string> {
  const kept: Record<string, string> = { ...asRoot };
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) kept[name] = value;
  return kept;
}

/** Milliseconds until `shown` is on the page. */
async function start(cwd: string, args: string[], shown: string): Promise<number> {
  const started = performance.now();
  const app = await _electron.launch({ args: ['.', ...args], cwd, env: environment() });
  const page = await app.firstWindow();
  await page.getByText(shown).first().waitFor();
  const time = performance.now() - started;
  await app.close();
  return time;
}

function helloWorld(folder: string): void {
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "hello", "version": "1.0.0", "main": "main.cjs" }');
  writeFileSync(path.join(folder, 'index.html'), '<!doctype html><title>Hello</title><p>Hello</p>');
  const main = `const { app, BrowserWindow } = require('electron');
app.on('window-all-closed', () => app.quit());
app.whenReady().then(() => { const window = new BrowserWindow({ width: 1280, height: 800, show: false });
  window.once('ready-to-show', () => window.show()); window.loadFile('index.html'); });`;
  writeFileSync(path.join(folder, 'main.cjs'), main);
}

function median(values: number[]): number {
  return [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-start-'));
try {
  helloWorld(folder);
  const profile = [`--user-data-dir=${path.join(folder, 'profile')}`, `--workspace=${path.join(folder, 'workspace')}`];
  const hello = [`--user-data-dir=${path.join(folder, 'hello')}`];
  // The first start of each makes its profile and shows the samples; it does not count.
  await start(process.cwd(), profile, 'everyday-1000');
  await start(folder, hello, 'Hello');
  const times: { studio: number[]; engine: number[]; hello: number[] } = { studio: [], engine: [], hello: [] };
  for (let round = 0; round < rounds; round++) {
    times.hello.push(await start(folder, hello, 'Hello'));
    times.studio.push(await start(process.cwd(), profile, 'Classify'));
    times.engine.push(await start(process.cwd(), profile, 'everyday-1000'));
  }
  console.log(`medians of ${rounds} starts, in turn, driver included`);
  console.log(`hello world             ${median(times.hello).toFixed(0)} ms`);
  console.log(
    `studio, page shown      ${median(times.studio).toFixed(0)} ms, ratio ${(median(times.studio) / median(times.hello)).toFixed(2)}`,
  );
  console.log(
    `studio, models loaded   ${median(times.engine).toFixed(0)} ms, ratio ${(median(times.engine) / median(times.hello)).toFixed(2)}`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
