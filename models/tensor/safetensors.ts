/**
 * Files of named tensors: the safetensors format of Hugging Face (github.com/huggingface/safetensors, README "Format"). Eight bytes with the
 * length of a header, the header in JSON, then the elements of all tensors without gaps.
 */
import { ModelError } from '../errors';
import { type DType, type NumericDType, numericTypes } from './dtype';
import { bytesOf, elementCount, type HostTensor, tensorView } from './host-tensor';

/** What a file holds. */
export interface NamedTensors {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  /** Texts by key. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Element types by the names that the format gives them, in the order in which the reference implementation writes them. */
const dtypes: Readonly<Record<string, NumericDType>> = {
  U64: 'uint64', I64: 'int64', F64: 'float64', F32: 'float32', U32: 'uint32', I32: 'int32', BF16: 'bfloat16', F16: 'float16',
  U16: 'uint16', I16: 'int16', I8: 'int8', U8: 'uint8', BOOL: 'bool',
}; // prettier-ignore
const codes = new Map<DType, { code: string; rank: number }>(
  Object.entries(dtypes).map(([code, dtype], rank) => [dtype, { code, rank }]),
);

/** The format's own limit, against headers that would eat all memory. */
const longestHeader = 100_000_000;
const metadataKey = '__metadata__';

/**
 * The tensors of a file as views over its bytes; copied are only those whose address does not suit their type, which files written here avoid.
 * @throws ModelError `model/damaged` where the file breaks the format: lengths, offsets, gaps or overlaps.
 */
export function readSafetensors(bytes: Uint8Array): NamedTensors {
  const length = headerLength(bytes, bytes.byteLength);
  const { places, metadata } = readPlaces(bytes.subarray(0, 8 + length), bytes.byteLength);
  return {
    tensors: Object.fromEntries(
      [...places].map(([name, { dtype, dims, from, to }]) => [name, tensorView(dtype, dims, bytes.subarray(from, to))]),
    ),
    metadata,
  };
}

/**
 * Bytes of the JSON header that follows the first eight bytes, which are all that is looked at.
 * @throws ModelError `model/damaged` where a file of `fileBytes` cannot have such a header.
 */
export function headerLength(start: Uint8Array, fileBytes: number): number {
  if (fileBytes < 8 || start.byteLength < 8)
    throw damaged(`it has ${fileBytes} bytes, the length of the header alone takes 8.`);
  const length = Number(new DataView(start.buffer, start.byteOffset).getBigUint64(0, true));
  if (length > longestHeader) throw damaged(`its header would take ${length} bytes, ${longestHeader} are allowed.`);
  if (8 + length > fileBytes) throw damaged(`its header would take ${length} bytes, ${fileBytes - 8} are there.`);
  return length;
}

/**
 * Where the tensors of a file of `fileBytes` lie, from its first 8 + `headerLength` bytes.
 * @throws ModelError `model/damaged` where the file breaks the format: lengths, offsets, gaps or overlaps.
 */
export function readPlaces(
  head: Uint8Array,
  fileBytes: number,
): { places: ReadonlyMap<string, TensorPlace>; metadata: Readonly<Record<string, string>> } {
  const { [metadataKey]: metadata = {}, ...entries } = parse(head.subarray(8));
  const body = fileBytes - head.byteLength;
  const found = Object.entries(entries).map(([name, entry]) => readEntry(name, entry, body));
  let end = 0;
  for (const { name, from, to } of [...found].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw damaged(`"${name}" begins at byte ${from} where ${end} bytes are taken: tensors overlap or leave a gap.`); // prettier-ignore
    end = to;
  }
  if (end !== body) throw damaged(`the tensors take ${end} bytes, the file holds ${body} for them.`);
  const places = found.map(({ name, dtype, dims, from, to }): [string, TensorPlace] => [
    name,
    { dtype, dims, from: head.byteLength + from, to: head.byteLength + to },
  ]);
  return { places: new Map(places), metadata: readMetadata(metadata) };
}

/**
 * The bytes of a file: the same for the same tensors and texts in whatever order they are given. Tensors stand in order of
 * element types, larger ones first, then of names: so all are aligned, and the bytes are those of the reference implementation.
 * @throws ModelError `usage/bad-argument` for tensors of texts.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const { head, places, bytes } = layoutSafetensors(tensors, metadata);
  const file = new Uint8Array(bytes);
  file.set(head);
  for (const [name, { data }] of Object.entries(tensors)) {
    // Texts were refused above.
    if (isNumeric(data)) file.set(bytesOf(data), places.get(name)?.from);
  }
  return file;
}

/** Element type and sizes of a tensor that is not in memory. */
export interface TensorShape {
  readonly dtype: DType;
  readonly dims: readonly number[];
}

/** Where the bytes of a tensor lie in its file. */
export interface TensorPlace extends TensorShape {
  readonly dtype: NumericDType;
  readonly from: number;
  readonly to: number;
}

/**
 * How a file of these tensors begins (`head`), where each tensor goes and how many bytes the file has: for files larger than memory.
 * @throws ModelError `usage/bad-argument` for tensors of texts.
 */
export function layoutSafetensors(
  shapes: Readonly<Record<string, TensorShape>>,
  metadata: Readonly<Record<string, string>> = {},
): { head: Uint8Array; places: ReadonlyMap<string, TensorPlace>; bytes: number } {
  const parts = Object.entries(shapes).map(([name, { dtype, dims }]) => {
    const { code, rank } = codes.get(dtype) ?? {};
    if (dtype === 'string' || rank === undefined) throw new ModelError('usage/bad-argument', `"${name}" holds texts, which safetensors cannot.`); // prettier-ignore
    return { name, code, rank, dtype, dims, bytes: elementCount(dims) * numericTypes[dtype].bytes };
  });
  parts.sort((a, b) => a.rank - b.rank || compare(a.name, b.name));
  const texts = Object.entries(metadata).sort(([a], [b]) => compare(a, b));
  const header: [string, unknown][] = texts.length > 0 ? [[metadataKey, Object.fromEntries(texts)]] : [];
  let end = 0;
  for (const { name, code, dims, bytes } of parts) {
    header.push([name, { dtype: code, shape: dims, data_offsets: [end, end + bytes] }]);
    end += bytes;
  }
  const text = new TextEncoder().encode(objectText(header));
  const length = Math.ceil(text.byteLength / 8) * 8;
  const head = new Uint8Array(8 + length).fill(0x20); // spaces up to a multiple of 8
  new DataView(head.buffer).setBigUint64(0, BigInt(length), true);
  head.set(text, 8);
  const places = new Map<string, TensorPlace>();
  let from = head.byteLength;
  for (const { name, dtype, dims, bytes } of parts) {
    places.set(name, { dtype, dims, from, to: from + bytes });
    from += bytes;
  }
  return { head, places, bytes: from };
}

function isNumeric(data: HostTensor['data']): data is Exclude<HostTensor['data'], readonly string[]> {
  return ArrayBuffer.isView(data);
}

/** JSON with the keys in this order: an object would put names that are whole numbers first. */
function objectText(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(value)) return value;
  } catch {
    // falls through to the one message for all of this
  }
  throw damaged('its header is no JSON object.');
}

interface Entry {
  readonly name: string;
  readonly dtype: NumericDType;
  readonly dims: readonly number[];
  readonly from: number;
  readonly to: number;
}

function readEntry(name: string, entry: unknown, available: number): Entry {
  if (!isRecord(entry)) throw damaged(`the entry of "${name}" is no object.`);
  const { dtype: code, shape, data_offsets: offsets } = entry;
  if (typeof code !== 'string') throw damaged(`"${name}" has no element type.`);
  const dtype = Object.hasOwn(dtypes, code) ? dtypes[code] : undefined;
  if (dtype === undefined) throw damaged(`"${name}" has element type ${code}, which is not known here.`);
  if (!isSizes(shape)) throw damaged(`the shape of "${name}" is no list of sizes.`);
  const [from, to] = isSizes(offsets) && offsets.length === 2 ? offsets : [];
  if (from === undefined || to === undefined || from > to) throw damaged(`the offsets of "${name}" are no two positions in order.`); // prettier-ignore
  if (to > available) throw damaged(`"${name}" ends at byte ${to}, the file holds ${available}.`);
  const needed = elementCount(shape) * numericTypes[dtype].bytes;
  if (to - from !== needed) throw damaged(`"${name}" ${code} [${shape.join(', ')}] takes ${needed} bytes, its offsets span ${to - from}.`); // prettier-ignore
  return { name, dtype, dims: shape, from, to };
}

function readMetadata(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw damaged('its metadata is no object.');
  return Object.fromEntries(
    Object.entries(value).map(([key, text]) => {
      if (typeof text !== 'string') throw damaged(`the metadata "${key}" is no text.`);
      return [key, text];
    }),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}

function damaged(reason: string): ModelError {
  return new ModelError('model/damaged', `The safetensors file is damaged: ${reason}`);
}
