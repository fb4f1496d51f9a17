/** Shallow copies of schema messages: a spread would lose the prototype that tells set fields from defaults. */
import { create, type DescMessage, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';

/** A new message with the same fields, arrays and children shared, and `changes` applied on top. */
export function copyMessage<D extends DescMessage>(
  schema: D,
  message: MessageShape<D>,
  changes: Partial<MessageShape<D>> = {},
): MessageShape<D> {
  const empty: MessageInitShape<D> | undefined = undefined;
  return Object.assign(create(schema, empty), message, changes);
}
