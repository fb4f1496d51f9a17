/** The message tree of the ONNX schema back to the bytes of an .onnx file. */
import { toBinary } from '@bufbuild/protobuf';
import { ModelError, reasonOf } from '../errors';
import { type ModelProto, ModelProtoSchema } from './proto/onnx_pb';

/**
 * Encodes a model; the same tree always gives the same bytes (fields in order of their numbers).
 * @throws ModelError `model/damaged` when a value does not fit its field.
 */
export function encodeModel(model: ModelProto): Uint8Array {
  try {
    return toBinary(ModelProtoSchema, model);
  } catch (error) {
    throw new ModelError('model/damaged', `The model cannot be encoded: ${reasonOf(error)}.`, {}, { cause: error });
  }
}
