/** What the starter hears of the queue. */
import { expect, test } from 'vitest';
import type { JobView } from '../../contract/jobs';
import { AtWork } from './at-work';

function job(id: string, state: JobView['state'], done: number, total: number | null): JobView {
  return {
    ...{ id, kind: 'dataset.import', title: id, state, position: null, doing: '', perSecond: null, remainingMs: null },
    ...{ addedAt: 0, endedAt: null, workedMs: 0, attempts: 1, failure: null, result: null },
    progress: { done, total, unit: 'files' },
  };
}

test('only what is at work counts, and the mean of what can be told', () => {
  const atWork = new AtWork();
  expect(atWork.take([job('ja', 'waiting', 0, 10), job('jb', 'done', 10, 10)])).toBe(false);
  expect(atWork.now()).toEqual({ titles: [], fraction: null });
  expect(atWork.take([job('ja', 'running', 5, 10), job('jc', 'pausing', 10, 10), job('jd', 'running', 3, null)])).toBe(
    true,
  );
  expect(atWork.now()).toEqual({ titles: ['ja', 'jc', 'jd'], fraction: 0.75 });
});

test('the end of the last one is told, too', () => {
  const atWork = new AtWork();
  atWork.take([job('ja', 'running', 5, 10)]);
  expect(atWork.take([job('ja', 'done', 10, 10)])).toBe(true);
  expect(atWork.now()).toEqual({ titles: [], fraction: null });
  expect(atWork.take([job('ja', 'done', 10, 10)])).toBe(false);
});
