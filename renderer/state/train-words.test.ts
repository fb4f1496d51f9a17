/** What is said of runs: honest while young, plain when it goes wrong. */
import { describe, expect, it } from 'vitest';
import type { Check, TrainingRun } from '../../electron/contract/training';
import { formatMetric, learnedByHeart, phaseWords, told } from './train-words';

const thin = '\u202f';
const look = (step: number, metrics: Check['metrics'] = {}, more: Partial<Check> = {}): Check => ({
  ...{ step, metrics, verdict: null, confusion: null, hasSheet: false },
  ...more,
});
const run = (more: Partial<TrainingRun>): TrainingRun =>
  ({
    ...{ purpose: 'judge', phase: 'training', step: 500, steps: 1000, checks: [], classes: ['cat', 'dog'], best: null },
    ...{ judge: null, failure: null },
    ...more,
  }) as unknown as TrainingRun;

describe('a judge', () => {
  it('is told by what it answers right on what it has not seen, with its commonest mistake', () => {
    const check = look(400, { 'validation.accuracy': 0.9 }, { confusion: [[5, 0], [1, 4]] }); // prettier-ignore
    const best = { step: 400, metric: 'validation.accuracy', value: 0.9 };
    const { tone, sentence, advice } = told(run({ checks: [check], best }), false);
    expect(tone).toBe('good');
    expect(sentence).toBe(`90.0${thin}% of the samples it has not seen are answered right.`);
    expect(advice).toBe('Its most frequent mistake: dog taken for cat. The best step so far, 400, is kept.');
  });
  it('has learned nothing yet at step 0', () => {
    expect(told(run({ checks: [look(0, { 'validation.accuracy': 0.1 })] }), false).sentence).toBe('It is learning.');
  });
  it('learns by heart when the validation loss rises for three looks', () => {
    const losses = [1, 0.5, 0.6, 0.7, 0.8];
    const checks = losses.map((loss, place) => look(place * 100, { 'validation.loss': loss, 'validation.accuracy': 0.8 })); // prettier-ignore
    expect(learnedByHeart({ checks })).toBe(100);
    expect(learnedByHeart({ checks: checks.slice(0, 4) })).toBeNull();
    expect(told(run({ checks }), false)).toMatchObject({ tone: 'look' });
  });
});

describe('a generator', () => {
  const verdict = { state: 'collapsed', sentence: 'Collapsed: 2 of 10 classes appear.', advice: 'Do this.', figures: [], shares: [] } as const; // prettier-ignore
  it('is told by its newest verdict, not by the newest look', () => {
    const checks = [look(100, {}, { verdict: { ...verdict, figures: [], shares: [] } }), look(200)];
    expect(told(run({ purpose: 'generator', checks }), false)).toEqual({
      tone: 'bad',
      sentence: verdict.sentence,
      advice: 'Do this.',
    });
    expect(told(run({ purpose: 'generator', checks }), true).advice).toBe('Paused at step 500. Do this.');
  });
  it('without a judge says so', () => {
    const alone = run({ purpose: 'generator', checks: [look(0), look(100)] });
    expect(told(alone, false).advice).toMatch(/no judge/);
  });
});

describe('a run that went wrong', () => {
  it('says what happened', () => {
    const failure = { code: 'training/diverged' as const, message: 'x', details: {} };
    expect(told(run({ phase: 'failed', failure }), false).sentence).toBe('The numbers ran away.');
    const crash = { code: 'engine/crashed' as const, message: 'x', details: {} };
    expect(told(run({ phase: 'failed', failure: crash }), false).sentence).toBe('It stopped at step 500.');
  });
});

describe('numbers', () => {
  it.each([
    [97.25, '%', `97.3${thin}%`],
    [0.0512, 'nats', `0.051${thin}nats`],
    [1.0166, 'nats', `1.02${thin}nats`],
    [12.34, 'nats', `12.3${thin}nats`],
    [1234.5, 'nats', `1,235${thin}nats`],
    [8, '', '8'],
    [Number.NaN, '%', '–'],
  ])('%f %s', (value, unit, expected) => {
    expect(formatMetric(value, unit)).toBe(expected);
  });
  it('a run under way tells how far it is', () => {
    expect(phaseWords({ phase: 'training', step: 61, steps: 100 })).toBe(`training 61${thin}%`);
    expect(phaseWords({ phase: 'training', step: 61, steps: null })).toBe('training');
    expect(phaseWords({ phase: 'kept', step: 100, steps: 100 })).toBe('kept');
  });
});
