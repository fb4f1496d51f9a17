/** Changes to training pictures that keep their class: shifted, mirrored, turned, cropped, partly erased; by counter-based random numbers. */
import * as z from 'zod';
import { type RandomKey, uniforms } from '../tensor/random';
import type { ImageShape } from './data-shape';

export const augmentationSchema = z.strictObject({
  shift: z.int().min(0).max(32).default(0).describe('Up to so many pixels in both directions; the edge is filled with the corner colour.'),
  flip: z.boolean().default(false).describe('Every second picture is mirrored left to right. Not for digits and letters.'),
  rotate: z.number().min(0).max(180).default(0).describe('Up to so many degrees either way.'),
  crop: z.number().min(0).max(0.5).default(0).describe('Up to this share of each side is cut away, the rest enlarged.'),
  erase: z.number().min(0).max(1).default(0).describe('Share of the pictures in which a rectangle is replaced by the mean colour.'),
}); // prettier-ignore
export type Augmentation = z.infer<typeof augmentationSchema>;

/** Random numbers that one picture uses. */
const draws = 9;

/** Whether anything would change. */
export function augments({ shift, flip, rotate, crop, erase }: Augmentation): boolean {
  return shift > 0 || flip || rotate > 0 || crop > 0 || erase > 0;
}

/**
 * Changed copies of the pictures u8 [count, H, W, C]. Picture k depends on the key and k only. Turned and enlarged ones are sampled
 * linearly; what comes from outside has the nearest edge pixel's colour.
 */
export function augment(pictures: Uint8Array, shape: ImageShape, how: Augmentation, key: RandomKey): Uint8Array {
  const size = shape.height * shape.width * shape.channels;
  const count = pictures.length / size;
  const numbers = uniforms(key, count * draws);
  const result = new Uint8Array(pictures.length);
  for (let k = 0; k < count; k++) {
    const from = pictures.subarray(k * size, (k + 1) * size);
    const to = result.subarray(k * size, (k + 1) * size);
    const draw = numbers.subarray(k * draws, (k + 1) * draws);
    if (how.rotate === 0 && how.crop === 0) move(from, to, shape, how, draw);
    else turn(from, to, shape, how, draw);
    if ((draw[5] ?? 0) < how.erase) eraseFrom(to, shape, draw);
  }
  return result;
}

/** A whole number in -reach..reach. */
function offset(draw: number, reach: number): number {
  return Math.floor(draw * (2 * reach + 1)) - reach;
}

const within = (value: number, length: number): number => Math.min(length - 1, Math.max(0, value));

function move(from: Uint8Array, to: Uint8Array, shape: ImageShape, how: Augmentation, draw: Float32Array): void {
  const { height, width, channels } = shape;
  const dy = offset(draw[0] ?? 0, how.shift);
  const dx = offset(draw[1] ?? 0, how.shift);
  const isMirrored = how.flip && (draw[2] ?? 0) < 0.5;
  for (let y = 0, at = 0; y < height; y++) {
    const row = within(y - dy, height) * width;
    for (let x = 0; x < width; x++) {
      const column = within((isMirrored ? width - 1 - x : x) - dx, width);
      for (let c = 0, place = (row + column) * channels; c < channels; c++) to[at++] = from[place++] ?? 0;
    }
  }
}

/** Rotation about the middle, enlargement, shift and mirror in one linear map from the new picture's pixels to the old one's. */
function turn(from: Uint8Array, to: Uint8Array, shape: ImageShape, how: Augmentation, draw: Float32Array): void {
  const { height, width, channels } = shape;
  const angle = (((draw[3] ?? 0) * 2 - 1) * how.rotate * Math.PI) / 180;
  const scale = 1 - (draw[4] ?? 0) * how.crop;
  const mirror = how.flip && (draw[2] ?? 0) < 0.5 ? -1 : 1;
  const [cos, sin] = [Math.cos(angle) * scale, Math.sin(angle) * scale];
  const [middleY, middleX] = [(height - 1) / 2, (width - 1) / 2];
  const centreY = middleY - offset(draw[0] ?? 0, how.shift);
  const centreX = middleX - offset(draw[1] ?? 0, how.shift);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += channels) {
      const [u, v] = [(x - middleX) * mirror, y - middleY];
      sample(from, shape, centreY + v * cos + u * sin, centreX + u * cos - v * sin, to, at);
    }
  }
}

/** The colour between four pixels. */
function sample(from: Uint8Array, shape: ImageShape, y: number, x: number, to: Uint8Array, at: number): void {
  const { height, width, channels } = shape;
  const [top, left] = [Math.floor(y), Math.floor(x)];
  const [down, right] = [y - top, x - left];
  const rows = [within(top, height) * width, within(top + 1, height) * width] as const;
  const columns = [within(left, width), within(left + 1, width)] as const;
  for (let c = 0; c < channels; c++) {
    const pixel = (row: number, column: number): number => from[(row + column) * channels + c] ?? 0;
    const upper = pixel(rows[0], columns[0]) * (1 - right) + pixel(rows[0], columns[1]) * right;
    const lower = pixel(rows[1], columns[0]) * (1 - right) + pixel(rows[1], columns[1]) * right;
    to[at + c] = Math.round(upper * (1 - down) + lower * down);
  }
}

/** A rectangle of a quarter to a half of each side becomes the picture's mean colour (Zhong et al. 2020, with a fixed aspect range). */
function eraseFrom(picture: Uint8Array, { height, width, channels }: ImageShape, draw: Float32Array): void {
  const part = 0.25 + 0.25 * (draw[6] ?? 0);
  const [rows, columns] = [Math.max(1, Math.round(height * part)), Math.max(1, Math.round(width * part))];
  const top = Math.floor((draw[7] ?? 0) * (height - rows + 1));
  const left = Math.floor((draw[8] ?? 0) * (width - columns + 1));
  const mean = meanColour(picture, channels);
  for (let y = top; y < top + rows; y++) {
    for (let x = left; x < left + columns; x++) {
      for (let c = 0; c < channels; c++) picture[(y * width + x) * channels + c] = mean[c] ?? 0;
    }
  }
}

function meanColour(picture: Uint8Array, channels: number): number[] {
  const sums = new Array<number>(channels).fill(0);
  picture.forEach((value, i) => (sums[i % channels] = (sums[i % channels] ?? 0) + value));
  return sums.map((sum) => Math.round((sum * channels) / picture.length));
}
