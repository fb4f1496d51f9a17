/** Watches how much memory a process holds, from outside, because it may be blocked. */
import { readFile } from 'node:fs/promises';

const intervalMs = 250;
const pageBytes = 4096;

/** Calls `onOver` once when the process holds more than `limit` bytes; returns the undo. Only Linux tells this without native code. */
export function watchMemory(pid: number | undefined, limit: number, onOver: () => void): () => void {
  if (pid === undefined || process.platform !== 'linux') return () => undefined;
  const timer = setInterval(() => {
    residentBytes(pid).then(
      (bytes) => {
        if (bytes <= limit) return;
        clearInterval(timer);
        onOver();
      },
      () => clearInterval(timer),
    );
  }, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/** Resident memory of a process in bytes (Linux). */
async function residentBytes(pid: number): Promise<number> {
  const [, pages] = (await readFile(`/proc/${pid}/statm`, 'utf8')).split(' ');
  return Number(pages) * pageBytes;
}
