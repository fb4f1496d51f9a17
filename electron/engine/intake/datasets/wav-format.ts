/** RIFF WAVE: PCM of 8, 16, 24 and 32 bits and floats, as one channel in -1..1. Every length in the file is checked. */
import { AppError } from '../../../contract/errors';

export interface Sound {
  /** One channel, the mean of all. */
  samples: Float32Array;
  rate: number;
}

export interface WavFormat {
  rate: number;
  channels: number;
  bits: number;
  isFloat: boolean;
  /** Where the data lies, and how many whole frames it holds. */
  from: number;
  frames: number;
}

/** Longer sounds are no samples of a data set. */
const maxSeconds = 1800;

const damaged = (reason: string): AppError => new AppError('data/damaged', `The sound is damaged: ${reason}.`);

/** Reads the header. `size` is that of the whole file, of which `bytes` is the beginning. Fails with `data/...`. */
export function readWavFormat(bytes: Uint8Array, size = bytes.length): WavFormat {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tag(bytes, 0) !== 'RIFF' || tag(bytes, 8) !== 'WAVE')
    throw new AppError('data/unsupported', 'It is not a WAV file.');
  let format: Omit<WavFormat, 'from' | 'frames'> | undefined;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = tag(bytes, at);
    const length = view.getUint32(at + 4, true);
    const from = at + 8;
    if (from + length > size) throw damaged(`its part "${printable(name)}" claims ${length} bytes of ${size - from}`);
    if (name === 'fmt ') format = readFormat(view, from, length);
    if (name === 'data') {
      if (format === undefined) throw damaged('it does not say how it is written before its data');
      return withFrames(format, from, length);
    }
    // Parts begin at even places.
    at = from + length + (length % 2);
  }
  throw damaged(format === undefined ? 'it does not say how it is written' : 'it has no data');
}

function withFrames(format: Omit<WavFormat, 'from' | 'frames'>, from: number, length: number): WavFormat {
  const frames = Math.floor(length / ((format.bits / 8) * format.channels));
  if (frames === 0) throw new AppError('data/empty', 'The sound is empty.');
  if (frames > maxSeconds * format.rate) {
    throw new AppError('data/too-large', `The sound is longer than ${maxSeconds / 60} minutes. Cut it into pieces.`);
  }
  return { ...format, from, frames };
}

const pcm = 1;
const float = 3;
const extensible = 0xfffe;
const codecs: Record<number, string> = { 2: 'ADPCM', 6: 'A-law', 7: 'mu-law', 17: 'ADPCM', 49: 'GSM', 85: 'MP3' };

function readFormat(view: DataView, at: number, length: number): Omit<WavFormat, 'from' | 'frames'> {
  if (length < 16 || at + 16 > view.byteLength) throw damaged('its description is too short');
  const written = view.getUint16(at, true);
  const isLong = written === extensible && length >= 26 && at + 26 <= view.byteLength;
  const code = isLong ? view.getUint16(at + 24, true) : written;
  const channels = view.getUint16(at + 2, true);
  const rate = view.getUint32(at + 4, true);
  const bits = view.getUint16(at + 14, true);
  if (code !== pcm && code !== float) {
    throw new AppError(
      'data/unsupported',
      `Its sound is packed (${codecs[code] ?? `format ${code}`}). Save it as PCM.`,
      { code },
    );
  }
  const isFloat = code === float;
  if (!(isFloat ? [32, 64] : [8, 16, 24, 32]).includes(bits)) throw damaged(`${bits} bits a sample are not possible`);
  if (channels < 1 || channels > 64) throw damaged(`${channels} channels are not possible`);
  if (rate < 1000 || rate > 384_000) throw damaged(`${rate} samples a second are not possible`);
  return { rate, channels, bits, isFloat };
}

function tag(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
}

const printable = (name: string): string => name.replace(/[^ -~]/g, '?');

/** Decodes a whole file. Floats that are no numbers are silence. */
export function decodeWav(bytes: Uint8Array): Sound {
  const { rate, channels, bits, isFloat, from, frames } = readWavFormat(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const step = bits / 8;
  const read = reader(view, bits, isFloat);
  const samples = new Float32Array(frames);
  for (let i = 0, at = from; i < frames; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++, at += step) sum += read(at);
    const mean = sum / channels;
    samples[i] = Number.isFinite(mean) ? mean : 0;
  }
  return { samples, rate };
}

function reader(view: DataView, bits: number, isFloat: boolean): (at: number) => number {
  if (isFloat) return bits === 32 ? (at) => view.getFloat32(at, true) : (at) => view.getFloat64(at, true);
  if (bits === 8) return (at) => (view.getUint8(at) - 128) / 128;
  if (bits === 16) return (at) => view.getInt16(at, true) / 32_768;
  if (bits === 24) return (at) => (view.getUint16(at, true) | (view.getInt8(at + 2) << 16)) / 8_388_608;
  return (at) => view.getInt32(at, true) / 2_147_483_648;
}
