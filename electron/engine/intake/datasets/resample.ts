/**
 * Another sample rate by windowed-sinc interpolation (J. O. Smith, "Digital Audio Resampling", 2002): a low pass at the
 * lower of both Nyquist frequencies under a Kaiser window, evaluated at the phases that the two rates have in common.
 */

/** Zero crossings of the sinc on each side. */
const crossings = 24;
/** Shape of the Kaiser window: side lobes below -80 dB. */
const beta = 8.6;
/** Where the pass band ends, of the lower Nyquist frequency: room for the slope of the filter. */
const rollOff = 0.93;
/** More coefficients than this are not kept for odd pairs of rates. */
const maxKept = 4_000_000;

/** Samples in -1..1 at `from` a second, as they are at `to` a second: `ceil(length * to / from)` of them. */
export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const divisor = gcd(from, to);
  const up = to / divisor;
  const down = from / divisor;
  const cutoff = rollOff * Math.min(1, to / from);
  const reach = Math.ceil(crossings / cutoff);
  const filterOf = keptFilters(up, reach, cutoff);
  const result = new Float32Array(Math.ceil((samples.length * up) / down));
  for (let i = 0; i < result.length; i++) {
    const phase = (i * down) % up;
    const centre = (i * down - phase) / up;
    result[i] = apply(samples, filterOf(phase), centre - reach + 1);
  }
  return result;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

function apply(samples: Float32Array, filter: Float32Array, first: number): number {
  let sum = 0;
  const begin = Math.max(0, -first);
  const end = Math.min(filter.length, samples.length - first);
  for (let k = begin; k < end; k++) sum += (samples[first + k] ?? 0) * (filter[k] ?? 0);
  return sum;
}

function keptFilters(up: number, reach: number, cutoff: number): (phase: number) => Float32Array {
  const kept = new Map<number, Float32Array>();
  return (phase) => {
    const known = kept.get(phase);
    if (known !== undefined) return known;
    const filter = filterAt(phase / up, reach, cutoff);
    if (up * 2 * reach <= maxKept) kept.set(phase, filter);
    return filter;
  };
}

/** Weights of the samples from `centre - reach + 1` on, for a place `fraction` after `centre`; they sum to 1. */
function filterAt(fraction: number, reach: number, cutoff: number): Float32Array {
  const weights = Float64Array.from({ length: 2 * reach }, (_, k) => {
    const distance = k - reach + 1 - fraction;
    return sinc(distance * cutoff) * kaiser(distance / reach);
  });
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return Float32Array.from(weights, (weight) => weight / sum);
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel(beta * Math.sqrt(1 - x * x)) / bessel(beta);
}

/** Modified Bessel function of the first kind and order zero, by its power series. */
function bessel(x: number): number {
  let sum = 1;
  for (let k = 1, term = 1; term > 1e-12 * sum; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
