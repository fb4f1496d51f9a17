/**
 * `npm run fuzz`: ten thousand wounded files of each kind through the intake process. Words choose kinds, `--count N` and
 * `--first SEED` which ones: `npm run fuzz -- zip png --count 500 --first 20000`. Ends with 1 where one was no result and no error.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fuzzKinds } from '../electron/engine/intake/datasets/hostile/fuzz-kinds';
import { fuzzIntake, type FuzzReport } from '../electron/hosts/fuzz/fuzz';
import { bundleIntake } from '../electron/hosts/fuzz/intake-bundle';
import { createNodeHost } from '../electron/hosts/node-host';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '10000' }, first: { type: 'string', default: '0' } },
});

function print(name: string, { outcomes, deaths, defects }: FuzzReport, seconds: number): void {
  const counts = [...outcomes].sort((a, b) => b[1] - a[1]).map(([code, count]) => `${code} ${count}`);
  console.log(`${name.padEnd(8)} ${seconds.toFixed(0).padStart(5)} s  ${counts.join(', ')}`);
  if (deaths.length > 0) console.log(`  the process died of the seeds ${deaths.slice(0, 50).join(', ')}`);
  for (const { seed, what } of defects.slice(0, 50)) console.log(`  seed ${seed}: ${what}`);
}

async function main(): Promise<number> {
  const unknown = positionals.find((name) => !(name in fuzzKinds));
  if (unknown !== undefined) throw new Error(`There is no ${unknown}. There are: ${Object.keys(fuzzKinds).join(', ')}`);
  const root = process.cwd();
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(path.join(root, '.cache', 'fuzz-'));
  let defects = 0;
  try {
    bundleIntake(root, folder);
    for (const [name, kind] of Object.entries(fuzzKinds)) {
      if (positionals.length > 0 && !positionals.includes(name)) continue;
      const work = path.join(folder, name);
      mkdirSync(work);
      const started = performance.now();
      const [first, count] = [Number(values.first), Number(values.count)];
      const report = await fuzzIntake(kind, { root, host: createNodeHost(folder), folder: work, first, count });
      print(name, report, (performance.now() - started) / 1000);
      defects += report.defects.length;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return defects > 0 ? 1 : 0;
}

process.exitCode = await main();
