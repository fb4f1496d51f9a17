/** The sha256 of a file that is written in places: what is written in order is hashed on its way, and only the rest is read again. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { AppError, throwIfCancelled } from '../../contract/errors';

const pieceBytes = 1 << 20;

export class GrowingHash {
  private readonly sum = createHash('sha256');
  /** Bytes from the beginning that are in the sum. */
  private end = 0;

  /** These bytes stand at `position` and stay. */
  took(bytes: Uint8Array, position: number): void {
    if (position !== this.end) return;
    this.sum.update(bytes);
    this.end += bytes.length;
  }

  /** Of the whole file of `bytes`; it is open for reading. */
  async finish(file: FileHandle, bytes: number, signal: AbortSignal): Promise<string> {
    const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(0, bytes - this.end)));
    while (this.end < bytes) {
      throwIfCancelled(signal);
      const { bytesRead } = await file.read(piece, 0, Math.min(piece.length, bytes - this.end), this.end);
      if (bytesRead === 0) throw new AppError('file/disk-full', `Only ${this.end} of ${bytes} bytes could be written.`);
      this.sum.update(piece.subarray(0, bytesRead));
      this.end += bytesRead;
    }
    return this.sum.digest('hex');
  }
}
