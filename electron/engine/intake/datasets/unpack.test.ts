/** Archives: what is good comes out under our own names, what is not is refused by name, and nothing is ever left behind. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Unpacked } from '../../../contract/dataset-intake';
import type { AppError, ErrorCode } from '../../../contract/errors';
import { tar, tarGz, zip, type ZipEntry } from './testing/archives';
import { unpack } from './unpack';

let root: string;
let folder: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unpack-'));
  folder = join(root, 'out');
  mkdirSync(folder);
});
afterEach(() => rmSync(root, { recursive: true }));

interface Limits {
  maxBytes?: number;
  maxFiles?: number;
  signal?: AbortSignal;
}

async function unpacked(
  archive: Uint8Array,
  { maxBytes = 1e9, maxFiles = 1000, signal = new AbortController().signal }: Limits = {},
) {
  const path = join(root, 'archive');
  writeFileSync(path, archive);
  const shares: number[] = [];
  const result = await unpack({ path, folder, maxBytes, maxFiles }, signal, (share) => shares.push(share));
  const lines = readFileSync(result.listing, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Unpacked);
  return { ...result, lines, shares };
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const good: ZipEntry[] = [
  { name: 'cats/1.txt', bytes: bytes('one') },
  { name: 'cats/' },
  { name: 'dogs/é.txt', bytes: bytes('two') },
  { name: 'dogs/É.TXT', bytes: bytes('three'), isStored: true },
  { name: '__MACOSX/._1.txt', bytes: bytes('x') },
  { name: 'cats/.DS_Store', bytes: bytes('x') },
];

test.each([
  ['zip', zip(good)],
  [
    'tar',
    tar(
      good.map(({ name, bytes: content }) => ({
        name,
        ...(content && { bytes: content }),
        type: name.endsWith('/') ? '5' : '0',
      })),
    ),
  ],
  [
    'tar.gz',
    tarGz(
      good.map(({ name, bytes: content }) => ({
        name,
        ...(content && { bytes: content }),
        type: name.endsWith('/') ? '5' : '0',
      })),
    ),
  ],
])('a %s comes out under our own names, in order, with its own told', async (_kind, archive) => {
  const { lines, files, bytes: total, leftOut } = await unpacked(archive);
  expect(lines).toEqual([
    { file: '00000001', name: 'cats/1.txt', bytes: 3 },
    { file: '00000002', name: 'dogs/é.txt', bytes: 3 },
    { file: '00000003', name: 'dogs/É.TXT', bytes: 5 },
  ]);
  expect([files, total, leftOut]).toEqual([3, 11, []]);
  expect(readFileSync(join(folder, '00000003'), 'utf8')).toBe('three');
  expect(readdirSync(folder)).toHaveLength(4); // and the listing
});

const zeros = (megabytes: number): Uint8Array => new Uint8Array(megabytes * 2 ** 20);
const many: ZipEntry[] = Array.from({ length: 1001 }, (_, i) => ({ name: `${i}.txt` }));

/** With a sound sum, so that the parser believes it. */
function tarWithSize(size: string): Uint8Array {
  const made = tar([{ name: 'a', bytes: bytes('x') }]);
  const field = Buffer.from(size, 'latin1');
  const change = field.reduce((sum, byte, i) => sum + byte - (made[124 + i] ?? 0), 0);
  field.copy(made, 124);
  made.write(`${(parseInt(made.toString('latin1', 148, 154), 8) + change).toString(8).padStart(6, '0')}\0 `, 148);
  return made;
}

const refused: [what: string, archive: Uint8Array, code: ErrorCode][] = [
  ['a zip whose entry climbs out', zip([{ name: '../../e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a zip with an absolute entry', zip([{ name: '/etc/e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a zip with backslashes', zip([{ name: 'a\\..\\..\\e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a zip with a drive', zip([{ name: 'C:e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a tar whose entry climbs out', tar([{ name: 'a/../../e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a tar with an absolute entry', tarGz([{ name: '/etc/e', bytes: bytes('x') }]), 'data/bad-entry'],
  ['a zip of zeros', zip([{ name: 'a', bytes: bytes('x') }, { name: 'b', bytes: zeros(40) }]), 'data/bomb'],
  ['a tar.gz of zeros', tarGz([{ name: 'a', bytes: bytes('x') }, { name: 'b', bytes: zeros(40) }]), 'data/bomb'],
  ['too many files', zip(many), 'data/too-many'],
  ['a claimed size that is too small', zip([{ name: 'a', bytes: zeros(1), claimedSize: 10 }]), 'data/damaged'],
  ['a wrong sum', zip([{ name: 'a', bytes: bytes('abc'), claimedCrc: 7 }]), 'data/damaged'],
  ['a zip that is cut', zip(good).subarray(0, -30), 'data/damaged'],
  ['a tar.gz that is cut', tarGz([{ name: 'a', bytes: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)) }]).subarray(0, 300), 'data/damaged'],
  ['a tar with a size that is no number', tarWithSize('\xf90000000001'), 'data/damaged'],
  ['a locked zip', zip([{ name: 'a', bytes: bytes('x'), flags: 1 }]), 'data/encrypted'],
  ['an empty zip', zip([]), 'data/empty'],
  ['gzip of nonsense', gzipSync(bytes('no archive at all, just some text, '.repeat(40))), 'data/damaged'],
  ['nonsense', bytes('PK\x03\x04 and then nothing of a zip'), 'data/damaged'],
]; // prettier-ignore

test.each(refused)('%s is refused, and nothing is left', async (_what, archive, code) => {
  await expect(unpacked(archive)).rejects.toMatchObject({ code });
  expect(readdirSync(folder)).toEqual([]);
  expect(readdirSync(root).sort()).toEqual(['archive', 'out']);
});

test('a name that leads out is named', async () => {
  const error = await unpacked(tar([{ name: '../evil.txt', bytes: bytes('x') }])).catch(
    (reason: unknown) => reason as AppError,
  );
  expect((error as AppError).message).toContain('"../evil.txt"');
});

describe('what is no ordinary file is left out and counted', () => {
  const passwd = bytes('/etc/passwd');
  test.each([
    ['zip', zip([{ name: 'link', mode: 0o120777, bytes: passwd }, { name: 'link/x.txt', bytes: bytes('x') }])],
    ['tar', tar([{ name: 'link', type: '2', link: '/etc/passwd' }, { name: 'pipe', type: '6' }, { name: 'link/x.txt', bytes: bytes('x') }])],
  ])('%s', async (_kind, archive) => {
    const { lines, leftOut } = await unpacked(archive);
    expect(lines.map(({ name }) => name)).toEqual(['link/x.txt']);
    expect(leftOut[0]).toMatchObject({ name: 'link', failure: { message: 'It is a link; links are not followed.' } });
    expect(readFileSync(join(folder, '00000001'), 'utf8')).toBe('x');
  }); // prettier-ignore
});

test('the room it may take is a limit', async () => {
  const noise = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919 + ((i * i) >> 3)) & 255));
  await expect(unpacked(zip([{ name: 'a', bytes: noise }]), { maxBytes: 50_000 })).rejects.toMatchObject({ code: 'data/too-large' }); // prettier-ignore
  expect(readdirSync(folder)).toEqual([]);
});

test.each([
  ['zip', zip(good)],
  ['tar.gz', tarGz([{ name: 'a', bytes: bytes('x') }])],
])('a cancelled %s leaves nothing', async (_kind, archive) => {
  const abort = new AbortController();
  abort.abort();
  await expect(unpacked(archive, { signal: abort.signal })).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(readdirSync(folder)).toEqual([]);
});
