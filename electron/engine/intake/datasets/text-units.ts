/** The samples of plain texts: whole files, lines that are not blank, or paragraphs with a blank line between them. */
import { AppError } from '../../../contract/errors';
import type { ReadOptions } from '../../../contract/samples';
import { labelsFromFolders, type Placed } from '../../datasets/folder-labels';
import { type Line, lineBatches, maxLineCharacters } from './lines';
import { badRow, leaveOut, type Outcome } from './outcomes';
import type { SourceHead } from './reader';
import { readTextHead } from './text-head';

export type TextUnit = NonNullable<ReadOptions['textUnit']>;

/** A text that is one sample is held in memory whole. */
const maxFileBytes = 64 * 1024 * 1024;

export async function* textOutcomes(
  sources: readonly SourceHead[],
  unit: TextUnit,
  signal: AbortSignal,
): AsyncGenerator<Outcome[]> {
  const places = labelsFromFolders(sources.map(({ name }) => name));
  for (const [i, source] of sources.entries()) {
    const place = places[i] ?? { label: null, split: null };
    if (unit === 'file') yield [await wholeFile(source, place, signal)];
    else yield* parts(source, place, unit, signal);
  }
}

async function wholeFile(source: SourceHead, place: Placed, signal: AbortSignal): Promise<Outcome> {
  try {
    const { text, isWhole } = await readTextHead(source, signal, maxFileBytes);
    if (isWhole) return toSample(source.name, text, place);
    throw new AppError('file/too-large', 'It is longer than 64 MB. Import it in lines or paragraphs.');
  } catch (error) {
    if (signal.aborted) throw error;
    return leaveOut(source.name, error);
  }
}

async function* parts(
  source: SourceHead,
  place: Placed,
  unit: 'line' | 'paragraph',
  signal: AbortSignal,
): AsyncGenerator<Outcome[]> {
  const collect = unit === 'line' ? linesOf() : paragraphsOf();
  const toOutcome = ({ number, text }: Part): Outcome => {
    const name = `${source.name}:${number}`;
    return text === null ? leaveOut(name, tooLong(unit)) : toSample(name, text, place);
  };
  for await (const lines of lineBatches(source, { encoding: 'UTF-8', mended: 0 }, signal)) {
    yield collect(lines).map(toOutcome);
  }
  // A paragraph ends at the latest with the file.
  yield collect(['']).map(toOutcome);
}

/** `number` is that of its first line. */
interface Part {
  number: number;
  text: Line;
}

type Collect = (lines: readonly Line[]) => Part[];

const isBlank = (line: Line): boolean => line?.trim() === '';

function linesOf(): Collect {
  let number = 0;
  return (lines) => lines.map((text) => ({ number: ++number, text })).filter(({ text }) => !isBlank(text));
}

function paragraphsOf(): Collect {
  let number = 0;
  let open: string[] = [];
  let length = 0;
  let from = 0;
  return (lines) => {
    const done: Part[] = [];
    for (const line of lines) {
      number++;
      if (isBlank(line)) {
        if (length > 0) done.push({ number: from, text: length > maxLineCharacters ? null : open.join('\n') });
        open = [];
        length = 0;
        continue;
      }
      if (length === 0) from = number;
      length += 1 + (line?.length ?? maxLineCharacters);
      // What is too long is counted on, but not kept.
      if (length > maxLineCharacters) open = [];
      else open.push(line ?? '');
    }
    return done;
  };
}

const tooLong = (unit: string): AppError => badRow(`The ${unit} is longer than 16 million characters.`);

function toSample(name: string, text: string, { label, split }: Placed): Outcome {
  if (text.includes('\0')) return leaveOut(name, badRow('It holds a zero byte, so it is no text.'));
  if (text.trim() === '') return leaveOut(name, badRow('It is empty.'));
  return { name, label, split, own: text, payload: Buffer.from(text) };
}
