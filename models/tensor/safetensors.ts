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
  const { header, body } = split(bytes);
  const { [metadataKey]: metadata = {}, ...entries } = header;
  const found = Object.entries(entries).map(([name, entry]) => readEntry(name, entry, body.byteLength));
  let end = 0;
  for (const { name, from, to } of [...found].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw damaged(`"${name}" begins at byte ${from} where ${end} bytes are taken: tensors overlap or leave a gap.`); // prettier-ignore
    end = to;
  }
  if (end !== body.byteLength)
    throw damaged(`the tensors take ${end} bytes, the file holds ${body.byteLength} for them.`);
  return {
    tensors: Object.fromEntries(
      found.map(({ name, dtype, dims, from, to }) => [name, tensorView(dtype, dims, body.subarray(from, to))]),
    ),
    metadata: readMetadata(metadata),
  };
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
  const parts = Object.entries(tensors).map(([name, { dtype, dims, data }]) => {
    const { code, rank } = codes.get(dtype) ?? {};
    if (dtype === 'string' || typeof data[0] === 'string' || rank === undefined) throw new ModelError('usage/bad-argument', `"${name}" holds texts, which safetensors cannot.`); // prettier-ignore
    return { name, code, rank, dims, bytes: bytesOf(data) };
  });
  parts.sort((a, b) => a.rank - b.rank || compare(a.name, b.name));
  const texts = Object.entries(metadata).sort(([a], [b]) => compare(a, b));
  const header: [string, unknown][] = texts.length > 0 ? [[metadataKey, Object.fromEntries(texts)]] : [];
  let end = 0;
  for (const { name, code, dims, bytes } of parts) {
    const from = end;
    end += bytes.byteLength;
    header.push([name, { dtype: code, shape: dims, data_offsets: [from, end] }]);
  }
  const text = new TextEncoder().encode(objectText(header));
  const length = Math.ceil(text.byteLength / 8) * 8;
  const file = new Uint8Array(8 + length + end);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.fill(0x20, 8, 8 + length); // spaces up to a multiple of 8
  file.set(text, 8);
  let at = 8 + length;
  for (const { bytes } of parts) {
    file.set(bytes, at);
    at += bytes.byteLength;
  }
  return file;
}

/** JSON with the keys in this order: an object would put names that are whole numbers first. */
function objectText(entries: readonly (readonly [string, unknown])[]): string {
  return `{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function split(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.byteLength < 8) throw damaged(`it has ${bytes.byteLength} bytes, the length of the header alone takes 8.`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > longestHeader) throw damaged(`its header would take ${length} bytes, ${longestHeader} are allowed.`);
  if (8 + length > bytes.byteLength) throw damaged(`its header would take ${length} bytes, ${bytes.byteLength - 8} are there.`); // prettier-ignore
  return { header: parse(bytes.subarray(8, 8 + length)), body: bytes.subarray(8 + length) };
}

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
