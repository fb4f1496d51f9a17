/** Fetching from the registry: what has another hash than expected is refused and leaves nothing behind. */
import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { fetchPackage } from './fetch-package.mjs';

const cache = '.cache/packages';

test('a package of another hash is refused and not kept', () => {
  const wrong = `sha512-${'A'.repeat(86)}==`;
  expect(() => fetchPackage('is-number@7.0.0', wrong, ['package.json'])).toThrow(
    /is-number@7\.0\.0 has integrity sha512-.*, expected sha512-AAAA/,
  );
  const left = existsSync(cache) ? readdirSync(cache).filter((name) => name.startsWith('is-number')) : [];
  expect(left).toEqual([]);
}, 120_000);
