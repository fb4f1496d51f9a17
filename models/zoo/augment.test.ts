/** Augmentation: each change does what it says, nothing else, and depends on the key and the picture's place only. */
import { expect, test } from 'vitest';
import { augment, augmentationSchema, augments } from './augment';
import type { ImageShape } from './data-shape';

const shape: ImageShape = { kind: 'image', height: 6, width: 8, channels: 3, classes: 0 };
const size = 144;
const key = { seed: 4, stream: 2, step: 9 };
const how = (given: object) => augmentationSchema.parse(given);

/** Pictures of distinct pixels. */
const pictures = (count: number): Uint8Array =>
  Uint8Array.from({ length: count * size }, (_, i) => (i * 37 + (i >> 4)) % 251);
const apart = (all: Uint8Array): string[] =>
  Array.from({ length: all.length / size }, (_, k) => all.slice(k * size, (k + 1) * size).join());

test('no change leaves every byte', () => {
  expect(augments(how({}))).toBe(false);
  expect(augment(pictures(3), shape, how({}), key)).toEqual(pictures(3));
});

test('a flip mirrors about half of the pictures, the others stay', () => {
  const before = apart(pictures(40));
  const after = apart(augment(pictures(40), shape, how({ flip: true }), key));
  const stayed = after.filter((picture, k) => picture === before[k]).length;
  expect(stayed).toBeGreaterThan(8);
  expect(stayed).toBeLessThan(32);
  const mirrored = (bytes: Uint8Array): Uint8Array =>
    bytes.map((_, i) => bytes[Math.floor(i / 24) * 24 + (7 - Math.floor((i % 24) / 3)) * 3 + (i % 3)] ?? 0);
  const k = after.findIndex((picture, at) => picture !== before[at]);
  expect(after[k]).toBe(mirrored(pictures(40).slice(k * size, (k + 1) * size)).join());
});

test('a shift moves by whole pixels within its reach and repeats the edge', () => {
  const one = new Uint8Array(size).fill(10);
  one.fill(200, (2 * 8 + 3) * 3, (2 * 8 + 4) * 3); // a pixel at row 2, column 3
  const many = new Uint8Array(30 * size);
  for (let k = 0; k < 30; k++) many.set(one, k * size);
  const after = augment(many, shape, how({ shift: 2 }), key);
  const places = apart(after).map((text) => text.split(',').indexOf('200') / 3);
  const moves = places.map((place) => [Math.floor(place / 8) - 2, (place % 8) - 3]);
  expect(moves.every(([dy = 9, dx = 9]) => Math.abs(dy) <= 2 && Math.abs(dx) <= 2)).toBe(true);
  expect(new Set(moves.map(String)).size).toBeGreaterThan(10);
});

test('a turn by half a circle either way is found at its angle', () => {
  const grey: ImageShape = { kind: 'image', height: 9, width: 9, channels: 1, classes: 0 };
  const bar = new Uint8Array(81).fill(0);
  for (let x = 0; x < 9; x++) bar[4 * 9 + x] = 255; // through the middle
  const turned = augment(bar, grey, how({ rotate: 90 }), key);
  const total = (bytes: Uint8Array): number => bytes.reduce((sum, value) => sum + value, 0);
  expect(turned[40]).toBe(255); // the middle stays
  expect(turned).not.toEqual(bar);
  expect(total(turned) / total(bar)).toBeGreaterThan(0.8);
  expect(total(turned) / total(bar)).toBeLessThan(1.3);
});

test('an erased part has one colour, the rest stays', () => {
  const after = augment(pictures(1), shape, how({ erase: 1 }), key);
  const changed = [...after.keys()].filter((i) => after[i] !== pictures(1)[i]);
  const rows = new Set(changed.map((i) => Math.floor(i / 24)));
  expect(rows.size).toBeGreaterThanOrEqual(1);
  expect(rows.size).toBeLessThanOrEqual(3);
});

test('a picture depends on its place and the key only', () => {
  const all = how({ shift: 2, flip: true, rotate: 20, crop: 0.2, erase: 0.5 });
  const whole = augment(pictures(5), shape, all, key);
  expect(augment(pictures(5).slice(0, 2 * size), shape, all, key)).toEqual(whole.slice(0, 2 * size));
  expect(augment(pictures(5), shape, all, { ...key, step: 10 })).not.toEqual(whole);
});
