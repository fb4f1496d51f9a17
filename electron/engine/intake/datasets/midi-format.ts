/**
 * Standard MIDI files 1.0: the notes of all tracks. Written by hand because the package at hand follows a negative length
 * backwards and never ends (midi-file 1.2, `readVarInt`); here every length is checked, and reading only moves forward.
 */
import { AppError } from '../../../contract/errors';

export interface Note {
  /** In 1/480 of a quarter. */
  start: number;
  length: number;
  /** 0..127, 60 is middle C. */
  pitch: number;
  /** 1..127 */
  velocity: number;
}

const ticksPerQuarter = 480;
const maxNotes = 1_000_000;
/** About 50 hours: later starts do not fit the columns of a chunk. */
const maxTicks = 2 ** 31 - 1;

const damaged = (reason: string): AppError => new AppError('data/damaged', `The music is damaged: ${reason}.`);

/** Notes ordered by start, pitch and velocity. Fails with `data/unsupported`, `data/damaged` or `data/too-large`. */
export function readMidi(bytes: Uint8Array): Note[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (tag(bytes, 0) !== 'MThd' || bytes.length < 14) throw new AppError('data/unsupported', 'It is not a MIDI file.');
  const headerLength = view.getUint32(4);
  const tracks = view.getUint16(10);
  if (headerLength < 6 || 8 + headerLength > bytes.length) throw damaged('its header is too short');
  const scale = ticksPerQuarter / divisionOf(view.getUint16(12));
  const notes: Note[] = [];
  let seen = 0;
  for (let at = 8 + headerLength; seen < tracks && at + 8 <= bytes.length;) {
    const length = view.getUint32(at + 4);
    const from = at + 8;
    if (from + length > bytes.length) throw damaged(`a track claims ${length} bytes of ${bytes.length - from}`);
    if (tag(bytes, at) === 'MTrk') {
      seen++;
      readTrack(bytes.subarray(from, from + length), scale, notes);
    }
    at = from + length;
  }
  if (seen < tracks) throw damaged(`it has ${seen} of ${tracks} tracks`);
  return notes.sort((a, b) => a.start - b.start || a.pitch - b.pitch || a.velocity - b.velocity);
}

/** Ticks of the file in a quarter; time in frames counts as 120 quarters a minute. */
function divisionOf(division: number): number {
  const isFrames = division >= 0x8000;
  const ticks = isFrames ? ((0x100 - (division >>> 8)) * (division & 0xff)) / 2 : division;
  if (ticks <= 0) throw damaged('it does not say how long a quarter is');
  return ticks;
}

function tag(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
}

/** How many bytes follow each status from 0x80 to 0xe0. */
const dataBytes = [2, 2, 2, 2, 1, 1, 2] as const;

function readTrack(bytes: Uint8Array, scale: number, notes: Note[]): void {
  const reader = new Reader(bytes);
  const held = new Held(scale, notes);
  let tick = 0;
  let running = 0;
  while (!reader.isAtEnd()) {
    tick += reader.variable();
    if (tick * scale > maxTicks) throw damaged('it lasts for ever');
    const status = reader.peek() >= 0x80 ? reader.byte() : running;
    if (status < 0x80) throw damaged('a track begins without saying what its events are');
    if (status >= 0xf0) {
      if (skipSystem(reader, status)) break;
      // A message of the system ends what is running, though not every program keeps to it.
      continue;
    }
    running = status;
    const first = reader.data();
    const second = dataBytes[(status >> 4) - 8] === 2 ? reader.data() : 0;
    if (status >> 4 === 9 && second > 0) held.press(status & 15, first, second, tick);
    else if (status >> 4 === 9 || status >> 4 === 8) held.release(status & 15, first, tick);
  }
  held.releaseAll(tick);
}

/** Passes over a meta event or a system message; true at the end of the track. */
function skipSystem(reader: Reader, status: number): boolean {
  if (status === 0xff) {
    const type = reader.byte();
    reader.skip(reader.variable());
    return type === 0x2f;
  }
  if (status !== 0xf0 && status !== 0xf7)
    throw damaged(`an event 0x${status.toString(16)} does not belong into a file`);
  reader.skip(reader.variable());
  return false;
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  peek(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw damaged('a track ends within an event');
    return byte;
  }

  byte(): number {
    const byte = this.peek();
    this.at++;
    return byte;
  }

  data(): number {
    const byte = this.byte();
    if (byte >= 0x80) throw damaged('an event lacks a value');
    return byte;
  }

  /** A number in groups of seven bits, four bytes at most. */
  variable(): number {
    let value = 0;
    for (let count = 0; count < 4; count++) {
      const byte = this.byte();
      value = value * 128 + (byte & 127);
      if (byte < 128) return value;
    }
    throw damaged('a length has more than four bytes');
  }

  skip(count: number): void {
    if (this.at + count > this.bytes.length) throw damaged('a track ends within an event');
    this.at += count;
  }
}

/** Keys that are down, by channel and pitch. */
class Held {
  private readonly keys = new Map<number, { tick: number; velocity: number }>();

  constructor(
    private readonly scale: number,
    private readonly notes: Note[],
  ) {}

  /** A key that is struck again ends its note. */
  press(channel: number, pitch: number, velocity: number, tick: number): void {
    this.release(channel, pitch, tick);
    this.keys.set(channel * 128 + pitch, { tick, velocity });
  }

  release(channel: number, pitch: number, tick: number): void {
    const key = channel * 128 + pitch;
    const down = this.keys.get(key);
    if (down === undefined) return;
    this.keys.delete(key);
    if (this.notes.length >= maxNotes) throw new AppError('data/too-large', 'The music has more than a million notes.');
    const start = Math.round(down.tick * this.scale);
    const length = Math.max(1, Math.round((tick - down.tick) * this.scale));
    this.notes.push({ start, length, pitch, velocity: down.velocity });
  }

  releaseAll(tick: number): void {
    for (const key of [...this.keys.keys()]) this.release(key >> 7, key & 127, tick);
  }
}
