/** Class names from a file: one a line, a JSON list, or a JSON object from index to name (also under a usual key). */
import { AppError } from '../../contract/errors';

export const maxLabelBytes = 4 * 1024 * 1024;
const maxLabels = 100_000;
const maxLabelLength = 500;

/** Fails with `model/labels-mismatch`, saying what is wrong and where. */
export function parseLabels(bytes: Uint8Array): string[] {
  const text = decodeText(bytes);
  const labels = /^\s*[[{]/.test(text) ? fromJson(text) : fromLines(text);
  if (labels.length === 0) throw wrong('The labels file names no classes.');
  if (labels.length > maxLabels)
    throw wrong(`The labels file names ${labels.length} classes; ${maxLabels} are the limit.`);
  const long = labels.findIndex((label) => label.length > maxLabelLength);
  if (long >= 0) throw wrong(`Class ${long + 1} of the labels file has a name of more than ${maxLabelLength} letters.`);
  return labels;
}

function wrong(message: string): AppError {
  return new AppError('model/labels-mismatch', message);
}

function decodeText(bytes: Uint8Array): string {
  try {
    // Drops a byte-order mark by itself.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch {
    // Reported below, together with text that holds zero bytes.
  }
  throw wrong('The labels file is not UTF-8 text.');
}

/** Empty lines at the end do not count; one in the middle is a class without a name, which is an error. */
function fromLines(text: string): string[] {
  const lines = text
    .trimEnd()
    .split(/\r\n|\n|\r/)
    .map((line) => line.trim());
  if (lines.length === 1 && lines[0] === '') return [];
  const blank = lines.indexOf('');
  if (blank >= 0) throw wrong(`Line ${blank + 1} of the labels file is empty.`);
  return lines;
}

function fromJson(text: string): string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw wrong('The labels file looks like JSON and is not: it cannot be parsed.');
  }
  return fromValue(value, true);
}

/** Keys under which other programs keep the list or the map. */
const usualKeys = ['labels', 'classes', 'class_names', 'names', 'id2label', 'idx_to_class'];

function fromValue(value: unknown, mayUnwrap: boolean): string[] {
  if (Array.isArray(value)) return value.map((one, i) => labelOf(one, `Entry ${i + 1}`));
  if (typeof value !== 'object' || value === null) throw wrong('The labels file holds no list of classes.');
  const entries: [string, unknown][] = Object.entries(value);
  if (entries.length > 0 && entries.every(([key]) => /^\d+$/.test(key))) return fromIndexed(entries);
  if (entries.length > 0 && entries.every(([, index]) => Number.isInteger(index))) {
    return fromIndexed(entries.map(([label, index]) => [String(index), label]));
  }
  const wrapped = mayUnwrap ? entries.find(([key]) => usualKeys.includes(key)) : undefined;
  if (wrapped !== undefined) return fromValue(wrapped[1], false);
  throw wrong('The labels file holds no list of classes.');
}

/** Index to name; every index from 0 on must be there once. */
function fromIndexed(entries: readonly (readonly [string, unknown])[]): string[] {
  const byIndex = new Map(entries.map(([key, value]) => [Number(key), value]));
  return entries.map((_, index) => {
    if (!byIndex.has(index)) throw wrong(`The labels file names no class ${index}.`);
    return labelOf(byIndex.get(index), `Class ${index}`);
  });
}

/** A name, or the last part of lists such as ["n01440764", "tench"]. */
function labelOf(value: unknown, where: string): string {
  const name: unknown = Array.isArray(value) ? value.at(-1) : value;
  const text = typeof name === 'string' ? name.trim() : typeof name === 'number' ? String(name) : '';
  if (text === '') throw wrong(`${where} of the labels file is not a name.`);
  return text;
}
