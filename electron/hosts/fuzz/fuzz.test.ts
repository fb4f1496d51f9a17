/** A thousand wounded files of each kind through a real intake process; `npm run fuzz` puts ten thousand. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fuzzKinds } from '../../engine/intake/datasets/hostile/fuzz-kinds';
import { createNodeHost } from '../node-host';
import { fuzzIntake } from './fuzz';
import { bundleIntake } from './intake-bundle';

const root = path.join(import.meta.dirname, '..', '..', '..');
/** In memory where there is such a place: every chunk is synced to the disk, and here only the readers are tried. */
const base = existsSync('/dev/shm') ? '/dev/shm' : os.tmpdir();
let folder = '';
let files = '';
beforeAll(() => {
  mkdirSync(path.join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(path.join(root, '.cache', 'fuzz-'));
  files = mkdtempSync(path.join(base, 'duet-fuzz-'));
  bundleIntake(root, folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(files, { recursive: true });
});

/** Some seconds each; ten times that where other programs take the cores. */
const patienceMs = 300_000;

describe('a thousand wounded files, each a result or an error', () => {
  test.each(Object.entries(fuzzKinds))(
    '%s',
    async (name, kind) => {
      const work = path.join(files, name);
      mkdirSync(work);
      const options = { root, host: createNodeHost(folder), folder: work, first: 0, count: 1000 };
      const { outcomes, deaths, defects } = await fuzzIntake(kind, options);
      expect({ deaths, defects }).toEqual({ deaths: [], defects: [] });
      // Not everything is refused, nor everything taken: the wounds are of a good size.
      const taken = outcomes.get('ok') ?? 0;
      expect(taken).toBeGreaterThan(20);
      expect(taken).toBeLessThan(980);
      expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(1000);
      rmSync(work, { recursive: true });
      expect([readdirSync(folder), readdirSync(files)]).toEqual([['intake.cjs'], []]);
    },
    patienceMs,
  );
});
