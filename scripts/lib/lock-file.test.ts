/** Tests of what is read out of the lock file. */
import { expect, test } from 'vitest';
import { missingFromLock, packagesMatch } from './lock-file.mjs';

const lock = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/canvas': {
      version: '1.0.0',
      optionalDependencies: { 'canvas-linux': '1.0.0', 'canvas-mac': '1.0.0' },
    },
    'node_modules/canvas-linux': { version: '1.0.0', optional: true },
    'node_modules/canvas/node_modules/canvas-mac': { version: '1.0.0', optional: true },
    'node_modules/zod': { version: '4.0.0' },
  },
};

test('an installation fits when every package that is not optional has the locked version', () => {
  const installed = {
    packages: { 'node_modules/canvas': { version: '1.0.0' }, 'node_modules/zod': { version: '4.0.0' } },
  };
  expect(packagesMatch(lock, installed)).toBe(true);
  expect(packagesMatch(lock, { packages: { ...installed.packages, 'node_modules/zod': { version: '3.9.9' } } })).toBe(
    false,
  );
  expect(packagesMatch(lock, { packages: { 'node_modules/zod': { version: '4.0.0' } } })).toBe(false);
  expect(packagesMatch(lock, undefined)).toBe(false);
});

test('a platform package that is asked for but not locked is named', () => {
  expect(missingFromLock(lock)).toEqual([]);
  const short = Object.entries(lock.packages).filter(([place]) => place !== 'node_modules/canvas-linux');
  expect(missingFromLock({ packages: Object.fromEntries(short) })).toEqual([
    'canvas-linux, asked for by node_modules/canvas',
  ]);
});
