/** One sample as the file that other programs read: PNG, text, SMILES, WAV, MIDI. */
import { createCanvas, ImageData } from '@napi-rs/canvas';
import { Midi } from '@tonejs/midi';
import { AppError } from '../../../contract/errors';
import type { SampleKind } from '../../../contract/samples';
import type { OpenDataset } from '../open-dataset';
import { toRgba } from '../pictures';

const extensions: Record<SampleKind, string> = {
  image: '.png',
  text: '.txt',
  molecule: '.smi',
  sound: '.wav',
  music: '.mid',
  row: '',
};

/** Throws `data/unusable` for rows of a table, which are no files. */
export function extensionOf(dataset: OpenDataset): string {
  const { kind, title } = dataset.manifest;
  if (kind !== 'row') return extensions[kind];
  throw new AppError('data/unusable', `“${title}” is a table. Export it as CSV or Parquet.`);
}

export async function sampleFile(dataset: OpenDataset, index: number): Promise<Buffer> {
  const { manifest, packs } = dataset;
  switch (manifest.kind) {
    case 'image':
      return png(dataset, index);
    case 'text':
    case 'molecule':
      return Buffer.from(await packs.value('text', index));
    case 'sound':
      return wav(await packs.value('sound', index), manifest.sampleRate ?? 16_000);
    case 'music':
      return midi(await packs.value('notes', index));
    case 'row':
      throw new AppError('data/unusable', 'A row of a table is no file.');
  }
}

async function png({ packs }: OpenDataset, index: number): Promise<Buffer> {
  const { height, width, channels } = packs.image ?? { height: 1, width: 1, channels: 1 };
  const rgba = new Uint8ClampedArray(toRgba(await packs.images([index]), channels).buffer);
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(rgba, width, height), 0, 0);
  return canvas.encode('png');
}

/** RIFF with one "fmt " of 16-bit PCM, mono, and one "data". */
function wav(samples: Uint8Array, rate: number): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0, 'latin1');
  head.writeUInt32LE(36 + samples.length, 4);
  head.write('WAVEfmt ', 8, 'latin1');
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(rate, 24);
  head.writeUInt32LE(rate * 2, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36, 'latin1');
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

/** Notes are i32 [start, length, pitch, velocity], times in 1/480 of a quarter, which is the library's own. */
function midi(notes: Uint8Array): Buffer {
  const file = new Midi();
  const track = file.addTrack();
  const view = new DataView(notes.buffer, notes.byteOffset, notes.byteLength);
  for (let at = 0; at + 16 <= notes.byteLength; at += 16) {
    const [ticks, durationTicks, pitch, velocity] = [0, 4, 8, 12].map((offset) => view.getInt32(at + offset, true));
    track.addNote({
      ticks: ticks ?? 0,
      durationTicks: durationTicks ?? 0,
      midi: pitch ?? 0,
      velocity: (velocity ?? 0) / 127,
    });
  }
  return Buffer.from(file.toArray());
}
