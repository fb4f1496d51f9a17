/** A hundred kills of an engine, alone or with its process group: nothing that it acknowledged is lost or done twice. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { soak } from './lib/soak';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-soak-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

test('100 SIGKILLs at random moments: every workspace opens, no acknowledged result is lost, no work is done twice', async () => {
  const scratch = path.join('.cache', 'soak-test');
  const report = await soak({ kills: 100, seed: 5, workspace: path.join(base, 'workspace'), scratch });
  expect(report.broken).toEqual([]);
  expect(report.kills.engine + report.kills.group).toBe(100);
  expect(report.kills.group).toBeGreaterThan(20);
  expect(report.done).toBeGreaterThan(50);
  expect(report.shards).toBeGreaterThan(200);
}, 300_000);
