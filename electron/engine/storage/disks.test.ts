/** Disks that are full or take no writing, and a migration that is killed: what was acknowledged is there, the rest is told. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { manifestBytes } from './manifest';
import { formatOf, migrate, migrations } from './migrate';
import { isNetworkType } from './network-drive';
import { bundle, runNode, strikeEach } from './testing/child';
import { fill } from './testing/made-workspace';
import { Workspace } from './workspace';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-disks-'));
let bundled: ReturnType<typeof bundle>;
let folder = '';
let number = 0;
beforeAll(() => {
  bundled = bundle('disks', 'workspace.ts', 'durable-write.ts');
});
beforeEach(() => {
  folder = path.join(base, String(++number));
  mkdirSync(folder);
});
afterAll(() => {
  bundled.remove();
  rmSync(base, { recursive: true, force: true });
});

const at = (name: string) => path.join(folder, name);
const quoted = (name: string) => JSON.stringify(at(name));

test('a disk that fills up: nothing that was saved is lost, nothing else is called saved, and it goes on once there is space', () => {
  const script = `
    import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
    import * as z from 'zod';
    import { durableWrite, Workspace } from ${bundled.module};
    const root = ${quoted('Duet')};
    const schema = z.strictObject({ n: z.int(), text: z.string() });
    const code = (work) => work.then(() => 'saved', (error) => error.code);
    const fillUp = () => {
      for (let i = 0; ; i++) {
        try { writeFileSync(${quoted('filler')} + i, Buffer.alloc(16384)); } catch { break; }
      }
    };
    const makeSpace = () => { for (const name of readdirSync(${JSON.stringify(folder)})) if (name.startsWith('filler')) rmSync(${quoted('')} + '/' + name); };

    const workspace = await Workspace.open(root);
    const { journal } = await workspace.openJournal('jobs/journal.jsonl', schema);
    const hash = await workspace.objects.put(Buffer.alloc(20000, 'a'), 'bin');
    await durableWrite(root + '/settings.json', Buffer.alloc(9000, 'o'));
    fillUp();
    rmSync(${quoted('filler')} + 0);
    const saved = [];
    const refused = new Set();
    for (let n = 0; n < 30; n++) {
      const text = 'x'.repeat(900);
      const how = await code(journal.append({ n, text }));
      if (how === 'saved') saved.push(n); else refused.add(how);
    }
    const put = await code(workspace.objects.put(Buffer.alloc(50000, 'b'), 'bin'));
    const replaced = await code(durableWrite(root + '/settings.json', Buffer.alloc(60000, 'n')));
    const settings = readFileSync(root + '/settings.json', 'utf8');
    for (let i = 0; i < 3000; i++) workspace.index.upsertJob({ id: 'j' + i, kind: 'dataset.import', title: 'x'.repeat(100), state: 'done', addedAt: 0, endedAt: 0 });
    await workspace.close();

    const full = await Workspace.open(root);
    const whileFull = { mode: full.info().mode, isRead: (await full.objects.read(hash)).length, counts: full.index.counts().objects };
    await full.close();

    makeSpace();
    const again = await Workspace.open(root);
    const opened = await again.openJournal('jobs/journal.jsonl', schema);
    const records = opened.records.map(({ n }) => n);
    const more = await code(opened.journal.append({ n: 99, text: '' }));
    const late = await code(again.objects.put(Buffer.alloc(50000, 'b'), 'bin'));
    console.log(JSON.stringify({
      isAllThere: JSON.stringify(records) === JSON.stringify(saved), saved: saved.length, refused: [...refused], put, replaced,
      isOldKept: settings === 'o'.repeat(9000), staging: readdirSync(root + '/staging'), whileFull, more, late, mode: again.info().mode,
      findings: again.findings.length, lost: opened.records.length - records.length,
    }));
    await again.close();
  `;
  const { lines, err } = runNode(script, { mounts: `mount -t tmpfs -o size=1m tmpfs ${folder}` });
  expect(lines, err).toHaveLength(1);
  const found = JSON.parse(lines[0]!) as Record<string, unknown>;
  expect(found).toMatchObject({
    isAllThere: true,
    saved: expect.toSatisfy((count: number) => count > 3 && count < 30) as number,
    refused: ['file/disk-full'],
    put: 'file/disk-full',
    replaced: 'file/disk-full',
    isOldKept: true,
    whileFull: { isRead: 20_000, counts: 1 },
    more: 'saved',
    late: 'saved',
    mode: 'writable',
    findings: 0,
  });
});

test('a disk that takes no writing: everything can be read, and the reason is told', async () => {
  const workspace = await Workspace.open(at('Duet'));
  const [hash = ''] = await fill(workspace, 2);
  await workspace.close();
  const script = `
    import { Workspace } from ${bundled.module};
    const workspace = await Workspace.open(${quoted('Duet')});
    const { mode, reason, format } = workspace.info();
    const put = await workspace.objects.put(Buffer.from('x'), 'txt').catch((error) => error.code);
    const bytes = (await workspace.objects.read('${hash}')).length;
    console.log(JSON.stringify({ mode, reason, format, put, bytes, counts: workspace.index.counts() }));
    await workspace.close();
  `;
  const mounts = `mount --bind ${folder} ${folder} && mount -o remount,bind,ro ${folder}`;
  const { lines, err } = runNode(script, { mounts });
  expect(lines, err).toHaveLength(1);
  expect(JSON.parse(lines[0]!)).toMatchObject({
    mode: 'read-only',
    reason: expect.stringContaining('its disk takes no writing') as string,
    format: 1,
    put: 'workspace/read-only',
    counts: { datasets: 2, objects: 6 },
  });
});

/** A workspace as Duet made it before it had a format. */
function beforeFormats(): void {
  mkdirSync(at('Duet/models'), { recursive: true });
  writeFileSync(at('Duet/models/colours.onnx'), 'a model');
  writeFileSync(at('Duet/settings.json'), '{"format":1}');
}

test('the migration of a workspace from before formats, killed at every call that writes', async () => {
  const checks: (() => Promise<void>)[] = [];
  const calls = ['pwrite64', 'fsync', 'fdatasync', 'rename', 'link', 'ftruncate', 'mkdir', 'unlink'];
  const strikes = strikeEach(calls, 'error=EIO:signal=KILL', {
    prepare: () => {
      folder = path.join(base, String(++number));
      beforeFormats();
    },
    script: () => `
      import { Workspace } from ${bundled.module};
      const workspace = await Workspace.open(${quoted('Duet')});
      console.log('saved', workspace.info().format);
      await workspace.close();
    `,
    check: ({ inject, ended }) => {
      const here = folder;
      checks.push(async () => {
        folder = here;
        const before = await formatOf(at('Duet'));
        if (ended.lines.includes('saved 1')) expect(before, inject).toBe(1);
        const workspace = await Workspace.open(at('Duet'));
        expect(workspace.info(), inject).toMatchObject({ mode: 'writable', format: 1, findings: [] });
        await workspace.close();
        expect(readFileSync(at('Duet/models/colours.onnx'), 'utf8')).toBe('a model');
        expect(readFileSync(at('Duet/settings.json'), 'utf8')).toBe('{"format":1}');
        expect(readFileSync(at('Duet/backups/format-0/settings.json'), 'utf8')).toBe('{"format":1}');
        expect(existsSync(at('Duet/transaction'))).toBe(false);
      });
    },
  });
  expect(strikes).toBeGreaterThan(25);
  for (const check of checks) await check();
}, 300_000);

test('steps follow one another, each after a copy of what it changes', async () => {
  beforeFormats();
  const next = {
    from: 1,
    plan: () =>
      Promise.resolve({
        writes: [
          { path: 'duet.json', bytes: Buffer.from(JSON.stringify({ format: 2, id: 'x' })) },
          { path: 'settings.json', bytes: Buffer.from('{"format":2}') },
        ],
        removes: ['models/colours.onnx'],
      }),
  };
  await migrate(at('Duet'), 2, [...migrations, next]);
  expect(await formatOf(at('Duet'))).toBe(2);
  expect(readFileSync(at('Duet/settings.json'), 'utf8')).toBe('{"format":2}');
  expect(existsSync(at('Duet/models/colours.onnx'))).toBe(false);
  expect(readFileSync(at('Duet/backups/format-1/models/colours.onnx'), 'utf8')).toBe('a model');
  expect(readFileSync(at('Duet/backups/format-1/duet.json'), 'utf8')).toContain('"format": 1');
  await expect(migrate(at('Duet'), 3, migrations)).rejects.toMatchObject({ code: 'workspace/damaged' });
});

test('a transaction whose plan was tampered with leads nowhere outside', async () => {
  const workspace = await Workspace.open(at('Duet'));
  await workspace.close();
  mkdirSync(at('Duet/transaction'));
  writeFileSync(at('Duet/transaction/0'), manifestBytes({ format: 1, id: 'x', createdAt: 0 }));
  const writes = [{ path: '../outside.json', staged: '0', hash: '0'.repeat(64) }];
  writeFileSync(at('Duet/transaction/plan.json'), JSON.stringify({ writes, removes: [] }));
  await expect(Workspace.open(at('Duet'))).rejects.toMatchObject({ code: 'workspace/damaged' });
  expect(existsSync(at('outside.json'))).toBe(false);
  expect(existsSync(at('Duet/lock'))).toBe(false);
});

test('network drives are known by their number, and nothing else is one', () => {
  // NFS, SMB2 (signed, as some systems give it), FUSE; ext4, tmpfs, Btrfs, overlay.
  expect([0x6969, 0xfe53_4d42 | 0, 0x6573_5546].map(isNetworkType)).toEqual([true, true, true]);
  expect([0xef53, 0x0102_1994, 0x9123_683e | 0, 0x794c_7630].map(isNetworkType)).toEqual([false, false, false, false]);
});
