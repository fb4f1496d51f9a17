/** Runs a part of a test without root's rights, where the tests run as root: permissions stop everyone else. */
import { chmodSync } from 'node:fs';

const nobody = 65534;

/** `folder` stays reachable for the other user while `work` runs. */
export async function asNobody<Result>(folder: string, work: () => Promise<Result>): Promise<Result> {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work();
  chmodSync(folder, 0o755);
  process.seteuid(nobody);
  try {
    return await work();
  } finally {
    process.seteuid(0);
  }
}
