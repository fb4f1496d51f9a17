/** Sources made to mislead, by the numbers of the hardening list: archives (F1 to F5), trees (F5, F6), pictures (P1 to P3), IDX (D4), labels (D5). */
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { concat } from '../../formats/picture';
import { draw, quadrants, scene, writePng } from '../../testing/pictures';
import { tar, tarGz, zip, type ZipEntry } from '../testing/archives';
import { countedLabels, countedPictures, idx } from '../testing/idx';

export interface HostileCase {
  readonly what: string;
  /** Puts the source into an empty folder and tells what is dropped: a file in it, or the folder. */
  readonly make: (folder: string) => Promise<string> | string;
  /** The code that it ends with, or what comes out of it. */
  readonly expected:
    string | { readonly samples: number; readonly leftOut?: readonly string[]; readonly classes?: readonly string[] };
}

const text = (value: string): Uint8Array => Buffer.from(value);

function put(folder: string, name: string, bytes: Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, bytes);
  return file;
}

const picture = (): Promise<Uint8Array> => draw(24, 16, 'png', quadrants('RGBW'));

function archive(what: string, expected: HostileCase['expected'], make: (png: Uint8Array) => Uint8Array): HostileCase {
  return { what, expected, make: async (folder) => put(folder, 'dropped.zip', make(await picture())) };
}

/** The directory names one packed piece many times, as the "better zip bomb" of David Fifield (2019) does. */
function overlapping(bytes: Uint8Array): Uint8Array {
  const one = zip([{ name: 'a', bytes }]);
  const end = one.length - 22;
  const directory = one.readUInt32LE(end + 16);
  const entry = one.subarray(directory, end);
  const times = 400;
  const tail = Buffer.from(one.subarray(end));
  tail.writeUInt16LE(times, 8);
  tail.writeUInt16LE(times, 10);
  tail.writeUInt32LE(entry.length * times, 12);
  return concat([one.subarray(0, directory), ...Array.from({ length: times }, () => entry), tail]);
}

/** Says that it is the second disk of several. */
function split(bytes: Uint8Array): Uint8Array {
  const one = zip([{ name: 'a.png', bytes }]);
  one.writeUInt16LE(1, one.length - 22 + 4);
  return one;
}

const names: readonly string[] = [
  'a.png',
  'A.PNG',
  'caf\u00e9.png',
  'cafe\u0301.png',
  'CON.png',
  'dot.png.',
  `${'x'.repeat(250)}.png`,
  'a.png',
];

const archives: readonly HostileCase[] = [
  archive('F1 a zip that climbs out', 'data/bad-entry', (png) => zip([{ name: '../../e.png', bytes: png }])),
  archive('F1 a zip with an absolute name', 'data/bad-entry', (png) => zip([{ name: '/etc/e.png', bytes: png }])),
  archive('F1 a zip with backslashes', 'data/bad-entry', (png) => zip([{ name: 'a\\..\\..\\e.png', bytes: png }])),
  archive('F1 a zip with a drive', 'data/bad-entry', (png) => zip([{ name: 'C:e.png', bytes: png }])),
  archive('F1 a tar that climbs out', 'data/bad-entry', (png) => tar([{ name: 'a/../../e.png', bytes: png }])),
  archive('F2 a link, then a file through it', { samples: 1 }, (png) =>
    zip([{ name: 'link', mode: 0o120777, bytes: text('/etc') }, { name: 'link/x.png', bytes: png }]),
  ),
  archive('F2 a link and a file of one name', { samples: 1 }, (png) =>
    zip([{ name: 'x.png', mode: 0o120777, bytes: text('/etc/passwd') }, { name: 'x.png', bytes: png }]),
  ),
  archive('F2 a tar with a pipe, a device, a hard link', { samples: 1 }, (png) =>
    tarGz([{ name: 'p', type: '6' }, { name: 'd', type: '3' }, { name: 'h', type: '1', link: '/etc/passwd' }, { name: 'x.png', bytes: png }]),
  ),
  archive('F3 zeros, 1,000 to 1', 'data/bomb', () => zip([{ name: 'zeros.png', bytes: new Uint8Array(40 << 20) }])),
  archive('F3 one piece named 400 times', 'data/bomb', () => overlapping(new Uint8Array(1 << 20))),
  archive('F3 a zip in a zip', 'data/unsupported', (png) => zip([{ name: 'in.zip', bytes: zip([{ name: 'x.png', bytes: png }]) }])),
  archive('F3 more empty entries than are let in', 'data/too-many', () =>
    zip(Array.from({ length: 501 }, (_, i): ZipEntry => ({ name: `${i}.png`, isStored: true }))),
  ),
  archive('F4 a size that is a lie', 'data/damaged', (png) => zip([{ name: 'a.png', bytes: png, claimedSize: 10 }])),
  archive('F4 a wrong sum', 'data/damaged', (png) => zip([{ name: 'a.png', bytes: png, claimedCrc: 1 }])),
  archive('F4 cut', 'data/damaged', (png) => zip([{ name: 'a.png', bytes: png }]).subarray(0, -30)),
  archive('F4 locked', 'data/encrypted', (png) => zip([{ name: 'a.png', bytes: png, flags: 1 }])),
  archive('F4 one part of several', 'data/unsupported', split),
  archive('F5 names that are one on some systems', { samples: names.length }, (png) => zip(names.map((name) => ({ name, bytes: png })))),
]; // prettier-ignore

const trees: readonly HostileCase[] = [
  {
    what: 'F5 a name that is no text, F6 a pipe, a loop, a folder called x.png, a link to a file',
    expected: { samples: 1 },
    make: async (folder) => {
      const file = put(folder, 'cats/1.png', await picture());
      if (process.platform !== 'win32') execFileSync('mkfifo', [path.join(folder, 'cats', 'pipe.png')]);
      symlinkSync('..', path.join(folder, 'cats', 'loop'));
      symlinkSync(file, path.join(folder, 'link.png'));
      mkdirSync(path.join(folder, 'x.png'));
      if (process.platform === 'linux') {
        writeFileSync(Buffer.concat([Buffer.from(`${folder}/cats/bad`), Buffer.of(0xff), Buffer.from('.png')]), 'x');
      }
      return folder;
    },
  },
  {
    what: 'F6 a picture of 1 TB that is mostly a hole',
    expected: { samples: 1, leftOut: ['file/too-large'] },
    make: async (folder) => {
      put(folder, 'a/good.png', await picture());
      truncateSync(put(folder, 'a/huge.png', await picture()), 2 ** 40);
      return folder;
    },
  },
  { what: 'F6 nothing but an empty folder', expected: 'data/empty', make: (folder) => folder },
];

const few = { samples: 1, leftOut: ['image/damaged'] } as const;

function beside(
  what: string,
  expected: HostileCase['expected'],
  make: () => Uint8Array | Promise<Uint8Array>,
  name = 'b.png',
): HostileCase {
  return {
    what,
    expected,
    make: async (folder) => {
      put(folder, 'a.png', await picture());
      put(folder, name, await make());
      return folder;
    },
  };
}

const pictures: readonly HostileCase[] = [
  beside('P1 a PNG of 65,000 x 65,000', { samples: 1, leftOut: ['image/too-many-pixels'] }, () =>
    writePng({ width: 65_000, height: 65_000, depth: 8, colour: 2, rows: [new Uint8Array(9)] }),
  ),
  beside('P1 a PNG of 9,000 x 9,000 without its data', few, () =>
    writePng({ width: 9000, height: 9000, depth: 8, colour: 2, rows: [new Uint8Array(9)] }),
  ),
  beside('P2 a drawing called a photo', { samples: 1, leftOut: ['image/unsupported'] }, () => text('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'b.jpg'),
  beside('P2 a page called a photo', { samples: 1, leftOut: ['image/unsupported'] }, () => text('<!doctype html><script>1</script>'), 'b.jpg'),
  beside('P3 a cut JPEG', few, async () => (await draw(64, 48, 'jpeg', scene)).subarray(0, 600), 'b.jpg'),
]; // prettier-ignore

function pair(
  what: string,
  expected: HostileCase['expected'],
  images: Uint8Array,
  labels = countedLabels(9),
): HostileCase {
  return {
    what,
    expected,
    make: (folder) => {
      put(folder, 'train-images-idx3-ubyte', images);
      put(folder, 'train-labels-idx1-ubyte', labels);
      return folder;
    },
  };
}

const idxFiles: readonly HostileCase[] = [
  pair('D4 a good pair', { samples: 9, classes: ['0', '1', '2'] }, countedPictures(9)),
  pair('D4 2^31 pictures', 'data/bad-header', idx([2 ** 31, 4, 5], new Uint8Array(180))),
  pair('D4 sizes that do not fit', 'data/bad-header', idx([9, 28, 28], new Uint8Array(180))),
  pair('D4 another number of labels', 'data/mismatch', countedPictures(9), countedLabels(8)),
  pair('D4 gzip that cannot hold what it claims', 'data/bad-header', gzipSync(idx([20_000_000, 64, 64], new Uint8Array(180)))),
  pair('D4 gzip that ends early', 'data/damaged', gzipSync(countedPictures(9)).subarray(0, -12)),
]; // prettier-ignore

const labels: readonly HostileCase[] = [
  {
    what: 'D5 300 classes of one picture each',
    expected: { samples: 300, classes: Array.from({ length: 300 }, (_, i) => `class ${i}`) },
    make: async (folder) => {
      const png = await picture();
      for (let i = 0; i < 300; i++) put(folder, `class ${i}/1.png`, png);
      return folder;
    },
  },
];

export const hostileCases: readonly HostileCase[] = [...archives, ...trees, ...pictures, ...idxFiles, ...labels];
