/** `npm run setup`: makes this checkout ready for `npm start`, or with --tests for `npm test` too. Can be run at any time. */
import { ensureSetup } from './lib/ensure-setup.mjs';
import { giveUp, say } from './lib/say.mjs';

try {
  const missing = ensureSetup(process.argv.includes('--tests') ? 'tests' : 'window', { retry: true });
  say(missing.length === 0 ? 'Ready.' : 'Ready, but for the system packages named above.');
} catch (error) {
  giveUp(error);
}
