/** Sounds and music made for tests. */
import { concat } from '../../formats/picture';

interface WavOptions {
  rate?: number;
  channels?: number;
  bits?: 8 | 16 | 24 | 32 | 64;
  isFloat?: boolean;
  /** Format 0xfffe with the real one in its extension. */
  isExtensible?: boolean;
  /** What the parts claim instead of the truth. */
  claims?: { riff?: number; data?: number; format?: number };
  /** Parts between the description and the data. */
  extra?: Uint8Array;
}

const part = (name: string, body: Uint8Array, claimed = body.length): Uint8Array => {
  const head = Buffer.alloc(8);
  head.write(name, 0, 'latin1');
  head.writeUInt32LE(claimed >>> 0, 4);
  return concat([new Uint8Array(head), body, new Uint8Array(body.length % 2)]);
};

/** `values` in -1..1, frame by frame. */
export function writeWav(values: readonly number[], options: WavOptions = {}): Uint8Array {
  const { rate = 16_000, channels = 1, bits = 16, isFloat = false, isExtensible = false, claims = {}, extra } = options;
  const step = bits / 8;
  const data = Buffer.alloc(values.length * step);
  values.forEach((value, i) => {
    const at = i * step;
    if (isFloat) {
      if (bits === 32) data.writeFloatLE(value, at);
      else data.writeDoubleLE(value, at);
    } else if (bits === 8) data.writeUInt8(Math.round(value * 127) + 128, at);
    else data.writeIntLE(Math.round(value * (2 ** (bits - 1) - 1)), at, step);
  });
  const format = Buffer.alloc(isExtensible ? 40 : 16);
  const code = claims.format ?? (isFloat ? 3 : 1);
  format.writeUInt16LE(isExtensible ? 0xfffe : code, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * step) >>> 0, 8);
  format.writeUInt16LE((channels * step) & 0xffff, 12);
  format.writeUInt16LE(bits, 14);
  if (isExtensible) format.writeUInt16LE(code, 24);
  const parts = [part('fmt ', new Uint8Array(format)), ...(extra === undefined ? [] : [part('LIST', extra)])];
  const body = concat([...parts, part('data', new Uint8Array(data), claims.data)]);
  const head = Buffer.alloc(12);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE((claims.riff ?? body.length + 4) >>> 0, 4);
  head.write('WAVE', 8, 'latin1');
  return concat([new Uint8Array(head), body]);
}

export const sine = (frequency: number, rate: number, count: number, height = 0.5): number[] =>
  Array.from({ length: count }, (_, i) => height * Math.sin((2 * Math.PI * frequency * i) / rate));

/** A number as MIDI writes lengths and times. */
export function variable(value: number): number[] {
  const bytes = [value & 127];
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 127) | 128);
  return bytes;
}

/** A file of tracks, each given by its bytes without the end. */
export function writeMidi(
  tracks: readonly (readonly number[])[],
  division = 480,
  claimedTracks = tracks.length,
): Uint8Array {
  const head = [
    0x4d,
    0x54,
    0x68,
    0x64,
    0,
    0,
    0,
    6,
    0,
    1,
    claimedTracks >> 8,
    claimedTracks & 255,
    division >> 8,
    division & 255,
  ];
  const bodies = tracks.map((track) => {
    const body = [...track, 0, 0xff, 0x2f, 0];
    const length = [body.length >>> 24, (body.length >>> 16) & 255, (body.length >>> 8) & 255, body.length & 255];
    return [0x4d, 0x54, 0x72, 0x6b, ...length, ...body];
  });
  return Uint8Array.from([...head, ...bodies.flat()]);
}

/** A scale of quarters. */
export const scale = (from: number): number[] =>
  [0, 2, 4, 5, 7].flatMap((step) => [0, 0x90, from + step, 80, ...variable(480), 0x80, from + step, 0]);
