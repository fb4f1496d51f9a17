/**
 * Counter-based random numbers: element `index` of stream `stream` at step `step` is a pure function of the seed, so it does not depend on
 * batch size, order or device. Threefry-2x32 with 20 rounds: Salmon, Moraes, Dror and Shaw 2011, "Parallel Random Numbers: As Easy as
 * 1, 2, 3", 4.2. The same function as graph operators: nn/random.
 */

/** Rotation distances of the eight rounds that repeat. */
export const threefryRotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
/** The constant that completes the key schedule (C240, lower half). */
export const threefryParity = 0x1bd11bda;
/** Rounds; every four of them one more part of the key is added. */
export const threefryRounds = 20;

/** Where a series of numbers lies: which run (`seed`), which use in it (`stream`), which step. All are taken modulo 2^32. */
export interface RandomKey {
  readonly seed: number;
  readonly stream: number;
  readonly step?: number;
}

/** Two 32-bit words for a 64-bit key and a 64-bit counter. */
export function threefry(key0: number, key1: number, counter0: number, counter1: number): [number, number] {
  const keys = [key0, key1, threefryParity ^ key0 ^ key1];
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let round = 0; round < threefryRounds; round++) {
    const distance = threefryRotations[round % 8] ?? 0;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << distance) | (x1 >>> (32 - distance))) ^ x0;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    x0 = (x0 + (keys[injection % 3] ?? 0)) | 0;
    x1 = (x1 + (keys[(injection + 1) % 3] ?? 0) + injection) | 0;
  }
  return [x0 >>> 0, x1 >>> 0];
}

/** The two words of element `index`. */
export function randomBits({ seed, stream, step = 0 }: RandomKey, index: number): [number, number] {
  return threefry(seed | 0, stream | 0, index | 0, step | 0);
}

/** A number in [0, 1) with 24 random bits, exact in float32. */
export function randomUniform(key: RandomKey, index: number): number {
  return (randomBits(key, index)[0] >>> 8) * 2 ** -24;
}

/** A number in [0, 1) with 16 random bits: four of them, low halves first, come of one pair of words, where many are needed quickly. */
export function randomShort(key: RandomKey, index: number): number {
  const word = randomBits(key, index >>> 2)[(index >>> 1) & 1] ?? 0;
  return ((index & 1) === 0 ? word & 0xffff : word >>> 16) * 2 ** -16;
}

/** A standard normal number (Box and Muller 1958): sqrt(-2 ln u) cos(2 pi v), u in (0, 1]. */
export function randomNormal(key: RandomKey, index: number): number {
  const [bits0, bits1] = randomBits(key, index);
  const u = ((bits0 >>> 8) + 1) * 2 ** -24;
  const v = (bits1 >>> 8) * 2 ** -24;
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * v);
}

/** `length` uniform numbers from `low` to below `high`. */
export function uniforms(key: RandomKey, length: number, low = 0, high = 1): Float32Array {
  return Float32Array.from({ length }, (_, index) => low + (high - low) * randomUniform(key, index));
}

/** `length` normal numbers of the given mean and standard deviation. */
export function normals(key: RandomKey, length: number, mean = 0, deviation = 1): Float32Array {
  return Float32Array.from({ length }, (_, index) => mean + deviation * randomNormal(key, index));
}

/** The numbers 0 to length - 1 in random order (Fisher and Yates; each draw scaled from 32 bits). */
export function permutation(key: RandomKey, length: number): Uint32Array {
  const order = Uint32Array.from({ length }, (_, index) => index);
  for (let last = length - 1; last > 0; last--) {
    const other = Math.floor((randomBits(key, last)[0] / 2 ** 32) * (last + 1));
    const moved = order[last] ?? 0;
    order[last] = order[other] ?? 0;
    order[other] = moved;
  }
  return order;
}

/** The stream that belongs to a name: FNV-1a, 32 bits (Fowler, Noll, Vo), so that adding a layer changes no other layer's numbers. */
export function streamOf(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}
