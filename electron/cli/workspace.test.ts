/** `duet workspace` of the built command line: on an untouched workspace, on a damaged one, and beside another Duet. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fill } from '../engine/storage/testing/made-workspace';
import { Workspace } from '../engine/storage/workspace';

const root = path.resolve(import.meta.dirname, '..', '..');
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-cli-workspace-'));
const folder = path.join(base, 'My workspace');
let hashes: string[] = [];
afterAll(() => rmSync(base, { recursive: true, force: true }));

beforeAll(async () => {
  // Builds what is missing, as `npm run duet` does.
  execFileSync(process.execPath, [path.join(root, 'scripts', 'duet.mjs'), '--version'], { stdio: 'pipe' });
  const workspace = await Workspace.open(folder);
  hashes = await fill(workspace, 2);
  // What `fill` calls a model is none, and an engine says so.
  rmSync(path.join(folder, 'models'), { recursive: true });
  await workspace.close();
}, 300_000);

interface Ended {
  code: number | null;
  out: string;
  err: string;
}

function duet(words: readonly string[], workspace = folder): Promise<Ended> {
  const all = [path.join(root, 'dist', 'duet.cjs'), 'workspace', ...words, '--workspace', workspace];
  const child = spawn(process.execPath, all, { cwd: base, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (text.out += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (text.err += chunk.toString('utf8')));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...text })));
}

const json = (text: string): unknown => JSON.parse(text);

test('info, verify, rebuild and backup of an untouched workspace', async () => {
  const info = await duet(['info', '--json']);
  expect(info).toMatchObject({ code: 0, err: '' });
  expect(json(info.out)).toMatchObject({ name: 'My workspace', path: folder, format: 1, findings: [] });
  const verified = await duet(['verify', '--progress']);
  expect(verified).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Read 6 objects, .*: all as written\.\n$/) as string,
  });
  expect(verified.err).toContain('Verifying: 100 %');
  expect(await duet(['rebuild'])).toMatchObject({
    code: 0,
    out: 'Made the index anew: 2 data sets, 0 jobs, 6 objects.\n',
  });
  expect(await duet(['backup', 'copy'])).toMatchObject({ code: 0, err: '' });
  expect(json((await duet(['verify', '--json'], path.join(base, 'copy'))).out)).toMatchObject({
    objects: 6,
    findings: [],
  });
  expect(await duet(['backup', 'copy'])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('copy is there already') as string,
  });
});

test('what is damaged or missing is named, and ends with 1', async () => {
  const [damaged = '', missing = ''] = hashes;
  const file = (hash: string) => path.join(folder, 'objects', hash.slice(0, 2), `${hash}.safetensors`);
  const kept = [readFileSync(file(damaged)), readFileSync(file(missing))] as const;
  writeFileSync(file(damaged), 'x');
  rmSync(file(missing));
  const { code, out } = await duet(['verify']);
  expect(code).toBe(1);
  expect(out).toContain(`damaged  objects/${damaged.slice(0, 2)}/${damaged}.safetensors is not what was once written`);
  expect(out).toContain(`missing  objects/${missing.slice(0, 2)}/${missing} is missing`);
  expect(out).toMatch(/: 2 findings\.\n$/);
  writeFileSync(file(damaged), kept[0]);
  writeFileSync(file(missing), kept[1]);
});

test('what nothing refers to is counted, then deleted; in doubt all stays, and it is said why', async () => {
  const workspace = await Workspace.open(folder);
  const unnamed = await workspace.objects.put(Buffer.from('of a data set that was removed'), 'bin');
  await workspace.close();
  const file = path.join(folder, 'objects', unnamed.slice(0, 2), `${unnamed}.bin`);
  const dry = await duet(['sweep', '--dry-run', '--json']);
  expect([dry.code, json(dry.out)]).toEqual([0, { objects: 1, bytes: 30 }]);
  const manifest = path.join(folder, 'datasets', 'tissue-slides-0', 'dataset.json');
  const kept = readFileSync(manifest);
  writeFileSync(manifest, '{"format":1');
  expect(await duet(['sweep', '--json'])).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('Nothing was swept, because datasets/tissue-slides-0/dataset.json') as string,
  });
  expect(existsSync(file)).toBe(true);
  writeFileSync(manifest, kept);
  expect(await duet(['sweep'])).toMatchObject({ code: 0, out: 'Deleted 1 object, 30 B.\n', err: '' });
  expect(existsSync(file)).toBe(false);
  expect(await duet(['sweep'])).toMatchObject({ code: 0, out: 'Deleted 0 objects, 0 B.\n' });
  expect((await duet(['verify'])).code).toBe(0);
});

test('beside another Duet that writes, looking works and rebuilding is refused with who it is', async () => {
  const other = await Workspace.open(folder, { program: 'The window of Duet' });
  const [verified, rebuilt] = await Promise.all([duet(['verify', '--json']), duet(['rebuild'])]);
  await other.close();
  expect(verified.code).toBe(0);
  expect(rebuilt).toMatchObject({ code: 1, out: '' });
  expect(rebuilt.err).toContain(`The window of Duet (process ${process.pid}`);
});

test('where there is none, none is made', async () => {
  const nowhere = path.join(base, 'nowhere');
  expect(await duet(['verify'], nowhere)).toMatchObject({ code: 1, out: '' });
  expect(existsSync(nowhere)).toBe(false);
});
