/** `npm start`: sets up and builds what is missing, then opens the window; without a display it runs the headless demo. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { electronBinary, installedElectron, isTestRuntime } from './lib/electron-runtime.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { distFolder, inRoot, root, scratchFolder } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { giveUp, say } from './lib/say.mjs';

function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function openWindow() {
  ensureSetup('window');
  await ensureBuild();
  if (isTestRuntime())
    say(`Running on the TEST runtime, Electron ${installedElectron()}: npm run setup tries again for the real one.`);
  // Chromium's sandbox cannot be set up by root, and Electron refuses to start as root with it.
  const env = process.platform === 'linux' && process.getuid() === 0 ? { ELECTRON_DISABLE_SANDBOX: '1' } : {};
  return handOver(electronBinary(), [root, ...process.argv.slice(2)], { env });
}

/** What the window does first, without a window: the sample photos are classified, the table printed, a report written. */
async function runDemo() {
  say('No display here, so no window: this is the headless demo.\n');
  ensureSetup('headless');
  await ensureBuild();
  const samples = inRoot('assets', 'samples');
  const report = path.join(scratchFolder, 'demo', 'report.html');
  mkdirSync(path.dirname(report), { recursive: true });
  const cli = path.join(distFolder, 'duet.cjs');
  const code = await handOver(process.execPath, [cli, 'classify', samples, '--report', report, '--force']);
  if (code === 0) say(`\nPhotos:  ${samples}\nReport:  ${report}`);
  return code;
}

try {
  process.exitCode = await (hasDisplay() ? openWindow() : runDemo());
} catch (error) {
  giveUp(error);
}
