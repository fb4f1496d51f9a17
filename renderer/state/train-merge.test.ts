/** News of a run: appended, thinned, and taken back when the run goes on from an older step. */
import { describe, expect, it } from 'vitest';
import type { Curve, TrainingProgress, TrainingRun } from '../../electron/contract/training';
import { checkAt, merged, mergedEntries, sheetSteps, thinned, withPoints } from './train-merge';

const curve = (name: string, points: Curve['points']): Curve => ({
  name,
  title: name,
  chart: 'loss',
  unit: 'nats',
  voice: 'neutral',
  points,
});
const look = (step: number, hasSheet = true) => ({ step, metrics: {}, verdict: null, confusion: null, hasSheet });
const run = {
  job: 'j1',
  phase: 'training',
  step: 20,
  steps: 100,
  curves: [curve('loss', [[10, 2], [20, 1]])], // prettier-ignore
  checks: [look(10), look(20)],
  classes: ['a'],
} as unknown as TrainingRun;
const news = (more: Partial<TrainingProgress>): TrainingProgress => ({
  ...{ job: 'j1', phase: 'training', step: 30, steps: 100, epoch: 1, samplesPerSecond: 9, remainingMs: 1, workedMs: 2 },
  ...{ best: null, failure: null, points: [], check: null },
  ...more,
});

describe('news of a run', () => {
  it('appends points by name, and takes in curves that are new', () => {
    const after = merged(run, news({ points: [curve('loss', [[30, 0.5]]), curve('accuracy', [[30, 0.9]])] }));
    expect(after.curves.map(({ name, points }) => [name, points])).toEqual([
      ['loss', [[10, 2], [20, 1], [30, 0.5]]],
      ['accuracy', [[30, 0.9]]],
    ]); // prettier-ignore
    expect(after).toMatchObject({ step: 30, classes: ['a'], samplesPerSecond: 9 });
  });
  it('keeps curves and looks as they are when there is nothing new of them', () => {
    const after = merged(run, news({}));
    expect(after.curves).toBe(run.curves);
    expect(after.checks).toBe(run.checks);
  });
  it('forgets what was seen of steps that are done again after a crash', () => {
    const after = merged(run, news({ step: 12, points: [curve('loss', [[11, 3], [20, 4]])], check: look(15) })); // prettier-ignore
    expect(after.curves[0]?.points).toEqual([[10, 2], [11, 3], [20, 4]]); // prettier-ignore
    expect(after.checks.map(({ step }) => step)).toEqual([10, 15]);
  });
  it('is not for another run', () => {
    expect(merged(run, news({ job: 'j2' }))).toBe(run);
  });
});

describe('curves', () => {
  it('stay under 2,000 points, and end where they end', () => {
    const long = Array.from({ length: 5001 }, (_, step): [number, number] => [step, step]);
    const kept = thinned(long);
    expect(kept.length).toBeLessThanOrEqual(2000);
    expect(kept.length).toBeGreaterThan(1000);
    expect(kept.at(-1)).toEqual([5000, 5000]);
    const grown = withPoints([curve('loss', kept)], [curve('loss', [[5001, 1]])]);
    expect(grown[0]?.points.at(-1)).toEqual([5001, 1]);
  });
});

describe('looks', () => {
  it('are found by step, the newest without one', () => {
    const checks = [look(0), look(50, false), look(100)];
    expect(sheetSteps(checks)).toEqual([0, 100]);
    expect(checkAt(checks, null)?.step).toBe(100);
    expect(checkAt(checks, 50)?.step).toBe(50);
    expect(checkAt(checks, 51)?.step).toBe(100);
    expect(checkAt([], null)).toBeUndefined();
  });
});

describe('the list', () => {
  it('changes only when what it shows has changed', () => {
    const entry = { job: 'j1', phase: 'training', step: 30, steps: 100 };
    const runs = [entry] as unknown as Parameters<typeof mergedEntries>[0];
    expect(mergedEntries(runs, news({}))).toBe(runs);
    expect(mergedEntries(runs, news({ phase: 'kept' }))[0]?.phase).toBe('kept');
    expect(mergedEntries(runs, news({ job: 'j9' }))).toBe(runs);
  });
});
