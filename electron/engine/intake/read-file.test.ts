/** Reading only what is an ordinary file, and all of it. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { asNobody } from './testing/as-nobody';
import { readWhole } from './read-file';

const isPosix = process.platform !== 'win32';
let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'read-'))));
afterAll(() => rmSync(dir, { recursive: true }));

const calm = new AbortController().signal;
const failure = (path: string, limit = 100): Promise<unknown> =>
  readWhole(path, limit, calm).then(
    () => 'was read',
    (error: unknown) => (error as { code: unknown }).code,
  );

describe('readWhole', () => {
  test('reads a file of any size, names that are text', async () => {
    const file = join(dir, 'ünïcode 1.bin');
    writeFileSync(file, '');
    expect(await readWhole(file, 100, calm)).toHaveLength(0);
    const bytes = Uint8Array.from({ length: 3_000_000 }, (_, i) => i * 7);
    writeFileSync(file, bytes);
    expect(await readWhole(file, 3_000_000, calm)).toEqual(bytes);
    expect(await failure(file, 2_999_999)).toBe('file/too-large');
  });

  test('says what is wrong', async () => {
    expect(await failure(join(dir, 'gone'))).toBe('file/missing');
    expect(await failure(join(dir, 'n'.repeat(300)))).toBe('file/unreadable');
    mkdirSync(join(dir, 'folder.png'));
    expect(await failure(join(dir, 'folder.png'))).toBe('file/not-regular');
    const sparse = join(dir, 'sparse');
    writeFileSync(sparse, '');
    truncateSync(sparse, 2 ** 40);
    expect(await failure(sparse, 256 * 2 ** 20)).toBe('file/too-large');
  });

  test.runIf(isPosix)('never waits for a pipe, follows a link or drains a device', async () => {
    execFileSync('mkfifo', [join(dir, 'pipe')]);
    symlinkSync('/etc/hostname', join(dir, 'link'));
    expect(await failure(join(dir, 'pipe'))).toBe('file/not-regular');
    expect(await failure(join(dir, 'link'))).toBe('file/not-regular');
    expect(await failure('/dev/zero')).toBe('file/not-regular');
  });

  test.runIf(isPosix)('says when reading is not allowed', async () => {
    writeFileSync(join(dir, 'locked'), 'x');
    chmodSync(join(dir, 'locked'), 0);
    expect(await asNobody(dir, () => failure(join(dir, 'locked')))).toBe('file/unreadable');
  });

  test('stops when cancelled', async () => {
    await expect(readWhole(join(dir, 'gone'), 1, AbortSignal.abort())).rejects.toMatchObject({
      code: 'call/cancelled',
    });
  });
});
