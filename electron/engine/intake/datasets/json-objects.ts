/** Flat objects out of JSON text, one a line or all in one array, with constant memory for lines. */
import { AppError } from '../../../contract/errors';
import { lineBatches } from './lines';
import { extensionOf } from './names';
import { badRow } from './outcomes';
import type { SourceHead } from './reader';
import type { Value } from './table-columns';
import { readTextHead } from './text-head';
import type { TextFound } from './utf8';

export interface JsonItem {
  /** Line, or place in the array, from 1. */
  number: number;
  /** Values by key, or why it is no object. */
  object: ReadonlyMap<string, Value> | AppError;
  /** Characters in the source, about. */
  length: number;
}

/** An array has to be parsed as a whole. */
const maxArrayBytes = 64 * 1024 * 1024;

/** In batches; fails with `data/...` when the source is no list of objects at all. */
export async function* readObjects(
  source: SourceHead,
  found: TextFound,
  signal: AbortSignal,
): AsyncGenerator<JsonItem[]> {
  if (isArray(source)) yield await arrayItems(source, found, signal);
  else yield* lineItems(source, found, signal);
}

function isArray({ name, head }: SourceHead): boolean {
  const start = Buffer.from(head.subarray(0, 256))
    .toString('latin1')
    .replace(/[\0\xef\xbb\xbf\xff\xfe]/g, '');
  return extensionOf(name) === '.json' && start.trimStart().startsWith('[');
}

async function arrayItems(source: SourceHead, found: TextFound, signal: AbortSignal): Promise<JsonItem[]> {
  const { text, isWhole, found: here } = await readTextHead(source, signal, maxArrayBytes);
  Object.assign(found, here);
  if (!isWhole) {
    const message = 'A JSON array of more than 64 MB would have to be held in memory whole. Save it as JSON lines.';
    throw new AppError('data/too-large', message);
  }
  const value = parse(text);
  if (!Array.isArray(value)) {
    const reason = value instanceof SyntaxError ? value.message : 'it is not an array';
    throw badRow(`The JSON cannot be parsed: ${reason.slice(0, 200)}.`, { reason });
  }
  const items: unknown[] = value;
  return items.map((item, i) => ({ number: i + 1, object: toObject(item), length: text.length / items.length }));
}

async function* lineItems(source: SourceHead, found: TextFound, signal: AbortSignal): AsyncGenerator<JsonItem[]> {
  let number = 0;
  let good = 0;
  for await (const lines of lineBatches(source, found, signal)) {
    const items: JsonItem[] = [];
    for (const line of lines) {
      number++;
      if (line === '' || line?.trim() === '') continue;
      const object = line === null ? badRow('The line is longer than 16 million characters.') : toObject(parse(line));
      if (!(object instanceof AppError)) good++;
      items.push({ number, object, length: line?.length ?? 0 });
    }
    // A thousand lines without an object are something else: one large object over many lines, mostly.
    if (good === 0 && number > 1000) {
      throw new AppError('data/unsupported', 'Its lines are not JSON objects. One object on each line is needed.');
    }
    yield items;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}

function toObject(value: unknown): ReadonlyMap<string, Value> | AppError {
  if (value instanceof SyntaxError) return badRow(`It is no JSON: ${value.message.slice(0, 200)}.`);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Error) {
    return badRow('It is no JSON object.');
  }
  try {
    return new Map(Object.entries(value).map(([key, one]: [string, unknown]) => [key, toValue(one)]));
  } catch {
    return badRow('It is nested too deeply.');
  }
}

/** Yes and no become 1 and 0; what is nested becomes JSON text. */
function toValue(value: unknown): Value {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value === null ? null : JSON.stringify(value);
}
