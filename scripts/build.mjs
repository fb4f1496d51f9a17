/** `npm run build`: builds dist/ from an empty folder. */
import { ensureBuild } from './lib/ensure-build.mjs';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { giveUp } from './lib/say.mjs';

try {
  ensureSetup('headless');
  await ensureBuild({ force: true });
} catch (error) {
  giveUp(error);
}
