/** Runs a file of bytes once and gives all its outputs, for tests that compare two forms of one model. */
import { createSession } from '../runtime/session';
import type { HostTensor } from '../tensor/host-tensor';

/** All outputs by name. */
export async function runOutputs(
  bytes: Uint8Array,
  feeds: Readonly<Record<string, HostTensor>>,
): Promise<Record<string, HostTensor>> {
  const session = await createSession(bytes, { threads: 1 });
  try {
    return await session.run(feeds);
  } finally {
    await session.dispose();
  }
}
