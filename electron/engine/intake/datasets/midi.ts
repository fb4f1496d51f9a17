/** Reads music: one MIDI file is one sample, its notes from all tracks; folders are labels. */
import type { Inspection } from '../../../contract/samples';
import { eachFile, fromNames, spread } from './each-file';
import { readMidi } from './midi-format';
import { areMostly, extensionOf, passedOver } from './names';
import { nothing, toChunks } from './outcomes';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { leftOutNotes, tally } from './table-read';
import { AppError } from '../../../contract/errors';

const isMidi = ({ name, isGzip }: SourceHead): boolean =>
  !isGzip && ['.mid', '.midi', '.kar'].includes(extensionOf(name));

export const midiReader: DatasetReader = {
  name: 'midi',
  match: (sources) => areMostly(sources, isMidi),
  async inspect(all, signal) {
    const sources = all.filter(isMidi);
    const inspection = await inspect(sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  open: (request) => open({ ...request, sources: request.sources.filter(isMidi) }),
};

/** Files that an inspection reads, spread over all. */
const lookedAt = 100;
const noteBytes = 16;

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const looked = spread(sources, lookedAt);
  const counts = await tally(eachFile(looked, signal, toPayload));
  if (counts.samples === 0) throw nothing(counts.firstLeftOut);
  const notes = Math.round(counts.payloadBytes / noteBytes / counts.samples);
  const samples = Math.round((sources.length * counts.samples) / looked.length);
  return {
    kind: 'music',
    samples,
    isCountExact: looked.length === sources.length,
    ...fromNames(sources),
    options: {},
    sizes: null,
    pictures: [],
    rows: [],
    packBytes: samples * (notes * noteBytes + 64),
    notes: [`Pieces have ${notes} notes on average.`, ...leftOutNotes(counts)],
  };
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const outcomes = eachFile(request.sources, request.signal, toPayload);
  yield* toChunks(request, { kind: 'music', columns: [] }, outcomes);
}

/** Start, length, pitch and velocity of each note as 32-bit numbers, little-endian. */
function toPayload(bytes: Uint8Array): Uint8Array {
  const notes = readMidi(bytes);
  if (notes.length === 0) throw new AppError('data/empty', 'The music has no notes.');
  const numbers = Int32Array.from(
    notes.flatMap(({ start, length, pitch, velocity }) => [start, length, pitch, velocity]),
  );
  return new Uint8Array(numbers.buffer);
}
