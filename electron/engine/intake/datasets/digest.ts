/** The sha256 of many small pieces: an object for each takes as long as the hashing, and its collection as long again. */
import * as crypto from 'node:crypto';

/** Not in the Node of older runtimes. */
const { hash }: { hash?: typeof crypto.hash } = crypto;

/** Writes the 32 bytes into `target` at `position`. */
export function digestInto(target: Buffer, position: number, bytes: Uint8Array): void {
  if (hash === undefined) target.set(crypto.createHash('sha256').update(bytes).digest(), position);
  else target.write(hash('sha256', bytes, 'binary'), position, 32, 'latin1');
}
