/**
 * Looks at the pages of a column before hyparquet decodes them, which believes what they say of themselves: a run of 2^30
 * values in five bytes fills the memory until the process dies, a page may claim any size. (Parquet format 2.10, "Data
 * Pages" and "Encodings".)
 */
import { AppError } from '../../../contract/errors';
import { readThrift, type ThriftStruct } from './thrift';

export interface ColumnFacts {
  /** Rows of the row group: none of these columns repeats. */
  readonly rows: number;
  readonly isBoolean: boolean;
  /** Optional fields from the root down to the values. */
  readonly maxDefinition: number;
  readonly isCompressed: boolean;
}

/** Looks at an unpacked page; throws where it lies. */
export type PageCheck = (page: Uint8Array) => void;

const maxPageBytes = 512 * 1024 * 1024;
const maxColumnBytes = 1024 * 1024 * 1024;
const dictionaryPage = 2;
const dataPage = 0;
const dataPageV2 = 3;
const indexPage = 1;

const damaged = (reason: string): AppError => new AppError('data/damaged', `The Parquet file is damaged: ${reason}.`);

/** Walks over the page headers of a column chunk; what needs the unpacked page comes back as checks, one a packed page, in order. */
export function checkPages(bytes: Uint8Array, facts: ColumnFacts): PageCheck[] {
  const later: PageCheck[] = [];
  let rows = 0;
  let unpackedBytes = 0;
  // The last byte alone is no page; hyparquet stops there too.
  for (let at = 0; at < bytes.length - 1 && rows < facts.rows;) {
    const { struct, end } = readThrift(bytes, at);
    const unpacked = lengthIn(struct, 2);
    const packed = lengthIn(struct, 3);
    if (packed > bytes.length - end) throw damaged('a page is longer than its column');
    unpackedBytes += unpacked;
    if (unpacked > maxPageBytes || unpackedBytes > maxColumnBytes) throw bomb();
    rows += checkPage(struct, bytes.subarray(end, end + packed), unpacked, facts, later);
    at = end + packed;
  }
  if (rows !== facts.rows) throw damaged(`a column has ${rows} values for ${facts.rows} rows`);
  return later;
}

const bomb = (): AppError =>
  new AppError('data/bomb', 'A column of the Parquet file claims to unpack to more than 1 GB.');

/** Looks at one page and returns how many rows it has. */
function checkPage(
  header: ThriftStruct,
  page: Uint8Array,
  unpacked: number,
  facts: ColumnFacts,
  later: PageCheck[],
): number {
  const type = header.get(1);
  if (type === indexPage)
    throw new AppError('data/unsupported', 'The Parquet file has pages of a kind that is not read.');
  const packedIn = (check: PageCheck): void => {
    if (facts.isCompressed) later.push(check);
    else check(page);
  };
  if (type === dictionaryPage) {
    const values = lengthIn(structIn(header, 7), 1);
    packedIn(({ length }) => {
      if (values > length * 8) throw damaged('a dictionary is shorter than it says');
    });
    return 0;
  }
  if (type === dataPage) {
    const about = structIn(header, 5);
    const values = valuesIn(about, facts);
    packedIn((bytes) => checkData(bytes, values, encodingOf(about, 2), facts));
    return values;
  }
  if (type !== dataPageV2) throw damaged('a page is of no known kind');
  const about = structIn(header, 8);
  const values = valuesIn(about, facts);
  const levels = lengthIn(about, 5);
  const repetition = lengthIn(about, 6);
  if (lengthIn(about, 2) > values || levels + repetition > Math.min(page.length, unpacked))
    throw damaged('a page is shorter than its levels');
  if (facts.maxDefinition > 0) checkRuns(page, repetition, levels, levelWidth(facts), values);
  const check: PageCheck = (bytes) => checkValues(bytes, 0, values, encodingOf(about, 4), facts);
  if (facts.isCompressed && about.get(7) !== false) later.push(check);
  else check(page.subarray(levels + repetition));
  return values;
}

const levelWidth = ({ maxDefinition }: ColumnFacts): number => 32 - Math.clz32(maxDefinition);

/** Definition levels, then values. */
function checkData(page: Uint8Array, values: number, encoding: number, facts: ColumnFacts): void {
  let at = 0;
  if (facts.maxDefinition > 0) {
    const length = uint32(page, 0);
    if (length > page.length - 4) throw damaged('its levels are longer than their page');
    checkRuns(page, 4, length, levelWidth(facts), values);
    at = 4 + length;
  }
  checkValues(page, at, values, encoding, facts);
}

const plain = 0;
const plainDictionary = 2;
const runs = 3;
const deltaNumbers = 5;
const deltaLengths = 6;
const dictionary = 8;
const byteStreams = 9;

function checkValues(page: Uint8Array, at: number, values: number, encoding: number, { isBoolean }: ColumnFacts): void {
  if (encoding === plain || encoding === byteStreams) return;
  if (encoding === plainDictionary || encoding === dictionary || (encoding === runs && !isBoolean)) {
    if (at >= page.length && values > 0) {
      // A page of nothing but missing values may end here.
      return;
    }
    const width = page[at] ?? 0;
    if (width > 32) throw damaged('an index has more than 32 bits');
    checkRuns(page, at + 1, page.length - at - 1, width, values);
    return;
  }
  if (encoding === runs) checkRuns(page, at + 4, page.length - at - 4, 1, values);
  else if (encoding === deltaNumbers || encoding === deltaLengths) checkDelta(page, at, values);
  else
    throw new AppError(
      'data/unsupported',
      'The Parquet file is written in a way that is not read. Save it without delta strings.',
      { encoding },
    );
}

/** Runs and bit-packed groups must stay within what they are for; what is missing at the end is found when it is read. */
function checkRuns(page: Uint8Array, from: number, length: number, width: number, values: number): void {
  const end = from + length;
  if (length < 0 || end > page.length) throw damaged('a page ends within its levels');
  for (let at = from, seen = 0; seen < values && at < end;) {
    const { value, next } = unsigned(page, at, end);
    const isPacked = (value & 1) === 1;
    const count = Math.floor(value / 2) * (isPacked ? 8 : 1);
    // A packed group may be filled up with values that nobody reads.
    if (count === 0 || count > values - seen + (isPacked ? 512 : 0)) throw damaged('a run is longer than its page');
    seen += count;
    at = next + (isPacked ? (count * width) / 8 : Math.ceil(width / 8));
  }
}

function checkDelta(page: Uint8Array, from: number, values: number): void {
  if (values === 0 || from >= page.length) return;
  const block = unsigned(page, from, page.length);
  const parts = unsigned(page, block.next, page.length);
  const isEven = parts.value > 0 && block.value % parts.value === 0;
  if (!isEven || block.value > 65_536 || parts.value > 1024) throw damaged('a block of numbers is not divided evenly');
}

/** A varint of at most five bytes and 32 bits. */
function unsigned(page: Uint8Array, at: number, end: number): { value: number; next: number } {
  let value = 0;
  for (let count = 0; count < 5; count++) {
    const byte = page[at + count];
    if (byte === undefined || at + count >= end) throw damaged('a page ends within a number');
    value += (byte & 127) * 128 ** count;
    if (byte < 128 && value < 2 ** 31) return { value, next: at + count + 1 };
  }
  throw damaged('a run is longer than its page');
}

function uint32(page: Uint8Array, at: number): number {
  if (page.length < at + 4) throw damaged('a page ends within its levels');
  return new DataView(page.buffer, page.byteOffset + at).getUint32(0, true);
}

function lengthIn(struct: ThriftStruct, field: number): number {
  const value = struct.get(field);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw damaged('a length is missing or negative');
}

function valuesIn(struct: ThriftStruct, { rows }: ColumnFacts): number {
  const values = lengthIn(struct, 1);
  if (values <= rows) return values;
  throw damaged(`a page claims ${values} values for ${rows} rows`);
}

const encodingOf = (struct: ThriftStruct, field: number): number => lengthIn(struct, field);

function structIn(struct: ThriftStruct, field: number): ThriftStruct {
  const value = struct.get(field);
  if (value instanceof Map) return value;
  throw damaged('a page does not describe itself');
}
