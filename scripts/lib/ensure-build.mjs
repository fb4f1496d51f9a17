/** Bundles the processes (esbuild) and the page (vite) into dist/, unless what is there is already of today's sources. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint } from './fingerprint.mjs';
import { licenceText, packagesOf, shippedPackages } from './licences.mjs';
import { distFolder, inRoot, root } from './paths.mjs';
import { say } from './say.mjs';

const entries = {
  main: 'electron/main/main.ts',
  preload: 'electron/preload/preload.ts',
  engine: 'electron/hosts/entries/engine.ts',
  compute: 'electron/hosts/entries/compute.ts',
  intake: 'electron/hosts/entries/intake.ts',
  quarantine: 'electron/hosts/entries/quarantine.ts',
  training: 'electron/hosts/entries/training.ts',
  duet: 'electron/cli/duet.ts',
};

const sources = [
  ...['electron', 'models', 'renderer', 'assets/fonts', 'scripts/lib'],
  ...['vite.config.mts', 'package.json', 'package-lock.json'],
];
const stamp = path.join(distFolder, '.built-from');

/** Node 18 is what the oldest Electron we start on has inside; a native import() would take a package's ESM half. */
async function bundleProcesses() {
  const { build } = await import('esbuild');
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(entries).map(([out, file]) => ({ in: file, out })),
    outdir: distFolder,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node18',
    supported: { 'dynamic-import': false },
    external: ['electron', 'onnxruntime-node', '@napi-rs/canvas', 'libsql'],
    sourcemap: true,
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

async function bundlePage() {
  const { build } = await import('vite');
  const modules = [];
  const collect = {
    name: 'collect-modules',
    generateBundle: (_options, bundle) => {
      for (const file of Object.values(bundle)) if (file.type === 'chunk') modules.push(...Object.keys(file.modules));
    },
  };
  await build({
    configFile: inRoot('vite.config.mts'),
    root: inRoot('renderer'),
    logLevel: 'warn',
    plugins: [collect],
  });
  return modules.map((id) => id.replace(/^\0/, ''));
}

/** Builds when a source has changed (or with `force`, from an empty folder). Returns whether it did. */
export async function ensureBuild({ force = false } = {}) {
  const wanted = fingerprint(sources);
  if (!force && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return false;
  rmSync(force ? distFolder : stamp, { recursive: true, force: true });
  say('Building...');
  const started = performance.now();
  const bundled = await Promise.all([bundleProcesses(), bundlePage()]);
  const folders = new Set([...packagesOf(bundled.flat()), ...shippedPackages()]);
  writeFileSync(path.join(distFolder, 'third-party-licences.txt'), licenceText([...folders]));
  writeFileSync(stamp, wanted);
  say(`Built in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
  return true;
}
