/** The hash of a file that is written in places, in whatever order, is the hash of the file. */
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GrowingHash } from './growing-hash';

let folder = '';
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'duet-hash-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const never = new AbortController().signal;

test('pieces in any order (property)', async () => {
  const pieces = fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(pieces, fc.infiniteStream(fc.nat()), async (parts, ranks) => {
      const places = parts.map((bytes, i) => ({
        bytes,
        from: parts.slice(0, i).reduce((sum, { length }) => sum + length, 0),
        rank: Number(ranks.next().value),
      }));
      const file = path.join(folder, 'file');
      rmSync(file, { force: true });
      const handle = await open(file, 'wx+');
      const hash = new GrowingHash();
      for (const { bytes, from } of places.sort((a, b) => a.rank - b.rank)) {
        await handle.write(bytes, 0, bytes.length, from);
        hash.took(bytes, from);
      }
      const { size } = await handle.stat();
      const found = await hash.finish(handle, size, never);
      await handle.close();
      expect(found).toBe(createHash('sha256').update(readFileSync(file)).digest('hex'));
    }),
  );
});

test('a file that is shorter than it should be has no hash', async () => {
  const handle = await open(path.join(folder, 'file'), 'wx+');
  await handle.write(Uint8Array.of(1, 2, 3));
  await expect(new GrowingHash().finish(handle, 4, never)).rejects.toMatchObject({ code: 'file/disk-full' });
  await handle.close();
});
