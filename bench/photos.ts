/** Where the benchmark photos lie (`bench/make-photos.ts` makes them), and how many there are. */
import path from 'node:path';

// Benchmarks are started in the root of the checkout (scripts/bench.mjs).
export const sampleFolder = path.resolve('assets', 'samples');
export const photoFolder = path.resolve('.cache', 'bench-photos');
export const photoCount = 1000;
