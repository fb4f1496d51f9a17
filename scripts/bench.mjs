/**
 * `npm run bench`: makes the test photos where they are missing, then runs every bench/*.bench.ts, one after another,
 * on an otherwise idle machine at best. Names (`npm run bench -- pipeline`) run only those; `photos` makes the photos. What follows
 * the names from the first option on (`npm run bench -- quality --only judge`) is handed to the benchmark.
 */
import { readdirSync } from 'node:fs';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { inRoot } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { giveUp, say } from './lib/say.mjs';

const suffix = '.bench.ts';
/** What needs neither photos nor a window. */
const bare = new Set(['datasets-mnist.bench.ts', 'quality.bench.ts', 'training.bench.ts', 'workspace-open.bench.ts']);
/** What takes so long that it runs only when it is named. */
const long = new Set(['quality.bench.ts']);

function runScript(file, options = []) {
  return handOver(process.execPath, [inRoot('scripts', 'run-ts.mjs'), `bench/${file}`, ...options], { cwd: inRoot() });
}

/** The benchmarks to run; a name that fits none of them is an error, not a quiet nothing. */
function chosen(words) {
  const all = readdirSync(inRoot('bench')).filter((file) => file.endsWith(suffix));
  if (words.length === 0) return all.filter((file) => !long.has(file));
  const names = words.filter((word) => word !== 'photos').map((word) => `${word}${suffix}`);
  const unknown = names.find((name) => !all.includes(name));
  if (unknown) throw new Error(`There is no bench/${unknown}. There are: ${all.join(', ')}`);
  return names;
}

async function main(given) {
  const first = given.findIndex((word) => word.startsWith('--'));
  const [words, options] = first < 0 ? [given, []] : [given.slice(0, first), given.slice(first)];
  const files = chosen(words);
  const isBare = files.length > 0 && files.every((file) => bare.has(file));
  ensureSetup(isBare ? 'headless' : 'window');
  await ensureBuild();
  let code = isBare ? 0 : await runScript('make-photos.ts');
  for (const file of files) {
    say(`\n${file.slice(0, -suffix.length)}`);
    code = (await runScript(file, options)) || code;
  }
  return code;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  giveUp(error);
}
