/** Reads plain texts: a sample is a file, a line or a paragraph; folders are labels. */
import type { Inspection } from '../../../contract/samples';
import { areMostly, extensionOf, isText, passedOver } from './names';
import { toChunks } from './outcomes';
import type { DatasetReader, ReadChunk, ReadRequest, SourceHead } from './reader';
import { classesOf, cut, leftOutNotes, tally } from './table-read';
import { countedBytes, estimate, readTextHead, type TextHead, unpackedBytes } from './text-head';
import { textOutcomes, type TextUnit } from './text-units';
import { encodingNotes } from './utf8';

const extensions = new Set(['.txt', '.md', '.text', '.markdown']);

const isPlain = (source: SourceHead): boolean => extensions.has(extensionOf(source.name)) && isText(source);

export const textReader: DatasetReader = {
  name: 'text',
  match: (sources) => areMostly(sources, isPlain),
  async inspect(all, signal) {
    const sources = all.filter(isPlain);
    const inspection = await inspect(sources, signal);
    return { ...inspection, notes: [...inspection.notes, ...passedOver(all.length - sources.length)] };
  },
  open: (request) => open({ ...request, sources: request.sources.filter(isPlain) }),
};

/** Files whose beginnings an inspection reads. */
const lookedAt = 20;

async function inspect(sources: readonly SourceHead[], signal: AbortSignal): Promise<Omit<Inspection, 'reader'>> {
  const heads = await readHeads(sources, signal);
  const unit = proposeUnit(sources, heads);
  const isCountExact = unpackedBytes(sources) <= countedBytes;
  const counts = await tally(textOutcomes(isCountExact ? sources : sources.slice(0, 1), unit, signal));
  const notes = [...new Set(heads.flatMap(({ found }) => encodingNotes(found))), ...gutenbergNotes(heads)];
  if (!isCountExact) notes.push('The texts are large: they are counted during the import, and classes shown then.');
  const classes = isCountExact ? classesOf(counts, notes) : [];
  const samples = isCountExact ? counts.samples : estimateAll(sources, unit, counts);
  return {
    kind: 'text',
    samples,
    isCountExact,
    classes,
    hasGivenSplit: counts.hasSplit,
    options: { textUnit: unit },
    sizes: null,
    pictures: [],
    rows: previewRows(heads, unit),
    packBytes: unpackedBytes(sources) + 100 * samples,
    notes: [...notes, ...leftOutNotes(counts)].slice(0, 50),
  };
}

async function* open(request: ReadRequest): AsyncGenerator<ReadChunk> {
  const { sources, options, signal } = request;
  const unit = options.textUnit ?? proposeUnit(sources, await readHeads(sources, signal));
  yield* toChunks(request, { kind: 'text', columns: [] }, textOutcomes(sources, unit, signal));
}

async function readHeads(sources: readonly SourceHead[], signal: AbortSignal): Promise<TextHead[]> {
  const heads: TextHead[] = [];
  for (const source of sources.slice(0, lookedAt)) heads.push(await readTextHead(source, signal));
  return heads;
}

function estimateAll(
  sources: readonly SourceHead[],
  unit: TextUnit,
  { samples, bytes }: { samples: number; bytes: number },
): number {
  return unit === 'file' ? sources.length : estimate(samples, bytes, sources);
}

/** Many short files are a sample each; a list has short lines and hardly a blank one; the rest is prose. */
function proposeUnit(sources: readonly SourceHead[], heads: readonly TextHead[]): TextUnit {
  const longest = heads.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  if (sources.length > 1 && longest <= 64 * 1024) return 'file';
  const lines = heads.flatMap(({ text }) => text.slice(0, 64 * 1024).split(/\r\n|\n|\r/));
  const blank = lines.filter((line) => line.trim() === '').length;
  return blank > 0.02 * lines.length + 1 ? 'paragraph' : 'line';
}

/** Project Gutenberg's licence around a book: said, not cut. */
function gutenbergNotes(heads: readonly TextHead[]): string[] {
  const books = heads.filter(({ text }) => /\*\*\* ?START OF TH(E|IS) PROJECT GUTENBERG|Project Gutenberg/i.test(text));
  if (books.length === 0) return [];
  return ['The texts carry the header and footer of Project Gutenberg, which are read like the rest.'];
}

function previewRows(heads: readonly TextHead[], unit: TextUnit): string[][] {
  if (unit === 'file') return heads.map(({ text }) => [cut(text.trim(), 200)]);
  const separator = unit === 'line' ? /\r\n|\n|\r/ : /(?:\r\n|\n|\r)\s*(?:\r\n|\n|\r)/;
  const texts = heads.flatMap(({ text }) => text.slice(0, 64 * 1024).split(separator));
  const shown = texts.filter((text) => text.trim() !== '').slice(0, 20);
  return shown.map((text) => [cut(text, 200)]);
}
