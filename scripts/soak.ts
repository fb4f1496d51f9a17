/** `npm run soak [KILLS] [SEED]`: kills an engine 1,000 times at random moments; fails when it broke one promise. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { soak } from './lib/soak';

const [kills = 1000, seed = 1] = process.argv.slice(2).map(Number);
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-soak-'));
const report = await soak({
  kills,
  seed,
  workspace: path.join(base, 'workspace'),
  scratch: path.join('.cache', 'soak'),
  onKill: (done) => {
    if (done % 50 === 0) console.log(`${done} of ${kills}`);
  },
});
console.log(JSON.stringify(report, undefined, 2));
if (report.broken.length > 0) {
  console.log(`Broken. The workspace is kept in ${base}; the seed is ${seed}.`);
  process.exitCode = 1;
} else rmSync(base, { recursive: true });
