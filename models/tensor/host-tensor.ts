/** A tensor in the memory of this process: element type, sizes, elements in row-major order. */
import { ModelError } from '../errors';
import { type ArrayOf, type DType, type NumericDType, numericTypes } from './dtype';

/** Element type, sizes from the outermost axis inwards ([] is a scalar) and the elements, last axis fastest. */
export type HostTensor = {
  [D in DType]: { readonly dtype: D; readonly dims: readonly number[]; readonly data: ArrayOf[D] };
}[DType];

/** Number of elements of a shape; 1 for a scalar, 0 when any axis is empty. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/**
 * Makes a tensor of a known element type after checking that sizes and elements agree.
 * @throws ModelError `model/impossible-size` when `data.length` is not the product of `dims`.
 */
export function hostTensor<D extends DType>(
  dtype: D,
  dims: readonly number[],
  data: ArrayOf[D],
): { dtype: D; dims: readonly number[]; data: ArrayOf[D] } {
  if (elementCount(dims) !== data.length) {
    throw new ModelError(
      'model/impossible-size',
      `A tensor of shape [${dims.join(', ')}] needs ${elementCount(dims)} numbers, it was given ${data.length}.`,
      { expected: elementCount(dims), got: data.length },
    );
  }
  return { dtype, dims, data };
}

/** The bytes behind a tensor's elements, as a view (no copy), little-endian on every machine this runs on. */
export function bytesOf(data: ArrayOf[NumericDType]): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/**
 * Reads raw little-endian bytes as elements: a view where the address allows it, else a copy.
 * @throws ModelError `model/impossible-size` when the bytes are not exactly `length` elements.
 */
export function elementsOf<D extends NumericDType>(dtype: D, bytes: Uint8Array, length: number): ArrayOf[D] {
  const info = numericTypes[dtype];
  if (bytes.byteLength !== length * info.bytes) {
    throw new ModelError(
      'model/impossible-size',
      `${length} numbers of type ${dtype} take ${length * info.bytes} bytes, the file holds ${bytes.byteLength}.`,
      { expected: length * info.bytes, got: bytes.byteLength },
    );
  }
  const source = bytes.byteOffset % info.bytes === 0 ? bytes : bytes.slice();
  return info.view(source.buffer, source.byteOffset, length);
}

/**
 * A tensor over raw little-endian bytes: a view where the address allows it, else a copy.
 * @throws ModelError `model/impossible-size` when the bytes are not exactly as many as the sizes need.
 */
export function tensorView(dtype: NumericDType, dims: readonly number[], bytes: Uint8Array): HostTensor {
  const of = <D extends NumericDType>(name: D): { dtype: D; dims: readonly number[]; data: ArrayOf[D] } => ({
    dtype: name,
    dims,
    data: elementsOf(name, bytes, elementCount(dims)),
  });
  // Spelled out, so that element type and array stay together.
  switch (dtype) {
    case 'float32':
      return of('float32');
    case 'float64':
      return of('float64');
    case 'float16':
      return of('float16');
    case 'bfloat16':
      return of('bfloat16');
    case 'uint8':
      return of('uint8');
    case 'int8':
      return of('int8');
    case 'uint16':
      return of('uint16');
    case 'int16':
      return of('int16');
    case 'uint32':
      return of('uint32');
    case 'int32':
      return of('int32');
    case 'uint64':
      return of('uint64');
    case 'int64':
      return of('int64');
    case 'bool':
      return of('bool');
  }
}

/** A tensor's numbers as ordinary numbers (64-bit integers may lose precision beyond 2^53); 16-bit floats are widened. */
export function numbersOf(tensor: HostTensor): number[] {
  if (tensor.dtype === 'string') throw new ModelError('usage/bad-argument', 'A tensor of texts holds no numbers.');
  if (tensor.dtype === 'float16') return Array.from(tensor.data, halfToNumber);
  if (tensor.dtype === 'bfloat16') return Array.from(tensor.data, bfloatToNumber);
  if (tensor.dtype === 'int64' || tensor.dtype === 'uint64') return Array.from(tensor.data, Number);
  return Array.from(tensor.data);
}

/** Widens one IEEE 754 binary16 bit pattern. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

function bfloatToNumber(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}

/** Rounds a number to the nearest bfloat16 bit pattern (the upper half of a float32), ties to even. */
export function numberToBfloat(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

/** Rounds a number to the nearest IEEE 754 binary16 bit pattern, ties to even. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const magnitude = Math.abs(value);
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24); // subnormal; 1024 steps over into the first normal pattern
  const exponent = Math.floor(Math.log2(magnitude));
  const exact = magnitude < 2 ** exponent ? exponent - 1 : exponent; // log2 may round up just below a power of two
  return sign | (((exact + 15) << 10) + roundToEven((magnitude / 2 ** exact - 1) * 1024));
}

function roundToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Stores numbers as binary16 bit patterns. */
export function toHalf(values: ArrayLike<number>): Uint16Array {
  return Uint16Array.from(values, numberToHalf);
}
