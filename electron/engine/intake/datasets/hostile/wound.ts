/** Damages files on purpose, from a seed: the same seed gives the same wounds, so that a failure is a number. */
import { concat } from '../../formats/picture';
import { seeded } from '../../testing/pictures';

type Below = (limit: number) => number;

/** Lengths and counts at which signs, widths and products go wrong. */
const oddNumbers = [0, 1, 2, 7, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];

function oddNumber(file: Uint8Array, below: Below): Uint8Array {
  const out = Uint8Array.from(file);
  const view = new DataView(out.buffer);
  const value = oddNumbers[below(oddNumbers.length)] ?? 0;
  const isLittle = below(2) === 0;
  if (below(2) === 0 && out.length >= 2) view.setUint16(below(out.length - 1), value & 0xffff, isLittle);
  else if (out.length >= 4) view.setUint32(below(out.length - 3), value, isLittle);
  return out;
}

/** A place and a length, mostly short. */
function piece({ length }: Uint8Array, below: Below): { from: number; to: number } {
  const from = below(length + 1);
  const longest = below(4) === 0 ? length - from : 24;
  return { from, to: Math.min(length, from + below(longest + 1)) };
}

/** What one wound does; `other` is a good file of the same kind. */
const wounds: readonly ((file: Uint8Array, below: Below, other: Uint8Array) => Uint8Array)[] = [
  oddNumber,
  oddNumber,
  (file, below) => {
    const { from, to } = piece(file, below);
    return concat([file.subarray(0, from), file.subarray(to)]);
  },
  (file, below) => {
    const { from, to } = piece(file, below);
    return concat([file.subarray(0, to), file.subarray(from)]);
  },
  (file, below) => {
    const { from, to } = piece(file, below);
    return Uint8Array.from(file).fill(below(2) * 255, from, to);
  },
  (file, below, other) => {
    const { from, to } = piece(other, below);
    const at = below(file.length + 1);
    return concat([file.subarray(0, at), other.subarray(from, to), file.subarray(at)]);
  },
  (file, below) => file.subarray(0, below(file.length + 1)),
];

/** Between one and five wounds to one of the good files. */
export function wound(good: readonly Uint8Array[], seed: number): Uint8Array {
  const random = seeded(seed);
  const below: Below = (limit) => Math.floor(random() * limit);
  const pick = (): Uint8Array => good[below(good.length)] ?? new Uint8Array(0);
  let file = pick();
  for (let left = 1 + below(5); left > 0; left--) file = bytesOrWound(file, below, pick());
  return file;
}

/** Half of all wounds are single bytes: larger ones are mostly noticed at once. */
function bytesOrWound(file: Uint8Array, below: Below, other: Uint8Array): Uint8Array {
  if (below(2) === 0 && file.length > 0) {
    const out = Uint8Array.from(file);
    const at = below(out.length);
    out[at] = below(2) === 0 ? below(256) : (out[at] ?? 0) ^ (1 << below(8));
    return out;
  }
  return wounds[below(wounds.length)]?.(file, below, other) ?? file;
}
