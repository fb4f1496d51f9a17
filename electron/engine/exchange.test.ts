/** Slot files keep what was written last, and the pool hands them out in order. */
import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeSlots, createSlotPool, readSlot, writeSlot } from './exchange';

let dir: string;
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'exchange-'))));
afterEach(() => {
  closeSlots();
  rmSync(dir, { recursive: true, force: true });
});

const calm = new AbortController().signal;

describe('slots', () => {
  test('are written over, and read by shape', () => {
    writeSlot(
      dir,
      3,
      Uint8Array.from({ length: 24 }, (_, i) => i),
    );
    writeSlot(dir, 3, Uint8Array.from([9, 8, 7]));
    expect([...readSlot(dir, { slot: 3, height: 1, width: 1 })]).toEqual([9, 8, 7]);
    expect([...readSlot(dir, { slot: 3, height: 1, width: 2 })]).toEqual([9, 8, 7, 3, 4, 5]);
    expect(() => readSlot(dir, { slot: 3, height: 3, width: 3 })).toThrow('holds less than 3 x 3');
    expect(() => readSlot(dir, { slot: 4, height: 1, width: 1 })).toThrow('could not be opened');
  });

  test('survive a folder that is removed and made again', () => {
    writeSlot(dir, 0, new Uint8Array(3).fill(1));
    rmSync(join(dir, 'slot-0.rgb'));
    writeFileSync(join(dir, 'slot-0.rgb'), Uint8Array.from([5, 5, 5]));
    expect([...readSlot(dir, { slot: 0, height: 1, width: 1 })]).toEqual([5, 5, 5]);
  });

  test('many folders do not keep all their files open', () => {
    for (let slot = 0; slot < 300; slot++) writeSlot(dir, slot, Uint8Array.of(slot & 255, 0, 0));
    if (process.platform === 'linux') {
      const open = readdirSync('/proc/self/fd').length;
      expect(open).toBeLessThan(300);
    }
    for (const slot of [0, 150, 299]) expect(readSlot(dir, { slot, height: 1, width: 1 })[0]).toBe(slot & 255);
  });

  test.runIf(process.platform !== 'win32')('a link in place of a slot is refused', () => {
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'slot-1.rgb'));
    expect(() => writeSlot(dir, 1, new Uint8Array(3))).toThrow('could not be opened');
  });
});

describe('createSlotPool', () => {
  test('gives each slot to one at a time, first come first served', async () => {
    const pool = createSlotPool(dir, 2);
    expect([await pool.acquire(calm), await pool.acquire(calm)]).toEqual([0, 1]);
    const order: string[] = [];
    const waiters = ['a', 'b'].map((name) =>
      pool.acquire(calm).then((slot) => {
        order.push(name);
        return slot;
      }),
    );
    pool.release(1);
    expect(await waiters[0]).toBe(1);
    expect(order).toEqual(['a']);
    pool.release(0);
    expect(await waiters[1]).toBe(0);
    expect(order).toEqual(['a', 'b']);
  });

  test('who is cancelled leaves the queue', async () => {
    const pool = createSlotPool(dir, 1);
    await pool.acquire(calm);
    const abort = new AbortController();
    const gone = pool.acquire(abort.signal);
    const next = pool.acquire(calm);
    abort.abort();
    await expect(gone).rejects.toMatchObject({ code: 'call/cancelled' });
    await expect(pool.acquire(AbortSignal.abort())).rejects.toMatchObject({ code: 'call/cancelled' });
    pool.release(0);
    expect(await next).toBe(0);
    pool.release(0);
    await expect(pool.acquire(AbortSignal.abort())).rejects.toMatchObject({ code: 'call/cancelled' });
    expect(await pool.acquire(calm)).toBe(0);
  });

  test('a slot given back twice is a mistake', async () => {
    const pool = createSlotPool(dir, 1);
    pool.release(await pool.acquire(calm));
    expect(() => pool.release(0)).toThrow('Slot 0 is not taken');
  });
});
