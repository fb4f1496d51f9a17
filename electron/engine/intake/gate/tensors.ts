/** Checks that the numbers of a tensor message are all there, and nowhere else than in the file. */
import { AppError } from '../../../contract/errors';
import { fieldOf, type Message, numberOf, textOf } from './message-tree';

/** Where an element type keeps its numbers when not in raw_data, and how many bits it takes there and in raw_data. */
interface Storage {
  readonly bits: number;
  readonly field: string;
  /** Entries of the typed field for so many elements. */
  readonly entries: (elements: bigint) => bigint;
}

const one = (elements: bigint): bigint => elements;
const two = (elements: bigint): bigint => 2n * elements;
const shared =
  (perEntry: bigint) =>
  (elements: bigint): bigint =>
    (elements + perEntry - 1n) / perEntry;

const at = (bits: number, field: string, entries = one): Storage => ({ bits, field, entries });

/** By TensorProto.DataType. */
const storages: ReadonlyMap<number, Storage> = new Map([
  [1, at(32, 'float_data')],
  [2, at(8, 'int32_data')],
  [3, at(8, 'int32_data')],
  [4, at(16, 'int32_data')],
  [5, at(16, 'int32_data')],
  [6, at(32, 'int32_data')],
  [7, at(64, 'int64_data')],
  [8, at(8, 'string_data')],
  [9, at(8, 'int32_data')],
  [10, at(16, 'int32_data')],
  [11, at(64, 'double_data')],
  [12, at(32, 'uint64_data')],
  [13, at(64, 'uint64_data')],
  [14, at(64, 'float_data', two)],
  [15, at(128, 'double_data', two)],
  [16, at(16, 'int32_data')],
  [17, at(8, 'int32_data')],
  [18, at(8, 'int32_data')],
  [19, at(8, 'int32_data')],
  [20, at(8, 'int32_data')],
  [21, at(4, 'int32_data', shared(2n))],
  [22, at(4, 'int32_data', shared(2n))],
  [23, at(4, 'int32_data', shared(2n))],
  [24, at(8, 'int32_data')],
  [25, at(2, 'int32_data', shared(4n))],
  [26, at(2, 'int32_data', shared(4n))],
]);

const dataFields = ['float_data', 'int32_data', 'string_data', 'int64_data', 'double_data', 'uint64_data'];
const mostAxes = 64;

/** Number of elements; throws `model/impossible-size` for negative sizes and beyond `most` elements. */
export function elementsOf(name: string, dims: readonly bigint[], count: number, most: number): bigint {
  const shown = dims.slice(0, 8).join(', ');
  if (count > mostAxes) throw impossible(name, shown, `it has ${count} axes`);
  if (dims.some((size) => size < 0n)) throw impossible(name, shown, 'a size is negative');
  let product = 1n;
  for (const size of dims) product *= size; // at most 64 factors of 63 bits
  if (product > BigInt(most)) throw impossible(name, shown, `it would hold ${product} numbers`);
  return product;
}

/** Throws unless the tensor's numbers lie in the file, complete, in one place. */
export function checkTensor(bytes: Uint8Array, tensor: Message, maxElements: number): void {
  const name = textOf(bytes, tensor, 'name');
  checkInside(bytes, tensor, name);
  const dims = fieldOf(tensor, 'dims');
  const elements = elementsOf(name, dims.numbers, dims.count, maxElements);
  const type = numberOf(tensor, 'data_type');
  const storage = storages.get(type);
  if (storage === undefined || fieldOf(tensor, 'segment').count > 0) {
    throw new AppError(
      'model/damaged',
      `The weights "${name}" are stored in a form that Duet does not know (${type}).`,
    );
  }
  const [raw] = fieldOf(tensor, 'raw_data').ranges;
  const filled = dataFields.filter((field) => fieldOf(tensor, field).count > 0);
  const shown = dims.numbers.join(', ');
  if (raw !== undefined && raw.end > raw.start) {
    const needed = (elements * BigInt(storage.bits) + 7n) / 8n;
    if (type === 8 || filled.length > 0) throw impossible(name, shown, 'its numbers are stored twice');
    if (BigInt(raw.end - raw.start) === needed) return;
    throw impossible(name, shown, `it needs ${needed} bytes, the file holds ${raw.end - raw.start}`);
  }
  const entries = storage.entries(elements);
  const found = fieldOf(tensor, storage.field).count;
  if (filled.some((field) => field !== storage.field)) throw impossible(name, shown, 'its numbers have another type');
  if (BigInt(found) !== entries) throw impossible(name, shown, `it needs ${entries} numbers, the file holds ${found}`);
}

/** Weights in other files could name any file of this computer; Duet takes models whose weights are inside. */
function checkInside(bytes: Uint8Array, tensor: Message, name: string): void {
  const entries = fieldOf(tensor, 'external_data').messages;
  if (entries.length === 0 && numberOf(tensor, 'data_location') === 0) return;
  const location = entries.find((entry) => textOf(bytes, entry, 'key') === 'location');
  const file = location ? textOf(bytes, location, 'value') : '';
  throw new AppError(
    'model/external-data',
    `The weights "${name}" lie in another file (${file || 'not named'}). Save the model with its weights inside one file, then import it.`,
    { tensor: name, location: file },
  );
}

function impossible(name: string, dims: string, why: string): AppError {
  return new AppError('model/impossible-size', `The tensor "${name}" of shape [${dims}] is impossible: ${why}.`, {
    name,
  });
}
