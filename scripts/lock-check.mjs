/** One of the checks of `npm test`: package-lock.json names the per-platform packages of every system. */
import { readFileSync } from 'node:fs';
import { missingFromLock } from './lib/lock-file.mjs';
import { inRoot } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

const missing = missingFromLock(JSON.parse(readFileSync(inRoot('package-lock.json'), 'utf8')));
say(missing.length === 0 ? 'The lock file is complete.' : `Missing from package-lock.json:\n${missing.join('\n')}`);
process.exitCode = missing.length === 0 ? 0 : 1;
