/** Sounds and music: formats, resampling against a sine, notes, what is left out, files that lie. */
import { describe, expect, test } from 'vitest';
import { raggedOf } from '../../datasets/chunk';
import { midiReader } from './midi';
import { readMidi } from './midi-format';
import { resample } from './resample';
import { scale, sine, variable, writeMidi, writeWav } from './testing/sounds';
import { never, outcomeOf, readAll, readChunks, readInPieces, testFolder } from './testing/sources';
import { wavReader } from './wav';
import { decodeWav } from './wav-format';

const folder = testFolder();

describe('WAV', () => {
  test.each([
    ['8 bits', { bits: 8 }, 0.01],
    ['16 bits', { bits: 16 }, 1e-4],
    ['24 bits', { bits: 24 }, 1e-6],
    ['32 bits', { bits: 32 }, 1e-7],
    ['floats', { bits: 32, isFloat: true }, 1e-7],
    ['doubles', { bits: 64, isFloat: true }, 1e-7],
    ['the extensible form', { bits: 24, isExtensible: true }, 1e-6],
    ['other parts before the data', { bits: 16, extra: new Uint8Array(7) }, 1e-4],
  ] as const)('%s', (_, options, tolerance) => {
    const values = [0, 0.5, -0.5, 1, -1, 0.123];
    const { samples, rate } = decodeWav(writeWav(values, options));
    expect(rate).toBe(16_000);
    values.forEach((value, i) => expect(Math.abs((samples[i] ?? 9) - value)).toBeLessThan(tolerance));
  });

  test('channels are averaged', () => {
    expect([...decodeWav(writeWav([0.5, -0.5, 1, 0.5], { channels: 2, bits: 32, isFloat: true })).samples]).toEqual([
      0, 0.75,
    ]);
  });

  test.each([
    [44_100, 16_000],
    [8000, 16_000],
    [48_000, 16_000],
    [22_050, 8000],
    [16_000, 15_999],
  ])('a sine keeps its height and phase from %i to %i', (from, to) => {
    const count = from / 5;
    const made = resample(Float32Array.from(sine(1000, from, count)), from, to);
    const expected = sine(1000, to, made.length);
    expect(made.length).toBe(Math.ceil((Math.floor(count) * to) / from));
    // The filter reaches over the ends, where there is nothing.
    for (let i = 200; i < made.length - 200; i++)
      expect(Math.abs((made[i] ?? 9) - (expected[i] ?? 0))).toBeLessThan(5e-4);
  });

  test('what is too high for the new rate vanishes', () => {
    for (const frequency of [8500, 12_000, 20_000]) {
      const made = resample(Float32Array.from(sine(frequency, 44_100, 9000)), 44_100, 16_000);
      const loudest = made.slice(200, -200).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      expect(loudest, `${frequency} Hz`).toBeLessThan(frequency < 9000 ? 2e-3 : 1e-4);
    }
  });

  test('folders are labels; a broken file is left out; the chunk holds 16 bits', async () => {
    const sources = [
      folder.source('words/yes/1.wav', writeWav(sine(440, 16_000, 1600))),
      folder.source('words/no/1.wav', writeWav(sine(440, 8000, 800), { rate: 8000 })),
      folder.source('words/no/2.wav', 'RIFF'),
    ];
    const inspection = await wavReader.inspect(sources, never);
    expect(inspection).toMatchObject({ kind: 'sound', samples: 2, options: { sampleRate: 16_000 } });
    expect(inspection.classes.map(({ name }) => name)).toEqual(['no', 'yes']);
    const [chunk] = await readChunks(wavReader, sources, { options: inspection.options });
    expect(chunk?.content.samples).toBe(2);
    expect(chunk?.leftOut[0]?.failure.code).toBe('data/unsupported');
    const { bytes, offsets } = raggedOf(chunk!.content, 'sound');
    expect([...offsets]).toEqual([0, 3200, 6400]);
    const first = new Int16Array(bytes.slice(0, 3200).buffer);
    expect(Math.abs((first[9] ?? 0) - 16_384 * Math.sin((2 * Math.PI * 440 * 9) / 16_000))).toBeLessThan(2);
  });

  const claims = (name: string, bytes: Uint8Array | string): ReturnType<typeof folder.source> =>
    folder.source(`lies/${name}.wav`, bytes);
  const whole = writeWav(sine(440, 16_000, 100));
  test.each([
    ['data of 4 GB', writeWav([0, 1], { claims: { data: 0xffff_ffff } }), 'data/damaged'],
    ['a description of 4 GB', Uint8Array.from(whole, (byte, i) => (i >= 16 && i < 20 ? 255 : byte)), 'data/damaged'],
    ['a RIFF size that lies', writeWav([0, 1], { claims: { riff: 0xffff_ffff } }), ''],
    ['no description', new Uint8Array(Buffer.concat([whole.subarray(0, 12), whole.subarray(36)])), 'data/damaged'],
    ['no data', whole.subarray(0, 36), 'data/damaged'],
    ['empty data', writeWav([]), 'data/empty'],
    ['a cut end', whole.subarray(0, -10), 'data/damaged'],
    ['0 channels', writeWav([0], { channels: 0 }), 'data/damaged'],
    ['65,535 channels', writeWav([0], { channels: 65_535 }), 'data/damaged'],
    ['rate 0', writeWav([0], { rate: 0 }), 'data/damaged'],
    ['rate 4 billion', writeWav([0], { rate: 0xffff_ffff }), 'data/damaged'],
    ['mu-law', writeWav([0], { bits: 8, claims: { format: 7 } }), 'data/unsupported'],
    ['another format', new TextEncoder().encode('ID3'), 'data/unsupported'],
  ])('%s: one sentence, no hang', async (name, bytes, code) => {
    const good = folder.source('lies/good.wav', whole);
    const read = await readAll(wavReader, [good, claims(name, bytes)], { options: { sampleRate: 16_000 } });
    expect(read.leftOut.map((one) => one.code).join()).toBe(code);
  });

  test('floats that are no numbers are silence', () => {
    expect([...decodeWav(writeWav([NaN, 0.5, Infinity], { bits: 32, isFloat: true })).samples]).toEqual([0, 0.5, 0]);
  });

  test('reading on gives the same as one read', async () => {
    const sources = Array.from({ length: 7 }, (_, i) =>
      folder.source(
        `on/${i % 2}/${i}.wav`,
        i === 3 ? 'x' : writeWav(sine(200 * (i + 1), 22_050, 500), { rate: 22_050 }),
      ),
    );
    const settings = { samplesPerChunk: 2 };
    expect((await readInPieces(wavReader, sources, settings)).digest).toBe(
      (await readAll(wavReader, sources, settings)).digest,
    );
  });
});

describe('MIDI', () => {
  test('notes of all tracks in order, in 480ths of a quarter', () => {
    const notes = readMidi(writeMidi([[...scale(60)], [0, 0x91, 48, 100, ...variable(960), 0x91, 48, 0]]));
    expect(notes).toHaveLength(6);
    expect(notes.slice(0, 3)).toEqual([
      { start: 0, length: 960, pitch: 48, velocity: 100 },
      { start: 0, length: 480, pitch: 60, velocity: 80 },
      { start: 480, length: 480, pitch: 62, velocity: 80 },
    ]);
    expect(readMidi(writeMidi([scale(60)], 96))[1]).toMatchObject({ start: 2400, length: 2400 });
  });

  test('running status, notes struck twice, notes never released, time in frames', () => {
    const running = [0, 0x90, 60, 80, 10, 62, 80, 10, 60, 0, 10, 62, 90, 10, 64, 1];
    expect(readMidi(writeMidi([running]))).toEqual([
      { start: 0, length: 20, pitch: 60, velocity: 80 },
      { start: 10, length: 20, pitch: 62, velocity: 80 },
      { start: 30, length: 10, pitch: 62, velocity: 90 },
      { start: 40, length: 1, pitch: 64, velocity: 1 },
    ]);
    // 25 frames of 40 ticks are a second: two quarters.
    expect(readMidi(writeMidi([[0, 0x90, 60, 80, ...variable(1000), 0x80, 60, 0]], 0xe728))[0]?.length).toBe(960);
  });

  test.each([
    ['status missing', writeMidi([[0, 60, 80]]), 'data/damaged'],
    ['a length of nine bytes', writeMidi([[0, 0xf0, 255, 255, 255, 255, 255, 255, 255, 255, 127]]), 'data/damaged'],
    ['a negative length', writeMidi([[0, 0xff, 1, 0xff, 0xff, 0xff, 0xff, 0x7f]]), 'data/damaged'],
    ['a text longer than its track', writeMidi([[0, 0xff, 1, 0xff, 0xff, 0x7f]]), 'data/damaged'],
    ['a value with its high bit set', writeMidi([[0, 0x90, 0x90, 80]]), 'data/damaged'],
    ['an event within an event', writeMidi([[0, 0xf4, 0]]), 'data/damaged'],
    ['more tracks claimed than there are', writeMidi([scale(60)], 480, 65_535), 'data/damaged'],
    ['no division', writeMidi([scale(60)], 0), 'data/damaged'],
    [
      'time that never ends',
      writeMidi([Array.from({ length: 20 }, () => [255, 255, 255, 127, 0x90, 60, 80]).flat()], 1),
      'data/damaged',
    ],
    ['no notes', writeMidi([[]]), 'data/empty'],
    [
      'a track of 4 GB',
      Uint8Array.from(writeMidi([scale(60)]), (byte, i) => (i >= 18 && i < 22 ? 255 : byte)),
      'data/damaged',
    ],
    ['another file', new TextEncoder().encode('RIFFxxxxRMID'), 'data/unsupported'],
  ])('%s', async (name, bytes, code) => {
    const sources = [folder.source(`m/${name}.mid`, bytes), folder.source('m/good.mid', writeMidi([scale(60)]))];
    expect((await readAll(midiReader, sources)).leftOut.map((one) => one.code)).toEqual([code]);
  });

  test('folders are labels; the chunk holds four numbers a note', async () => {
    const sources = [
      folder.source('style/major/a.mid', writeMidi([scale(60)])),
      folder.source('style/minor/b.midi', writeMidi([scale(57)])),
    ];
    expect(await midiReader.inspect(sources, never)).toMatchObject({
      kind: 'music',
      samples: 2,
      notes: ['Pieces have 5 notes on average.'],
    });
    const [chunk] = await readChunks(midiReader, sources);
    expect(chunk?.content.labels).toEqual(['major', 'minor']);
    const { bytes, offsets } = raggedOf(chunk!.content, 'notes');
    expect([...offsets]).toEqual([0, 80, 160]);
    expect([...new Int32Array(bytes.slice(80, 96).buffer)]).toEqual([0, 480, 57, 80]);
    expect(await outcomeOf(midiReader, sources)).toBe('2 samples, 0 left out');
  });
});
