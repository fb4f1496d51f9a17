/** Files made to mislead or break the decoder: each must end as a picture or as an error with a code, in bounded memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AppError } from '../../contract/errors';
import { closeSlots } from '../exchange';
import { decodePicture } from './decode';
import { concat } from './formats/picture';
import { openPicture } from './sniff';
import { draw, mutate, pngChunk, scene, seeded, testImage, writePng } from './testing/pictures';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'hostile-'))));
afterAll(() => {
  closeSlots();
  rmSync(dir, { recursive: true });
});

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));

async function outcome(bytes: Uint8Array): Promise<string> {
  const renditions = [{ slot: 0, shortSide: 24 }];
  try {
    const { format } = await decodePicture(
      bytes,
      { path: 'unused', exchange: dir, renditions },
      new AbortController().signal,
    );
    return format;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

describe('what is not a picture is named', () => {
  test.each([
    ['<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', 'an SVG drawing'],
    ['<?xml version="1.0"?>\n<!-- x --><svg width="9" height="9"/>', 'an SVG drawing'],
    ['%PDF-1.7\n', 'a PDF'],
    ['<!DOCTYPE html><html></html>', 'an HTML page'],
    ['\x08\x07\x12\x07pytorch', 'an ONNX model'],
    ['\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'a HEIC photo'],
    ['\0\0\0\x18ftypmp42\0\0\0\0isommp42', 'a video'],
    ['II*\0\x08\0\0\0', 'a TIFF or raw photo'],
    ['PK\x03\x04', 'a zip archive or office document'],
    ['BM\x36', 'a BMP image'],
    ['hello', 'a text file'],
    ['\x01\x02\x03', 'data of an unknown kind'],
    ['', 'an empty file'],
  ])('%j', (head, seen) => {
    expect(() => openPicture(text(head))).toThrow(`It is not a supported image: it looks like ${seen}.`);
    expect(() => openPicture(text(head))).toThrow(expect.objectContaining({ code: 'image/unsupported' }));
  });
});

describe('bombs', () => {
  test('a 65,000 x 65,000 PNG of a few bytes is refused from its header', async () => {
    const tiny = Buffer.from(
      writePng({ width: 65_000, height: 65_000, depth: 8, colour: 2, rows: [new Uint8Array(9)] }),
    );
    const before = process.memoryUsage().rss;
    expect(await outcome(new Uint8Array(tiny))).toBe('image/too-many-pixels');
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  test('a size under the limit that the data cannot fill is damaged', async () => {
    const small = { depth: 8, colour: 2, rows: [new Uint8Array(9)] };
    const before = process.memoryUsage().rss;
    expect(await outcome(writePng({ width: 9000, height: 9000, ...small }))).toBe('image/damaged');
    expect(process.memoryUsage().rss - before).toBeLessThan(50e6);
  });

  test('a pixel stream that unpacks to far more than its picture stops early', async () => {
    const long = Array.from({ length: 64 }, () => new Uint8Array(1 << 20));
    const before = process.memoryUsage().rss;
    expect(await outcome(writePng({ width: 4, height: 4, depth: 8, colour: 6, rows: long }))).toBe('image/damaged');
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  test('twenty megabytes of metadata are passed over', async () => {
    const file = await draw(32, 24, 'jpeg', scene);
    const segment = concat([Uint8Array.of(0xff, 0xe2, 0xff, 0xff), new Uint8Array(0xfffd)]);
    const laden = concat([file.subarray(0, 2), ...Array.from({ length: 300 }, () => segment), file.subarray(2)]);
    expect(await outcome(laden)).toBe('jpeg');
    const png = await draw(32, 24, 'png', scene);
    const chunk = pngChunk('zTXt', new Uint8Array(1 << 20));
    expect(await outcome(concat([png.subarray(0, 33), chunk, png.subarray(33)]))).toBe('png');
  });
});

describe('cut files', () => {
  test.each(['png', 'webp', 'avif', 'gif', 'transparent png', 'interlaced png'])(
    '%s cut anywhere is damaged or unknown',
    async (kind) => {
      const file = await sample(kind);
      const step = Math.max(1, Math.floor(file.length / 150));
      for (let length = 0; length < file.length - 1; length += step) {
        expect(await outcome(file.subarray(0, length))).toMatch(/^image\/(damaged|unsupported)$/);
      }
      expect(await outcome(file)).not.toMatch('/');
    },
  );
});

describe('damage inside a file that is whole by its structure', () => {
  test.each(['png', 'transparent png'])('%s: never a picture with missing or changed parts', async (kind) => {
    const file = await sample(kind);
    const data = Buffer.from(file).indexOf('IDAT') + 8;
    for (let at = data; at < file.length - 20; at += 97) {
      const wounded = Uint8Array.from(file);
      wounded[at] = (wounded[at] ?? 0) ^ 0x55;
      expect(await outcome(wounded), `byte ${at}`).toBe('image/damaged');
    }
  });

  test('gif: a first frame that ends early', async () => {
    const file = Buffer.from(await sample('gif'));
    const { width, height } = openPicture(new Uint8Array(file));
    // The frame's data: code size, block length, the codes. Clear (256 would need 9 bits; here 2-bit codes: 4) and end (5).
    const frame = file.indexOf(0x2c, 13 + 3 * 4);
    expect([file.readUInt16LE(frame + 5), file.readUInt16LE(frame + 7)]).toEqual([width, height]);
    const flags = file[frame + 9] ?? 0;
    const codes = frame + 10 + ((flags & 0x80) === 0 ? 0 : 3 << ((flags & 7) + 1));
    const early = concat([file.subarray(0, codes), Uint8Array.of(2, 1, 0b101100, 0, 0x3b)]);
    expect(await outcome(early)).toBe('image/damaged');
  });
});

async function sample(kind: string): Promise<Uint8Array> {
  if (kind === 'gif') return openPicture(testImage('frames.gif')).bytes; // without the later frames
  if (kind === 'animated webp') return testImage('frames.webp');
  if (kind === 'progressive jpeg') return testImage('progressive.jpg');
  if (kind === 'transparent png') {
    return draw(64, 48, 'png', (context) => {
      scene(context);
      context.clearRect(10, 10, 20, 20);
    });
  }
  if (kind === 'interlaced png') {
    // The passes of an 8 x 8 picture (PNG, section 8.1): their widths and heights.
    const passes = [
      [1, 1],
      [1, 1],
      [2, 1],
      [2, 2],
      [4, 2],
      [4, 4],
      [8, 4],
    ] as const;
    const rows = passes.flatMap(([wide, high]) =>
      Array.from({ length: high }, (_, y) => Uint8Array.from({ length: wide * 3 }, (_, x) => x * 31 + y * 57)),
    );
    return writePng({ width: 8, height: 8, depth: 8, colour: 2, interlaced: true, rows });
  }
  if (kind === 'png') {
    // Without a channel for transparency, which is what the canvas would always write.
    const random = seeded(1);
    const rows = Array.from({ length: 48 }, () => Uint8Array.from({ length: 64 * 3 }, () => random() * 256));
    return writePng({ width: 64, height: 48, depth: 8, colour: 2, rows });
  }
  if (kind !== 'jpeg' && kind !== 'webp' && kind !== 'avif') throw new Error(`No sample of ${kind}.`);
  return draw(64, 48, kind, scene);
}

describe('a thousand wounded files of each kind', () => {
  test.each(['jpeg', 'progressive jpeg', 'png', 'transparent png', 'webp', 'animated webp', 'gif', 'avif'])(
    '%s',
    async (kind) => {
      const file = await sample(kind);
      // 1.0 GB of pixels may be asked for by a file whose size was wounded, and is given back.
      for (let seed = 0; seed < 1000; seed++) {
        const found = await outcome(mutate(file, seed));
        expect(found, `seed ${seed}`).toMatch(
          /^(jpeg|png|webp|gif|avif|image\/(damaged|unsupported|too-many-pixels))$/,
        );
      }
    },
  );
});
