/** Selecting with click, Ctrl and Shift, and what is left when pictures go. */
import { describe, expect, it } from 'vitest';
import { noSelection, select, selectAll, selectOne, withoutRemoved } from './selection';

const order = ['p1', 'p2', 'p3', 'p4', 'p5'];
const plain = { isAdding: false, isExtending: false };
const add = { isAdding: true, isExtending: false };
const extend = { isAdding: false, isExtending: true };

describe('select', () => {
  it('a click takes one', () => {
    expect(select(selectOne('p1'), order, 'p3', plain)).toEqual(selectOne('p3'));
  });
  it('Ctrl adds and takes away', () => {
    const two = select(selectOne('p1'), order, 'p3', add);
    expect([...two.ids]).toEqual(['p1', 'p3']);
    expect([...select(two, order, 'p1', add).ids]).toEqual(['p3']);
  });
  it('Shift extends from the anchor, both ways', () => {
    const down = select(selectOne('p3'), order, 'p5', extend);
    expect([...down.ids]).toEqual(['p3', 'p4', 'p5']);
    expect([...select(down, order, 'p1', extend).ids]).toEqual(['p1', 'p2', 'p3']);
  });
  it('Shift without an anchor is a click', () => {
    expect(select(noSelection, order, 'p2', extend)).toEqual(selectOne('p2'));
  });
  it('all', () => {
    expect(selectAll(order, noSelection)).toEqual({ ids: new Set(order), active: 'p1', anchor: 'p1' });
  });
});

describe('removal', () => {
  it('goes on with the next one, at the end with the one before', () => {
    expect(withoutRemoved(selectOne('p2'), order, new Set(['p2', 'p3'])).active).toBe('p4');
    expect(withoutRemoved(selectOne('p5'), order, new Set(['p5'])).active).toBe('p4');
    expect(withoutRemoved(selectOne('p1'), order, new Set(order))).toEqual(noSelection);
  });
  it('keeps what stays', () => {
    const both = select(selectOne('p1'), order, 'p4', add);
    expect(withoutRemoved(both, order, new Set(['p1']))).toEqual({ ids: new Set(['p4']), active: 'p4', anchor: 'p4' });
  });
});
