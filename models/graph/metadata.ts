/** Texts that a model file carries beside its graph (`metadata_props`): read, set, remove. */
import { create } from '@bufbuild/protobuf';
import { copyMessage } from './copy';
import { type ModelProto, ModelProtoSchema, StringStringEntryProtoSchema } from './proto/onnx_pb';

/** The text under `key`, or undefined; the last entry wins when a file repeats a key. */
export function getMetadata(model: ModelProto, key: string): string | undefined {
  const entries = model.metadataProps.filter((entry) => entry.key === key);
  return entries.at(-1)?.value;
}

/** A copy of the model's top level with `key` set to `value`, in place of every earlier entry; graph and weights are shared. */
export function withMetadata(model: ModelProto, key: string, value: string): ModelProto {
  const kept = model.metadataProps.filter((entry) => entry.key !== key);
  return copyMessage(ModelProtoSchema, model, {
    metadataProps: [...kept, create(StringStringEntryProtoSchema, { key, value })],
  });
}

/** A copy of the model's top level without any metadata; graph and weights are shared. */
export function withoutMetadata(model: ModelProto): ModelProto {
  return copyMessage(ModelProtoSchema, model, { metadataProps: [] });
}
