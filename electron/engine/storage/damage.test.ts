/** A damaged index or log, at 500 seeded places: found at opening or harmless, made anew, and never the end of the process. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seeded } from '../intake/testing/pictures';
import { bundle, runNode } from './testing/child';
import { fill } from './testing/made-workspace';
import { Workspace } from './workspace';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-damage-'));
const clean = path.join(base, 'clean');
let bundled: ReturnType<typeof bundle>;
/** All rows, as made from the files alone. */
let truth = '';
const jobs = Array.from({ length: 40 }, (_, i) => ({
  id: `j${i}`,
  kind: 'dataset.import',
  title: `Import ${i}`,
  state: 'done',
  addedAt: i,
  endedAt: i + 1,
}));

beforeAll(async () => {
  bundled = bundle('damage', 'workspace.ts');
  const workspace = await Workspace.open(clean);
  await fill(workspace, 12);
  await workspace.close();
  // The log of a process that was killed: what it holds is not in the database yet.
  const script = `
    import { Workspace } from ${bundled.module};
    const { index } = await Workspace.open(${JSON.stringify(clean)});
    index.followJobs(() => ${JSON.stringify(jobs)});
    console.log(JSON.stringify(index.rows()));
    process.kill(process.pid, 'SIGKILL');
  `;
  const { lines, signal } = runNode(script);
  expect(signal).toBe('SIGKILL');
  truth = lines[0] ?? '';
  expect(readdirSync(clean)).toContain('index.sqlite-wal');
});
afterAll(() => {
  bundled.remove();
  rmSync(base, { recursive: true, force: true });
});

const random = seeded(20_261_125);

/** Flips a byte, writes over a stretch, or cuts the file. */
function damage(file: string): string {
  const bytes = readFileSync(file);
  const place = Math.floor(random() * bytes.length);
  const kind = ['flip', 'flip', 'stretch', 'cut'][Math.floor(random() * 4)] ?? '';
  if (kind === 'cut') truncateSync(file, place);
  else {
    const length = kind === 'flip' ? 1 : 1 + Math.floor(random() * 600);
    for (let i = place; i < Math.min(bytes.length, place + length); i++)
      bytes[i] = (bytes[i] ?? 0) ^ (1 + Math.floor(random() * 255));
    writeFileSync(file, bytes);
  }
  return `${kind} at ${place} of ${path.basename(file)}`;
}

const at = (name: string) => path.join(clean, name);
const isTrue = (workspace: Workspace) => JSON.stringify(workspace.index.rows()) === truth;

/** Opens, compares with the files, closes; twice, for what was mended must stay so. */
async function openTwice(where: string): Promise<boolean> {
  const workspace = await Workspace.open(clean);
  workspace.index.followJobs(() => jobs);
  expect(isTrue(workspace), where).toBe(true);
  const isFound = workspace.findings.length > 0;
  for (const { kind, failure } of workspace.findings)
    expect([kind, failure.code], where).toEqual(['index', 'workspace/damaged']);
  await workspace.close();
  const again = await Workspace.open(clean);
  again.index.followJobs(() => jobs);
  expect(again.findings, where).toEqual([]);
  expect(isTrue(again), where).toBe(true);
  await again.close();
  return isFound;
}

function restore(kept: ReadonlyMap<string, Buffer>): void {
  for (const name of readdirSync(clean)) if (/^(index|lock)/.test(name)) rmSync(at(name));
  for (const [name, bytes] of kept) writeFileSync(at(name), bytes);
}

function keep(): Map<string, Buffer> {
  const names = readdirSync(clean).filter((name) => /^index\.(seal|sqlite)/.test(name) && !name.endsWith('-shm'));
  return new Map(names.map((name) => [name, readFileSync(at(name))]));
}

test('what a kill left is not believed, damaged or not: 250 places', async () => {
  const kept = keep();
  expect([...kept.keys()]).toEqual(['index.sqlite', 'index.sqlite-wal']);
  for (let round = 0; round < 250; round++) {
    restore(kept);
    const where = damage(at(round % 2 === 0 ? 'index.sqlite' : 'index.sqlite-wal'));
    expect(await openTwice(where), where).toBe(false);
  }
}, 300_000);

test('damage to a closed index is found wherever it is, and the damaged one kept aside: 250 places', async () => {
  await openTwice('as it was left');
  const kept = keep();
  expect([...kept.keys()].filter((name) => !name.endsWith('-wal'))).toEqual(['index.seal', 'index.sqlite']);
  for (let round = 0; round < 250; round++) {
    restore(kept);
    const where = damage(at('index.sqlite'));
    const bytes = readFileSync(at('index.sqlite'));
    // Cut to nothing, it is as good as deleted.
    expect(await openTwice(where), where).toBe(bytes.length > 0);
    if (bytes.length > 0) expect(readFileSync(at('index.damaged.sqlite')).equals(bytes), where).toBe(true);
  }
}, 300_000);

test('a missing index, one of another Duet, and a log that somebody put beside it', async () => {
  const kept = keep();
  restore(new Map());
  expect(await openTwice('deleted')).toBe(false);
  restore(kept);
  writeFileSync(at('index.seal'), JSON.stringify({ schema: 99, hash: '', bytes: 0 }));
  expect(await openTwice('of another Duet')).toBe(false);
  restore(kept);
  writeFileSync(at('index.sqlite-wal'), 'not empty');
  expect(await openTwice('a foreign log')).toBe(true);
  restore(kept);
  writeFileSync(at('index.seal'), '{"schema"');
  expect(await openTwice('a damaged seal')).toBe(true);
});
