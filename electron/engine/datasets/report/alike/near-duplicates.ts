/**
 * Pictures of a data set that show the same, but for encoding, size, brightness or a shift by a pixel: their outlines are near each
 * other, and then so are their pixels. Looking for near outlines in a grid keeps the work about linear in the number of pictures.
 */
import { throwIfCancelled } from '../../../../contract/errors';
import { Links, type Pair } from '../groups';
import { corners, outlineLength, type Shape, writeOutlines } from './outline';
import { PointGrid } from './point-grid';
import { differenceOf, greyOf, type Small, smallOf } from './same-picture';

/** Distance of outlines up to which pixels are compared. */
const radius = 0.05;
/**
 * What may be left of the difference once brightness and contrast are made equal: `level`, its root mean square in 0..255, and
 * `share`, of the picture's own variance. Of 70,000 MNIST digits no two are so alike; JPEG of quality 60 leaves 3 to 5 of photos of
 * 32 pixels. Colour may differ more, since most encoders keep it at half the resolution.
 */
const most = { grey: { level: 6, share: 0.06 }, colour: { level: 12, share: 0.1 } };
/** Pictures of less contrast show too little to be compared; `uniform` tells of them. */
const leastContrast = 8;
/** Corners of two pictures that are compared: both the same (no shift), or those that a shift brings together. */
const pairings = [
  [0, 0],
  [0, 1],
  [0, 2],
  [0, 3],
  [2, 1],
] as const;
/** Pictures of near outlines that one is compared with, and links that are enough for one, at each pairing. */
const mostNear = 64;
const mostLinks = 4;
/** Pictures looked up before others get their turn, and small pictures kept in memory. */
const lookedUpAtOnce = 256;
const kept = 2048;

export interface PairSearch {
  /** Pixels of a picture, for comparing. */
  readonly read: (index: number) => Promise<Uint8Array>;
  readonly signal: AbortSignal;
  /** Awaited often, so that the process can answer others meanwhile. `share` of 0..1 is done. */
  readonly breathe: (share: number) => Promise<void>;
}

export class NearDuplicates {
  private readonly members: number[] = [];
  private readonly outlines: readonly Float32Array[];
  private readonly targets: Float32Array[];
  private readonly prints = new Map<number, number>();
  private readonly samePixels: Pair[] = [];

  constructor(
    private readonly shape: Shape,
    count: number,
  ) {
    this.outlines = corners.map(() => new Float32Array(count * outlineLength));
    this.targets = corners.map(() => new Float32Array(outlineLength));
  }

  /** Takes a picture in, by its index in the data set; returns its contrast (see `writeOutlines`). */
  add(index: number, pixels: Uint8Array): number {
    const contrast = writeOutlines(pixels, this.shape, this.targets);
    if (contrast < leastContrast) return contrast;
    const print = fingerprint(pixels);
    const same = this.prints.get(print);
    if (same !== undefined) {
      this.samePixels.push([same, index]);
      return contrast;
    }
    this.prints.set(print, index);
    this.targets.forEach((target, k) => this.outlines[k]?.set(target, this.members.length * outlineLength));
    this.members.push(index);
    return contrast;
  }

  /**
   * Pairs that link pictures which show the same: enough to hold each group together, not all. Of pictures by the thousand that hardly
   * differ, each is compared with a few, so that the work stays linear.
   */
  async pairs(search: PairSearch): Promise<Pair[]> {
    const links = new Links(this.samePixels);
    const smalls = new SmallPictures(this.shape, search.read);
    const points = this.outlines.map((values) => ({
      values: values.subarray(0, this.members.length * outlineLength),
      axes: outlineLength,
    }));
    const grids = new Map<number, PointGrid>();
    for (const [turn, [corner, other]] of pairings.entries()) {
      const [own, others] = [points[corner], points[other]];
      if (own === undefined || others === undefined) continue;
      const grid = grids.get(corner) ?? new PointGrid(own, radius);
      grids.set(corner, grid);
      for (const [i, member] of this.members.entries()) {
        if (i % lookedUpAtOnce === 0) await search.breathe((turn + i / this.members.length) / pairings.length);
        throwIfCancelled(search.signal);
        const near = grid.near(others, i, mostNear).map((k) => this.members[k] ?? member);
        await this.link(member, near, links, smalls);
      }
    }
    return links.pairs;
  }

  private async link(member: number, near: readonly number[], links: Links, smalls: SmallPictures): Promise<void> {
    let linked = 0;
    for (const candidate of near) {
      if (linked === mostLinks || links.areLinked(member, candidate)) continue;
      if (!areAlike(await smalls.get(member), await smalls.get(candidate))) continue;
      links.add(member, candidate);
      linked++;
    }
  }
}

interface Smalls {
  readonly grey: Small;
  /** The same as `grey` for pictures without colour. */
  readonly colour: Small;
}

function areAlike(a: Smalls, b: Smalls): boolean {
  const grey = differenceOf(a.grey, b.grey);
  if (grey.level > most.grey.level || grey.share > most.grey.share) return false;
  if (a.grey === a.colour) return true;
  const colour = differenceOf(a.colour, b.colour);
  return colour.level <= most.colour.level && colour.share <= most.colour.share;
}

/** 52 bits of the pixels, two runs of FNV-1a: among a million pictures the chance of a mistake is one in 9,000. */
function fingerprint(pixels: Uint8Array): number {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const byte of pixels) {
    low = Math.imul(low ^ byte, 0x01000193);
    high = Math.imul(high ^ byte, 0x85ebca6b);
  }
  return (low >>> 0) * 2 ** 20 + (high >>> 12);
}

/** The pictures compared last. */
class SmallPictures {
  private readonly known = new Map<number, Smalls>();

  constructor(
    private readonly shape: Shape,
    private readonly read: (index: number) => Promise<Uint8Array>,
  ) {}

  async get(index: number): Promise<Smalls> {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    const colour = smallOf(await this.read(index), this.shape);
    const smalls = { grey: greyOf(colour), colour };
    if (this.known.size >= kept) {
      for (const oldest of this.known.keys()) {
        this.known.delete(oldest);
        break;
      }
    }
    this.known.set(index, smalls);
    return smalls;
  }
}
