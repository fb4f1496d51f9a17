/** Bytes of an .onnx file to the message tree of the ONNX schema; weights stay views over the given bytes. */
import { fromBinary } from '@bufbuild/protobuf';
import { ModelError, reasonOf } from '../errors';
import { type ModelProto, ModelProtoSchema, type TensorProto, TensorProtoSchema } from './proto/onnx_pb';

/**
 * Decodes a model. `rawData` of every tensor is a view into `bytes` (offset wherever the file put it, so possibly
 * unaligned): do not change `bytes` afterwards. Fields unknown to the schema are kept and written back by `encodeModel`.
 * Trusts its input: what comes from a stranger passes the gate first.
 * @throws ModelError `model/damaged` when the bytes are not a model.
 */
export function decodeModel(bytes: Uint8Array): ModelProto {
  return decode('model', () => fromBinary(ModelProtoSchema, plainView(bytes)));
}

/**
 * Decodes a single tensor message, as test data and training tools store it in .pb files.
 * @throws ModelError `model/damaged` when the bytes are not a tensor.
 */
export function decodeTensor(bytes: Uint8Array): TensorProto {
  return decode('tensor', () => fromBinary(TensorProtoSchema, plainView(bytes)));
}

function decode<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ModelError(
      'model/damaged',
      `The ${what} cannot be decoded: ${reasonOf(error)}.`,
      {},
      {
        cause: error,
      },
    );
  }
}

/** Node's Buffer redefines `slice` and prints differently; the tree shall hold plain Uint8Arrays over the same memory. */
function plainView(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
