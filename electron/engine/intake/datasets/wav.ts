/** Reads sounds: one WAV file is one sample, mono, at one rate for all; folders are labels. */
import type { Inspection } from '../../../contract/samples';
import { throwIfCancelled } from '../../../contract/errors';
import type { LeftOut } from '../../../contract/dataset-intake';
import { openRegular, readWhole } from '../read-file';
import { eachFile, fromNames, maxFileBytes, spread } from './each-file';
import { areMostly, extensionOf, passedOver } from './names';
import { leaveOut, nothing, toChunks } from './outcomes';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { resample } from './resample';
import { decodeWav, readWavFormat, type WavFormat } from './wav-format';

const isWav = ({ name, isGzip }: SourceHead): boolean => !isGzip && ['.wav', '.wave'].includes(extensionOf(name));

export const wavReader: DatasetReader = {
  name: 'wav',
  match: (sources) => areMostly(sources, isWav),
  async inspect(all, signal) {
    const sources = all.filter(isWav);
    const inspection = await inspect(sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  open: (request) => open({ ...request, sources: request.sources.filter(isWav) }),
};

/** Speech is mostly taken at this rate; lower ones are kept. */
const usualRate = 16_000;
/** Headers that an inspection reads, spread over the files. */
const lookedAt = 200;

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const { formats, wrong, looked, first } = await lookAt(sources, signal);
  if (formats.length === 0) throw nothing(first);
  const sampleRate = proposeRate(formats);
  const seconds = formats.reduce((sum, { frames, rate }) => sum + frames / rate, 0) / formats.length;
  const samples = Math.round((sources.length * formats.length) / looked);
  const notes = [
    `Sounds last ${seconds.toFixed(1)} seconds on average; they become mono with ${sampleRate} samples a second.`,
  ];
  const rates = new Set(formats.map(({ rate }) => rate));
  if (rates.size > 1)
    notes.push(
      `They have different rates: ${[...rates]
        .sort((a, b) => a - b)
        .slice(0, 8)
        .join(', ')}.`,
    );
  if (first !== undefined)
    notes.push(
      `${wrong} of ${looked} cannot be read. The first: ${first.name}: ${first.failure.message}`.slice(0, 500),
    );
  return {
    kind: 'sound',
    samples,
    isCountExact: looked === sources.length,
    ...fromNames(sources),
    options: { sampleRate },
    sizes: null,
    pictures: [],
    rows: [],
    packBytes: Math.round(samples * seconds * sampleRate * 2),
    notes,
  };
}

interface Looks {
  formats: WavFormat[];
  looked: number;
  wrong: number;
  first: LeftOut | undefined;
}

/** Reads the headers of some files, spread evenly over all. */
async function lookAt(sources: readonly SourceHead[], signal: AbortSignal): Promise<Looks> {
  const looks: Looks = { formats: [], looked: 0, wrong: 0, first: undefined };
  for (const source of spread(sources, lookedAt)) {
    throwIfCancelled(signal);
    looks.looked++;
    try {
      looks.formats.push(await formatOf(source, signal));
    } catch (error) {
      throwIfCancelled(signal);
      looks.wrong++;
      looks.first ??= leaveOut(source.name, error);
    }
  }
  return looks;
}

/** The header mostly lies in the first bytes; where other parts stand before the data, the whole file tells. */
async function formatOf({ path, bytes: size }: SourceHead, signal: AbortSignal): Promise<WavFormat> {
  const start = new Uint8Array(Math.min(size, 64 * 1024));
  const file = await openRegular(path);
  try {
    const { bytesRead } = await file.read(start, 0, start.length, 0);
    return readWavFormat(start.subarray(0, bytesRead), size);
  } catch (error) {
    if (size <= start.length) throw error;
    return readWavFormat(await readWhole(path, maxFileBytes, signal));
  } finally {
    await file.close();
  }
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const { sources, options, signal } = request;
  const rate = options.sampleRate ?? proposeRate((await lookAt(sources, signal)).formats);
  yield* toChunks(
    request,
    { kind: 'sound', columns: [] },
    eachFile(sources, signal, (bytes) => toPayload(bytes, rate)),
  );
}

function proposeRate(formats: readonly WavFormat[]): number {
  const highest = formats.reduce((most, { rate }) => Math.max(most, rate), 0);
  return Math.max(4000, Math.min(usualRate, highest || usualRate));
}

/** 16-bit numbers, little-endian. */
function toPayload(bytes: Uint8Array, rate: number): Uint8Array {
  const sound = decodeWav(bytes);
  const samples = resample(sound.samples, sound.rate, rate);
  const whole = Int16Array.from(samples, (value) => Math.max(-32_768, Math.min(32_767, Math.round(value * 32_768))));
  return new Uint8Array(whole.buffer);
}
