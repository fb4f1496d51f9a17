/** Slot files through which decoded pixels pass from intake to compute without travelling in messages. */
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../contract/errors';

/** u8 RGB, height x width x 3, as it lies in a slot from byte 0 on. */
interface SlotShape {
  slot: number;
  height: number;
  width: number;
}

const maxOpen = 256;
/** Open slot files by path, least recently used first: opening and closing would cost more than the copy. */
const open = new Map<string, number>();

const slotPath = (dir: string, slot: number): string => join(dir, `slot-${slot}.rgb`);

/** Writes the pixels over what the slot held before; the file keeps its largest size, readers go by the shape. */
export function writeSlot(dir: string, slot: number, pixels: Uint8Array): void {
  const fd = descriptor(slotPath(dir, slot), constants.O_CREAT);
  try {
    let done = 0;
    while (done < pixels.length) done += writeSync(fd, pixels, done, pixels.length - done, done);
  } catch (error) {
    throw slotError(error, 'written');
  }
}

/** The `height * width * 3` bytes of a slot. Fails with `engine/internal` when the slot holds less. */
export function readSlot(dir: string, { slot, height, width }: SlotShape): Uint8Array {
  const fd = descriptor(slotPath(dir, slot), 0);
  const pixels = new Uint8Array(height * width * 3);
  let done = 0;
  while (done < pixels.length) {
    const count = readSync(fd, pixels, done, pixels.length - done, done);
    if (count === 0) throw new AppError('engine/internal', `Slot ${slot} holds less than ${height} x ${width} pixels.`);
    done += count;
  }
  return pixels;
}

/** Closes all slot files, so that their folder can be removed everywhere. */
export function closeSlots(): void {
  for (const fd of open.values()) closeSync(fd);
  open.clear();
}

function descriptor(path: string, create: number): number {
  const known = open.get(path);
  if (known !== undefined) {
    open.delete(path);
    // A removed and recreated folder would leave us writing into a file that nobody else sees.
    if (fstatSync(known).nlink > 0) {
      open.set(path, known);
      return known;
    }
    closeSync(known);
  }
  const fd = openFile(path, create);
  open.set(path, fd);
  const oldest = open.entries().next();
  if (open.size > maxOpen && oldest.done !== true) {
    open.delete(oldest.value[0]);
    closeSync(oldest.value[1]);
  }
  return fd;
}

function openFile(path: string, create: number): number {
  try {
    // No link is followed. Windows lacks the constant, and undefined counts as no bits.
    return openSync(path, constants.O_RDWR | create | constants.O_NOFOLLOW, 0o600);
  } catch (error) {
    throw slotError(error, 'opened');
  }
}

function slotError(error: unknown, verb: string): AppError {
  const reason = error instanceof Error ? error.message : String(error);
  const full = reason.startsWith('ENOSPC') || reason.startsWith('EDQUOT');
  return new AppError(
    full ? 'file/disk-full' : 'engine/internal',
    full ? 'The disk with the temporary folder is full.' : `A slot of the exchange could not be ${verb}.`,
    { reason },
    { cause: error },
  );
}

export interface SlotPool {
  readonly dir: string;
  readonly count: number;
  /** Waits, first come first served, until a slot is free. Fails with `call/cancelled`. */
  acquire(signal: AbortSignal): Promise<number>;
  release(slot: number): void;
}

/** Hands out `count` slots: who wants one more waits, which is what holds decoding back when judging is slower. */
export function createSlotPool(dir: string, count: number): SlotPool {
  const free = Array.from({ length: count }, (_, i) => i);
  const taken = new Set<number>();
  const waiting = new Set<(slot: number) => void>();

  const take = (slot: number): number => {
    taken.add(slot);
    return slot;
  };
  return {
    dir,
    count,
    acquire: (signal) =>
      new Promise((resolve, reject) => {
        const cancelled = (): void => {
          waiting.delete(got);
          reject(new AppError('call/cancelled', 'Cancelled.'));
        };
        const got = (slot: number): void => {
          signal.removeEventListener('abort', cancelled);
          resolve(take(slot));
        };
        const slot = free.shift();
        if (signal.aborted) {
          if (slot !== undefined) free.unshift(slot);
          cancelled();
        } else if (slot !== undefined) {
          resolve(take(slot));
        } else {
          signal.addEventListener('abort', cancelled, { once: true });
          waiting.add(got);
        }
      }),
    release: (slot) => {
      if (!taken.delete(slot)) throw new AppError('engine/internal', `Slot ${slot} is not taken.`);
      const next = waiting.values().next();
      if (next.done === true) {
        free.push(slot);
      } else {
        waiting.delete(next.value);
        next.value(slot);
      }
    },
  };
}
