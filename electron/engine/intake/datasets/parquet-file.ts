/** A Parquet file whose description was checked: its columns, its row groups, and their values one group at a time. */
import { type ColumnMetaData, type FileMetaData, parquetMetadata, type SchemaElement } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { readColumn } from 'hyparquet/src/column.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import type { FileHandle } from 'node:fs/promises';
import { AppError } from '../../../contract/errors';
import { fileError, openRegular } from '../read-file';
import { checkPages, type PageCheck } from './parquet-pages';
import type { SourceHead } from './reader';
import { maxColumns } from './table-columns';
import { readThrift } from './thrift';

const maxFooterBytes = 64 * 1024 * 1024;
/** What is held in memory at once. */
const maxGroupBytes = 1024 * 1024 * 1024;
const maxGroupRows = 16 * 1024 * 1024;
const maxRows = 1_000_000_000;
const maxDepth = 32;

export interface ParquetColumn {
  readonly name: string;
  /** Path of the values. */
  readonly path: readonly string[];
  /** Encoded pictures, as Hugging Face keeps them: a struct of `bytes` and `path`. */
  readonly isPicture: boolean;
}

export interface ParquetFile {
  readonly metadata: FileMetaData;
  readonly columns: readonly ParquetColumn[];
  /** Names of columns that are nested and not read. */
  readonly nested: readonly string[];
  readonly rows: number;
  /** Names of the classes of columns that hold their numbers, from the description by Hugging Face. */
  readonly classNames: ReadonlyMap<string, readonly string[]>;
}

const damaged = (reason: string, cause?: unknown): AppError =>
  new AppError('data/damaged', `The Parquet file is damaged: ${reason}.`, {}, { cause });

/** Runs what believes its input; whatever it throws is the file's fault. */
async function blamed<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw damaged(error instanceof Error ? error.message.slice(0, 200) : 'it cannot be read', error);
  }
}

/** Fails with `data/...` from the description alone, before any column is read. */
export async function openParquet({ path }: SourceHead): Promise<ParquetFile> {
  const file = await openRegular(path);
  try {
    const { size } = await file.stat();
    const footer = await readFooter(file, size);
    readThrift(footer, 0);
    const metadata = await blamed(() => parquetMetadata(footer, { geoparquet: false }));
    checkSizes(metadata, size);
    return {
      metadata,
      ...columnsOf(metadata.schema),
      rows: Number(metadata.num_rows),
      classNames: classNamesOf(metadata),
    };
  } catch (error) {
    throw fileError(error, path);
  } finally {
    await file.close();
  }
}

/** The description with its length and mark, as it stands at the end. */
async function readFooter(file: FileHandle, size: number): Promise<Uint8Array> {
  if (size < 12) throw damaged('it is too short');
  const tail = await readAt(file, size - 8, 8);
  const mark = Buffer.from(tail).toString('latin1', 4);
  if (mark === 'PARE') throw new AppError('data/encrypted', 'The Parquet file is encrypted.');
  if (mark !== 'PAR1') throw damaged('its end is missing');
  const length = new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (length > size - 12) throw damaged('its description is longer than the file');
  if (length > maxFooterBytes)
    throw new AppError('data/too-large', 'The description of the Parquet file has more than 64 MB.');
  return readAt(file, size - 8 - length, length + 8);
}

async function readAt(file: FileHandle, from: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const { bytesRead } = await file.read(bytes, done, length - done, from + done);
    if (bytesRead === 0) throw damaged('it became shorter while it was read');
    done += bytesRead;
  }
  return bytes;
}

function checkSizes({ num_rows, row_groups, schema }: FileMetaData, size: number): void {
  const rows = Number(num_rows);
  const inGroups = row_groups.reduce((sum, group) => sum + Number(group.num_rows), 0);
  if (row_groups.some((group) => group.num_rows < 0)) throw damaged('a group has fewer than no rows');
  if (rows !== inGroups) throw damaged(`it says ${rows} rows, its groups have ${inGroups}`);
  for (const { columns } of row_groups) for (const { meta_data } of columns) if (meta_data) checkPlace(meta_data, size);
  // A column of one value packs a million rows into some bytes; nothing packs more.
  if (rows > 1_000_000 && rows > size * 10_000)
    throw new AppError('data/bomb', `The Parquet file claims ${rows} rows in ${size} bytes.`);
  if (rows > maxRows)
    throw new AppError('data/too-many', `The Parquet file has ${rows} rows; a billion are the limit.`);
  if (row_groups.some((group) => Number(group.num_rows) > maxGroupRows)) {
    throw new AppError(
      'data/too-large',
      'The Parquet file has groups of more than 16 million rows. Save it with smaller row groups.',
    );
  }
  if (schema.length > 8 * maxColumns)
    throw new AppError('data/too-many', `The Parquet file has ${schema.length} columns; ${maxColumns} are the limit.`);
}

function checkPlace(chunk: ColumnMetaData, size: number): void {
  const { from, length } = placeOf(chunk);
  if (from < 4 || length < 0 || from + length > size) throw damaged('a column lies outside of it');
}

function placeOf({ dictionary_page_offset, data_page_offset, total_compressed_size }: ColumnMetaData): {
  from: number;
  length: number;
} {
  // Some writers say 0 where there is no dictionary.
  const from = Number(dictionary_page_offset ?? 0n) || Number(data_page_offset);
  return { from, length: Number(total_compressed_size) };
}

/** Names are required, though nobody has looked whether they are there. */
function named<Element extends { readonly name?: unknown }>(element: Element | undefined): Element {
  if (typeof element?.name !== 'string') throw damaged('a column has no name');
  return element;
}

/** Top-level columns of plain values and of pictures. */
function columnsOf(schema: readonly SchemaElement[]): Pick<ParquetFile, 'columns' | 'nested'> {
  const columns: ParquetColumn[] = [];
  const nested: string[] = [];
  for (let at = 1; at < schema.length;) {
    const end = endOf(schema, at);
    const { name, type, repetition_type } = named(schema[at]);
    const inner = schema.slice(at + 1, end);
    const picture = inner.find((one) => one.name === 'bytes' && one.type === 'BYTE_ARRAY');
    if (type !== undefined && repetition_type !== 'REPEATED') columns.push({ name, path: [name], isPicture: false });
    else if (picture !== undefined && inner.length <= 2) columns.push({ name, path: [name, 'bytes'], isPicture: true });
    else nested.push(name);
    at = end;
  }
  if (columns.length > maxColumns)
    throw new AppError('data/too-many', `The Parquet file has ${columns.length} columns; ${maxColumns} are the limit.`);
  return { columns, nested };
}

/** Where the subtree at `at` ends; no recursion, since the file says how deep it is. */
function endOf(schema: readonly SchemaElement[], at: number): number {
  /** Children that are still to come, from the outermost level on. */
  const missing = [1];
  for (let i = at; i < schema.length; i++) {
    missing.push((missing.pop() ?? 0) - 1);
    const children = schema[i]?.num_children ?? 0;
    if (children > 0) missing.push(children);
    while (missing.at(-1) === 0) missing.pop();
    if (missing.length === 0) return i + 1;
    if (missing.length > maxDepth) {
      throw new AppError('data/bomb', `The columns of the Parquet file are nested more than ${maxDepth} deep.`);
    }
  }
  throw damaged('a column lacks its parts');
}

const isNames = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** `{"info": {"features": {"label": {"names": [...], "_type": "ClassLabel"}}}}` under the key `huggingface`. */
function classNamesOf({ key_value_metadata: pairs }: FileMetaData): Map<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  const text = pairs?.find(({ key }) => key === 'huggingface')?.value;
  if (text === undefined) return names;
  for (const [column, feature] of entriesOf(entryOf(entryOf(parse(text), 'info'), 'features'))) {
    const list = entryOf(feature, 'names');
    if (isNames(list) && list.length <= 10_000) names.set(column, list);
  }
  return names;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const entriesOf = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : [];

const entryOf = (value: unknown, key: string): unknown => entriesOf(value).find(([name]) => name === key)?.[1];

/** Values of the columns of one row group, all of its rows. Bytes stay bytes; times are milliseconds since 1970. */
export async function readGroup(
  { path }: SourceHead,
  { metadata }: ParquetFile,
  index: number,
  columns: readonly ParquetColumn[],
): Promise<ArrayLike<unknown>[]> {
  const group = metadata.row_groups[index];
  if (group === undefined) throw damaged('a group is missing');
  const chunks = columns.map((column) =>
    chunkOf(
      group.columns.map(({ meta_data }) => meta_data),
      column,
    ),
  );
  const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.total_compressed_size), 0);
  if (bytes > maxGroupBytes)
    throw new AppError(
      'data/too-large',
      'A group of the Parquet file has more than 1 GB. Save it with smaller row groups.',
    );
  const file = await openRegular(path);
  try {
    const values: ArrayLike<unknown>[] = [];
    for (const chunk of chunks)
      values.push(await readChunkValues(file, metadata.schema, chunk, Number(group.num_rows)));
    return values;
  } finally {
    await file.close();
  }
}

function chunkOf(chunks: readonly (ColumnMetaData | undefined)[], { path }: ParquetColumn): ColumnMetaData {
  const chunk = chunks.find((one) => one?.path_in_schema.join('\0') === path.join('\0'));
  if (chunk === undefined) throw damaged(`its column "${path.join('.')}" is missing`);
  return chunk;
}

/** A time in whole units as milliseconds; missing values come as undefined. */
const milliseconds =
  (unitsPerMillisecond: number) =>
  (value: bigint | undefined): number | undefined =>
    value === undefined ? undefined : Number(value) / unitsPerMillisecond;

const decoder = new TextDecoder();

const parsers = {
  timestampFromMilliseconds: milliseconds(1),
  timestampFromMicroseconds: milliseconds(1000),
  timestampFromNanoseconds: milliseconds(1_000_000),
  dateFromDays: (days: number): number => days * 86_400_000,
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && decoder.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && decoder.decode(bytes),
  geometryFromBytes: (): undefined => undefined,
  geographyFromBytes: (): undefined => undefined,
  uuidFromBytes: (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString('hex'),
};

async function readChunkValues(
  file: FileHandle,
  schema: SchemaElement[],
  chunk: ColumnMetaData,
  rows: number,
): Promise<ArrayLike<unknown>> {
  if (rows === 0) return [];
  const { path_in_schema: pathInSchema, codec, type } = chunk;
  const { from, length } = placeOf(chunk);
  const bytes = await readAt(file, from, length);
  return blamed(() => {
    const schemaPath = getSchemaPath(schema, pathInSchema);
    const element = schemaPath.at(-1)?.element;
    if (element === undefined || getMaxRepetitionLevel(schemaPath) > 0) throw damaged('a column repeats');
    const facts = {
      rows,
      isBoolean: type === 'BOOLEAN',
      maxDefinition: getMaxDefinitionLevel(schemaPath),
      isCompressed: codec !== 'UNCOMPRESSED',
    };
    const checks = checkPages(bytes, facts);
    const decode = {
      pathInSchema,
      type,
      element,
      schemaPath,
      codec,
      parsers,
      compressors: checking(codec, checks),
      utf8: false,
    };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const { data } = readColumn(
      { view, offset: 0 },
      { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows },
      decode,
    );
    return oneOf(data, rows);
  });
}

/** Looks at every page as soon as it is unpacked. */
function checking(codec: ColumnMetaData['codec'], checks: readonly PageCheck[]): typeof compressors {
  const unpack = compressors[codec];
  if (unpack === undefined) return {};
  let page = 0;
  const checked = (packed: Uint8Array, length: number): Uint8Array => {
    const bytes = unpack(packed, length);
    checks[page++]?.(bytes);
    return bytes;
  };
  return { [codec]: checked };
}

function oneOf(parts: readonly ArrayLike<unknown>[], rows: number): ArrayLike<unknown> {
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  if (total !== rows) throw damaged(`a column has ${total} values for ${rows} rows`);
  const [first] = parts;
  return first !== undefined && parts.length === 1 ? first : parts.flatMap((part) => Array.from(part));
}
