/** Speed and working time under steady work, stalls, sleep and clocks that jump in both directions. */
import { expect, test } from 'vitest';
import { remainingMs, Speed } from './speed';

/** A clock that is moved by hand. */
function start() {
  const clock = { ms: 50_000 };
  const speed = new Speed(() => clock.ms);
  let done = 0;
  const work = (units: number, ms: number) => {
    clock.ms += ms;
    speed.tell((done += units));
  };
  speed.tell(0);
  return { clock, speed, work };
}

test('steady work: the speed is what it is, whatever the reports', () => {
  for (const [units, ms, times] of [
    [1, 100, 50],
    [1, 1, 5_000],
    [40, 4_000, 3],
  ] as const) {
    const { speed, work } = start();
    for (let time = 0; time < times; time++) work(units, ms);
    expect(speed.perSecond()).toBeCloseTo((units * 1000) / ms, 1);
    expect(speed.workedMs()).toBe(ms * times);
  }
});

test('unknown before there is anything to go by', () => {
  const { speed, work } = start();
  expect(speed.perSecond()).toBeNull();
  work(1, 100);
  expect(speed.perSecond()).toBeNull();
  work(1, 150);
  expect(speed.perSecond()).toBeCloseTo(8);
  expect(remainingMs(10, null, 5)).toBeNull();
  expect(remainingMs(10, 110, null)).toBeNull();
  expect(remainingMs(10, 110, 50)).toBe(2_000);
  expect(remainingMs(120, 110, 50)).toBe(0);
});

test('the last seconds count, not a slow start', () => {
  const { speed, work } = start();
  for (let time = 0; time < 60; time++) work(1, 1_000);
  for (let time = 0; time < 110; time++) work(10, 100);
  expect(speed.perSecond()).toBeCloseTo(100, 0);
});

test('units that take longer than the window are told by their average, which sinks while nothing comes', () => {
  const { clock, speed, work } = start();
  for (let unit = 0; unit < 3; unit++) {
    for (let look = 0; look < 29; look++) {
      clock.ms += 1_000;
      speed.workedMs();
    }
    work(1, 1_000);
  }
  for (let look = 0; look < 15; look++) {
    clock.ms += 1_000;
    speed.workedMs();
  }
  expect(speed.perSecond()).toBeCloseTo(3 / 105, 3);
});

test.each([8 * 3_600_000, -8 * 3_600_000])(
  'a jump of %i ms (sleep, a clock that was set) changes neither speed nor time',
  (jump) => {
    const { clock, speed, work } = start();
    for (let time = 0; time < 100; time++) work(1, 100);
    clock.ms += jump;
    for (let time = 0; time < 100; time++) work(1, 100);
    expect(speed.perSecond()).toBeGreaterThan(6);
    expect(speed.perSecond()).toBeLessThan(10.5);
    expect(speed.workedMs()).toBeGreaterThanOrEqual(19_900);
    expect(speed.workedMs()).toBeLessThanOrEqual(25_100);
  },
);

test('a count that begins anew is no negative speed', () => {
  const { speed, work } = start();
  for (let time = 0; time < 20; time++) work(5, 100);
  speed.tell(0);
  expect(speed.perSecond()).toBeNull();
});
