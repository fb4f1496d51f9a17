/** Makes a checkout ready to run: packages, Electron runtime, system libraries, large data sets. Costs almost nothing when all is there. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { ensureDatasets } from './datasets.mjs';
import { installPackages, isDebianLike, missingPackages } from './debian.mjs';
import { ensureElectron } from './electron-runtime.mjs';
import { packagesMatch } from './lock-file.mjs';
import { inRoot } from './paths.mjs';
import { npm } from './run.mjs';
import { say } from './say.mjs';

const oldestNode = 20;

/** Throws on a Node that is too old, in words that say what to do. */
function checkNode() {
  const version = process.versions.node;
  if (Number(version.split('.')[0]) >= oldestNode) return;
  throw new Error(
    `Duet needs Node ${oldestNode} or newer; this is ${version}. See https://nodejs.org for a current one.`,
  );
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

function ensurePackages() {
  const lock = readJson(inRoot('package-lock.json'));
  const machine = `${process.platform} ${process.arch}\n`;
  const stamp = inRoot('node_modules', '.duet-setup');
  // Native packages fit one kind of machine; a checkout may be shared by two (a container and its host).
  const sameMachine = !existsSync(stamp) || readFileSync(stamp, 'utf8') === machine;
  if (!sameMachine || !packagesMatch(lock, readJson(inRoot('node_modules', '.package-lock.json')))) {
    say('Installing packages (npm ci)...');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], { show: true });
  }
  if (!existsSync(stamp)) writeFileSync(stamp, machine);
}

function ensureLibraries(tests) {
  if (process.platform !== 'linux') return [];
  if (!isDebianLike()) {
    if (tests) say('Not a Debian system: Xvfb, 7-Zip and the libraries of Chromium have to be there already.');
    return [];
  }
  return installPackages(missingPackages({ tests }), { isRoot: process.getuid() === 0 });
}

/**
 * Sets up what is missing. `level` says for what: 'headless' (packages only), 'window' (and Electron with its
 * libraries), 'tests' (and what the tests call). `retry` asks again for an Electron that could not be had before.
 * Returns the system packages that could not be installed.
 */
export function ensureSetup(level, { retry = false } = {}) {
  checkNode();
  ensurePackages();
  if (level !== 'headless') ensureElectron({ retry });
  const missing = level === 'headless' ? [] : ensureLibraries(level === 'tests');
  ensureDatasets({ retry });
  return missing;
}
