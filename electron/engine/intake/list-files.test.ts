/** Walking folders with everything odd that a file system can hold. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FoundFile } from '../../contract/workers';
import { asNobody } from './testing/as-nobody';
import { listFiles, naturally } from './list-files';

const isPosix = process.platform !== 'win32';
let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'list-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const put = (name: string, content = 'x'): void => {
  mkdirSync(join(dir, name, '..'), { recursive: true });
  writeFileSync(join(dir, name), content);
};

async function list(roots = [dir], maxFiles = 1000) {
  const files: FoundFile[] = [];
  const batches: number[] = [];
  const reply = await listFiles({
    roots,
    maxFiles,
    signal: new AbortController().signal,
    found: (batch) => {
      files.push(...batch);
      batches.push(batch.length);
    },
  });
  return { ...reply, all: files, batches, names: files.map((one) => one.name) };
}

const codes = (files: FoundFile[]): Record<string, string> =>
  Object.fromEntries(files.map((one) => [one.name, one.refused?.code ?? 'ok']));

describe('listFiles', () => {
  test('lists a folder by files, then folders, in natural order', async () => {
    for (const name of ['b10.jpg', 'b2.jpg', 'A1.jpg', 'sub/inner/z.jpg', 'sub/y.jpg', 'sub10/q.jpg', 'sub2/p.jpg'])
      put(name);
    const { names, files, ignored, all } = await list();
    expect(names).toEqual(['A1.jpg', 'b2.jpg', 'b10.jpg', 'sub/y.jpg', 'sub/inner/z.jpg', 'sub2/p.jpg', 'sub10/q.jpg']);
    expect({ files, ignored }).toEqual({ files: 7, ignored: 0 });
    expect(all[3]).toEqual({ path: join(dir, 'sub', 'y.jpg'), name: 'sub/y.jpg', bytes: 1 });
  });

  test('takes single files, several roots, each once', async () => {
    put('one.jpg');
    put('.hidden.jpg');
    const [one, hidden] = [join(dir, 'one.jpg'), join(dir, '.hidden.jpg')];
    expect((await list([one, hidden, one])).names).toEqual(['one.jpg', '.hidden.jpg']);
    expect(codes((await list([join(dir, 'gone.jpg')])).all)).toEqual({ 'gone.jpg': 'file/missing' });
  });

  test('counts what systems leave behind, but does not list it', async () => {
    for (const name of ['.DS_Store', 'Thumbs.db', 'Desktop.ini', '__MACOSX/._a.jpg', '.git/b.jpg', 'a.jpg']) put(name);
    expect(await list()).toMatchObject({ names: ['a.jpg'], ignored: 5 });
  });

  test('refuses empty and oversized files, and takes a folder for what it is', async () => {
    put('empty.jpg', '');
    put('sparse.jpg');
    truncateSync(join(dir, 'sparse.jpg'), 2 ** 40);
    mkdirSync(join(dir, 'folder.png'));
    expect(codes((await list()).all)).toEqual({ 'empty.jpg': 'image/damaged', 'sparse.jpg': 'file/too-large' });
  });

  test.runIf(isPosix)('follows no link, opens no pipe and no socket', async () => {
    put('real.jpg');
    symlinkSync('.', join(dir, 'loop'));
    symlinkSync(join(dir, 'real.jpg'), join(dir, 'link.jpg'));
    execFileSync('mkfifo', [join(dir, 'pipe.jpg')]);
    const server = createServer().listen(join(dir, 'socket.jpg'));
    await new Promise((resolve) => server.once('listening', resolve));
    try {
      const odd = 'file/not-regular';
      expect(codes((await list()).all)).toEqual({
        'link.jpg': odd,
        loop: odd,
        'pipe.jpg': odd,
        'real.jpg': 'ok',
        'socket.jpg': odd,
      });
      expect(codes((await list([join(dir, 'loop/')])).all)).toEqual({ loop: odd });
      expect(codes((await list(['/dev/zero'])).all)).toEqual({ zero: odd });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  test.runIf(process.platform === 'linux')('reports names that are no text, files and folders alike', async () => {
    put('good.jpg');
    writeFileSync(Buffer.concat([Buffer.from(`${dir}/bad`), Buffer.of(0xff), Buffer.from('.jpg')]), 'x');
    mkdirSync(Buffer.concat([Buffer.from(`${dir}/folder`), Buffer.of(0xfe)]));
    const { all } = await list();
    expect(codes(all)).toEqual({
      'bad\ufffd.jpg': 'file/unreadable',
      'folder\ufffd': 'file/unreadable',
      'good.jpg': 'ok',
    });
  });

  test.runIf(isPosix)('names a folder that may not be read', async () => {
    put('locked/a.jpg');
    chmodSync(join(dir, 'locked'), 0);
    const { all } = await asNobody(dir, () => list());
    expect(codes(all)).toEqual({ locked: 'file/unreadable' });
    chmodSync(join(dir, 'locked'), 0o700);
  });

  test.runIf(process.platform === 'linux')('ends at a path that is too long', async () => {
    const name = 'n'.repeat(200);
    execFileSync('sh', ['-c', `cd "${dir}" && for i in $(seq 25); do mkdir ${name} && cd -P ${name}; done; true`]);
    const { all } = await list();
    expect(all).toHaveLength(1);
    expect(all[0]?.refused).toMatchObject({ code: 'file/unreadable', message: 'Its path is too long.' });
    execFileSync('rm', ['-rf', dir]);
  });

  test('stops at the limit, in batches', async () => {
    for (let i = 0; i < 450; i++) put(`${i}.jpg`);
    expect((await list()).batches).toEqual([200, 200, 50]);
    expect(await list([dir], 230)).toMatchObject({ files: 230, batches: [200, 30] });
  });

  test('can be cancelled', async () => {
    for (let i = 0; i < 450; i++) put(`${i}.jpg`);
    const abort = new AbortController();
    const walk = listFiles({ roots: [dir], maxFiles: 1000, signal: abort.signal, found: () => abort.abort() });
    await expect(walk).rejects.toMatchObject({ code: 'call/cancelled' });
  });
});

test('natural order is total', () => {
  expect(['b', 'B', 'a10', 'a2', 'é', 'e', 'A2'].sort(naturally)).toEqual(['A2', 'a2', 'a10', 'B', 'b', 'e', 'é']);
});
