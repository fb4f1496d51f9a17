/**
 * `npm run dist`: makes the installable app in release/. With target names (`--dir --deb`, also tar.gz, AppImage, nsis,
 * dmg, zip) only those; without, all that this machine can make. `--fast` packs quickly instead of small.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { installedElectron, isTestRuntime } from './lib/electron-runtime.mjs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { inRoot, packageScript } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { giveUp, say } from './lib/say.mjs';

const platform = { linux: '--linux', darwin: '--mac', win32: '--win' }[process.platform];

function onPath(names) {
  const places = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':');
  return places.flatMap((place) => names.map((name) => `${place}/${name}`)).find((file) => existsSync(file));
}

/** Settings for electron-builder's environment: the system's own tools, where it would download some. */
function systemTools(fast) {
  const env = {};
  const sevenZip = onPath(['7za', '7z']);
  if (sevenZip) env.ELECTRON_BUILDER_7ZIP_PATH = sevenZip;
  if (!onPath(['fpm']) && onPath(['dpkg-deb'])) env.CUSTOM_FPM_PATH = inRoot('scripts', 'fpm-lite.mjs');
  else if (onPath(['fpm'])) env.USE_SYSTEM_FPM = 'true';
  // The highest level takes four times as long as 5 for a file 4 % smaller.
  env.ELECTRON_BUILDER_COMPRESSION_LEVEL = fast ? '1' : (process.env.ELECTRON_BUILDER_COMPRESSION_LEVEL ?? '5');
  return env;
}

/** Without target names: all of electron-builder.yml, but for what needs tools that only a networked machine can get. */
function defaultTargets() {
  if (process.platform !== 'linux' || !isTestRuntime()) return [];
  say('AppImage needs tools that could not be downloaded here; making the folder, the tar.gz and the deb.');
  return ['dir', 'tar.gz', ...(onPath(['dpkg-deb']) ? ['deb'] : [])];
}

/** A package of the test runtime says so in its name, so that nobody passes it on. */
function testRuntimeSettings() {
  if (!isTestRuntime()) return [];
  const settings = {
    electronDist: 'node_modules/electron/dist',
    electronVersion: installedElectron(),
    artifactName: '${name}-${version}-TESTRUNTIME-${os}-${arch}.${ext}',
  };
  return Object.entries(settings).map(([key, value]) => `-c.${key}=${value}`);
}

try {
  const words = process.argv.slice(2).map((word) => word.replace(/^--/, ''));
  const fast = words.includes('fast');
  const targets = words.filter((word) => word !== 'fast');
  ensureSetup('window');
  await ensureBuild();
  mkdirSync(inRoot('release'), { recursive: true });
  const args = [platform, ...(targets.length > 0 ? targets : defaultTargets()), ...testRuntimeSettings()];
  const builder = packageScript('electron-builder', 'cli.js');
  process.exitCode = await handOver(process.execPath, [builder, ...args, '--publish', 'never'], {
    cwd: inRoot(),
    env: systemTools(fast),
  });
} catch (error) {
  giveUp(error);
}
