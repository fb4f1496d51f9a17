// Runs a TypeScript script: node scripts/run-ts.mjs scripts/NAME.ts [ARGUMENT...]
import { spawnSync } from 'node:child_process';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [entry, ...rest] = process.argv.slice(2);
if (entry === undefined) {
  console.error('Usage: node scripts/run-ts.mjs SCRIPT.ts [ARGUMENT...]');
  process.exit(2);
}
const outfile = join(root, '.cache/scripts', basename(entry).replace(/\.m?ts$/, '.mjs'));
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  sourcemap: 'inline',
  logLevel: 'warning',
});
const { status, signal } = spawnSync(process.execPath, ['--enable-source-maps', outfile, ...rest], {
  stdio: 'inherit',
});
process.exitCode = signal === null ? (status ?? 1) : 1;
