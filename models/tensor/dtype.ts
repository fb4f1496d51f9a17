/** Element types: ONNX number, bytes an element, typed array; one table for reader, writer, builder and runtime. */

/** The typed array that holds the elements of each type; float16 and bfloat16 are raw 16-bit patterns, bool is 0 or 1. */
export interface ArrayOf {
  float32: Float32Array;
  float64: Float64Array;
  float16: Uint16Array;
  bfloat16: Uint16Array;
  uint8: Uint8Array;
  int8: Int8Array;
  uint16: Uint16Array;
  int16: Int16Array;
  uint32: Uint32Array;
  int32: Int32Array;
  uint64: BigUint64Array;
  int64: BigInt64Array;
  bool: Uint8Array;
  string: readonly string[];
}

/** Name of an element type. */
export type DType = keyof ArrayOf;

/** Name of an element type with a fixed size: all but strings. */
export type NumericDType = Exclude<DType, 'string'>;

interface NumericInfo<D extends NumericDType> {
  /** TensorProto.DataType of the ONNX format. */
  readonly onnx: number;
  readonly bytes: number;
  readonly view: (buffer: ArrayBufferLike, byteOffset: number, length: number) => ArrayOf[D];
}

/** Facts of every element type with a fixed size. */
export const numericTypes: { readonly [D in NumericDType]: NumericInfo<D> } = {
  float32: { onnx: 1, bytes: 4, view: (b, o, n) => new Float32Array(b, o, n) },
  uint8: { onnx: 2, bytes: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  int8: { onnx: 3, bytes: 1, view: (b, o, n) => new Int8Array(b, o, n) },
  uint16: { onnx: 4, bytes: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
  int16: { onnx: 5, bytes: 2, view: (b, o, n) => new Int16Array(b, o, n) },
  int32: { onnx: 6, bytes: 4, view: (b, o, n) => new Int32Array(b, o, n) },
  int64: { onnx: 7, bytes: 8, view: (b, o, n) => new BigInt64Array(b, o, n) },
  bool: { onnx: 9, bytes: 1, view: (b, o, n) => new Uint8Array(b, o, n) },
  float16: { onnx: 10, bytes: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
  float64: { onnx: 11, bytes: 8, view: (b, o, n) => new Float64Array(b, o, n) },
  uint32: { onnx: 12, bytes: 4, view: (b, o, n) => new Uint32Array(b, o, n) },
  uint64: { onnx: 13, bytes: 8, view: (b, o, n) => new BigUint64Array(b, o, n) },
  bfloat16: { onnx: 16, bytes: 2, view: (b, o, n) => new Uint16Array(b, o, n) },
};

const stringTypeNumber = 8;

/** ONNX number of an element type. */
export function dtypeNumber(dtype: DType): number {
  return dtype === 'string' ? stringTypeNumber : numericTypes[dtype].onnx;
}

const byNumber = new Map<number, DType>([[stringTypeNumber, 'string']]);
for (const name of ['float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64'] as const) {
  byNumber.set(numericTypes[name].onnx, name);
}
for (const name of ['bool', 'float16', 'float64', 'uint32', 'uint64', 'bfloat16'] as const) {
  byNumber.set(numericTypes[name].onnx, name);
}

/** Element type of an ONNX number; undefined for those this library does not compute with (complex, 8-bit and smaller floats, 4-bit). */
export function dtypeOfNumber(onnx: number): DType | undefined {
  return byNumber.get(onnx);
}

/** Whether a text names an element type. */
export function isDType(text: string): text is DType {
  return text === 'string' || text in numericTypes;
}

/** Whether the type holds real numbers, which have derivatives. */
export function isReal(dtype: DType): boolean {
  return dtype === 'float32' || dtype === 'float64' || dtype === 'float16' || dtype === 'bfloat16';
}
