/** Pictures of every kind through the whole decoder: upright once, on white, first frame, the right values. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeSlots, readSlot } from '../exchange';
import { decodePicture } from './decode';
import { concat } from './formats/picture';
import {
  draw,
  type EncodedFormat,
  pngChunk,
  quadrants,
  readQuadrants,
  scene,
  testImage,
  withOrientation,
  writePng,
} from './testing/pictures';

let dir: string;
beforeAll(() => (dir = mkdtempSync(join(tmpdir(), 'decode-'))));
afterAll(() => {
  closeSlots();
  rmSync(dir, { recursive: true });
});

const calm = new AbortController().signal;

async function decode(bytes: Uint8Array, shortSide = 10_000) {
  const request = { path: 'unused', exchange: dir, renditions: [{ slot: 0, shortSide }] };
  const reply = await decodePicture(bytes, request, calm);
  const shape = reply.slots[0]!;
  return { ...reply, ...shape, full: [reply.width, reply.height], data: readSlot(dir, shape) };
}

const firstPixel = async (bytes: Uint8Array): Promise<number[]> => [...(await decode(bytes)).data.subarray(0, 3)];

describe('orientation', () => {
  // How upright R G / B W must be stored so that each orientation shows it upright (EXIF 2.3, 4.6.4 A).
  const stored = ['', 'RGBW', 'GRWB', 'WBGR', 'BWRG', 'RBGW', 'GWRB', 'WGBR', 'BRWG'];
  const formats: EncodedFormat[] = ['jpeg', 'png', 'webp', 'avif'];
  test.each(formats.flatMap((format) => [1, 2, 3, 4, 5, 6, 7, 8].map((o) => [format, o] as const)))(
    '%s with orientation %i comes out upright once',
    async (format, orientation) => {
      const [width, height] = orientation < 5 ? [48, 32] : [32, 48];
      const file = await draw(width, height, format, quadrants(stored[orientation]!));
      for (const shortSide of [8, 16, 400]) {
        const found = await decode(withOrientation(file, format, orientation), shortSide);
        expect(found.full).toEqual([48, 32]);
        expect(found.width).toBe(Math.min(48, shortSide * 1.5));
        expect(readQuadrants(found.data, found.width, found.height)).toBe('RGBW');
      }
    },
  );
});

describe('colour', () => {
  test('transparent parts show white', async () => {
    const half = (context: Parameters<typeof scene>[0]): void => {
      context.fillStyle = 'rgba(255, 0, 0, 0.5)';
      context.fillRect(0, 0, 20, 20);
    };
    const row = Uint8Array.from([255, 0, 0, 128]);
    expect(await firstPixel(writePng({ width: 1, height: 1, depth: 8, colour: 6, rows: [row] }))).toEqual([
      255, 127, 127,
    ]);
    expect(await firstPixel(await draw(20, 20, 'png', () => undefined))).toEqual([255, 255, 255]);
    const [red, green, blue] = await firstPixel(await draw(20, 20, 'webp', half));
    expect(red).toBeGreaterThan(250);
    expect(Math.abs(green! - 127)).toBeLessThan(6);
    expect(Math.abs(blue! - 127)).toBeLessThan(6);
  });

  test('grey, 16 bits, palettes and inks become RGB', async () => {
    expect(await firstPixel(testImage('grey-16-bit.png'))).toEqual([156, 156, 156]); // 40000 / 65535 * 255 = 155.6
    const wide = Array.from({ length: 4 }, () => Uint8Array.from([255, 255, 128, 0, 0, 0, 255, 255, 128, 0, 0, 0]));
    expect(await firstPixel(writePng({ width: 2, height: 4, depth: 16, colour: 2, rows: wide }))).toEqual([
      255, 128, 0,
    ]);
    const palette = pngChunk('PLTE', Uint8Array.from([10, 20, 30, 200, 100, 0]));
    const see = pngChunk('tRNS', Uint8Array.from([255, 0]));
    const rows = [Uint8Array.of(0b01000000), Uint8Array.of(0b10000000)];
    const file = writePng({ width: 2, height: 2, depth: 1, colour: 3, extra: [palette, see], rows });
    expect([...(await decode(file)).data]).toEqual([10, 20, 30, 255, 255, 255, 255, 255, 255, 10, 20, 30]);
    // No cyan, full magenta and yellow, no black.
    expect(await firstPixel(testImage('ink-red.jpg'))).toEqual([255, 0, 0]);
    const grey = await decode(testImage('grey.jpg'));
    expect(grey.data[0]).toBe(grey.data[1]);
  });

  test('a profile or text in the file changes nothing', async () => {
    const file = await draw(8, 8, 'png', quadrants('RRRR'));
    const svg = pngChunk('tEXt', Buffer.from('x\0<svg xmlns="http://www.w3.org/2000/svg" width="5" height="5"></svg>'));
    const profile = pngChunk('iCCP', Buffer.from('broken profile'));
    const laden = concat([file.subarray(0, 33), svg, profile, file.subarray(33)]);
    expect((await decode(laden)).data).toEqual((await decode(file)).data);
  });
});

describe('animations', () => {
  test.each(['frames.gif', 'frames.webp'])('%s shows its first frame', async (name) => {
    const found = await decode(testImage(name));
    expect(found.full).toEqual([30, 20]);
    expect([...found.data.subarray(0, 3)]).toEqual([255, 0, 0]);
    expect(found.data.every((value, i) => value === (i % 3 === 0 ? 255 : 0))).toBe(true);
  });
});

describe('reduction', () => {
  test.each(['png', 'jpeg', 'webp'] as const)('a one-pixel checkerboard in %s becomes grey', async (format) => {
    const file = await draw(640, 480, format, (context) => {
      for (let y = 0; y < 480; y++) {
        for (let x = y % 2; x < 640; x += 2) context.fillRect(x, y, 1, 1);
        context.fillStyle = '#000';
      }
      context.globalCompositeOperation = 'destination-over';
      context.fillStyle = '#fff';
      context.fillRect(0, 0, 640, 480);
    });
    for (const shortSide of [60, 97, 200, 240, 250]) {
      const { data } = await decode(file, shortSide);
      // An aliasing filter gives stripes of 0 and 255 here; the edge pixels may differ a little.
      expect(data.reduce((a, b) => Math.min(a, b))).toBeGreaterThan(105);
      expect(data.reduce((a, b) => Math.max(a, b))).toBeLessThan(150);
    }
  });

  test('several sizes and the thumbnail come from one decode, never enlarged, always the same', async () => {
    const file = await draw(300, 200, 'jpeg', scene);
    const thumb = join(dir, 'thumb.jpg');
    writeFileSync(thumb, 'an older thumbnail');
    const renditions = [64, 100, 500].map((shortSide, slot) => ({ slot, shortSide }));
    const request = { path: 'unused', exchange: dir, renditions, thumb: { path: thumb, longSide: 120 } };
    const reply = await decodePicture(file, request, calm);
    expect(reply.slots).toEqual([
      { slot: 0, height: 64, width: 96 },
      { slot: 1, height: 100, width: 150 },
      { slot: 2, height: 200, width: 300 },
    ]);
    const first = reply.slots.map((one) => readSlot(dir, one));
    const small = await decode(new Uint8Array(readFileSync(thumb)));
    expect(small.full).toEqual([120, 80]);
    expect(readdirSync(dir).filter((name) => name.includes('part'))).toEqual([]);
    const again = await decodePicture(file, request, calm);
    expect(again.slots.map((one) => readSlot(dir, one))).toEqual(first);
  });

  test.each(['jpeg', 'png'] as const)('%s: pixels do not depend on what else is asked for', async (format) => {
    const file = await draw(2400, 1800, format, scene);
    const thumb = { path: join(dir, 'beside.jpg'), longSide: 384 };
    const alone = await decodePicture(
      file,
      { path: 'unused', exchange: dir, renditions: [{ slot: 0, shortSide: 256 }] },
      calm,
    );
    const pixels = Uint8Array.from(readSlot(dir, alone.slots[0]!));
    const renditions = [900, 256].map((shortSide, slot) => ({ slot, shortSide }));
    const beside = await decodePicture(file, { path: 'unused', exchange: dir, renditions, thumb }, calm);
    expect(Buffer.compare(readSlot(dir, beside.slots[1]!), pixels)).toBe(0);
  });

  test('a thumbnail alone, and a place for it that is gone', async () => {
    const file = await draw(300, 200, 'jpeg', scene);
    const only = {
      path: 'unused',
      exchange: dir,
      renditions: [],
      thumb: { path: join(dir, 'only.jpg'), longSide: 320 },
    };
    expect((await decodePicture(file, only, calm)).slots).toEqual([]);
    expect((await decode(new Uint8Array(readFileSync(only.thumb.path)))).full).toEqual([300, 200]);
    const nowhere = { ...only, thumb: { path: join(dir, 'gone', 'x.jpg'), longSide: 320 } };
    await expect(decodePicture(file, nowhere, calm)).rejects.toMatchObject({ code: 'engine/internal' });
  });
});
