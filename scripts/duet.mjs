/** `npm run duet -- ...`: the command line from a checkout. What it sets up or builds first goes to stderr only. */
import path from 'node:path';
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { distFolder } from './lib/paths.mjs';
import { handOver } from './lib/run.mjs';
import { giveUp } from './lib/say.mjs';

try {
  ensureSetup('headless');
  await ensureBuild();
  process.exitCode = await handOver(process.execPath, [path.join(distFolder, 'duet.cjs'), ...process.argv.slice(2)]);
} catch (error) {
  giveUp(error);
}
