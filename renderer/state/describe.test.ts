/** What is said of a picture in each standing. */
import { describe as suite, expect, it } from 'vitest';
import { clearest, describe, describeBriefly } from './describe';
import { judged, prediction } from './test-photos';

const cat = { a: [prediction('cat', 0.7), prediction('dog', 0.2)] };

suite('describe', () => {
  it.each([
    ['sure', judged(1, cat), 0.5, 'cat', 'real'],
    ['unsure', judged(1, cat), 0.9, 'cat?', 'warn'],
    ['confirmed', judged(1, cat, { correction: 'cat' }), 0.9, 'cat', 'real'],
    ['corrected', judged(1, cat, { correction: 'ox' }), 0.5, 'ox, not cat', 'bad'],
    ['corrected without a guess', judged(1, { a: [] }, { correction: 'ox' }), 0.5, 'ox', 'bad'],
    ['nothing found', judged(1, { a: [] }), 0.5, 'nothing found', 'warn'],
    ['waiting', judged(1, {}, { state: 'waiting' }), 0.5, 'Judging...', 'slate'],
    [
      'failed',
      judged(1, {}, { state: 'failed', failure: { code: 'image/damaged', message: 'x', details: {} } }),
      0.5,
      'Damaged',
      'bad',
    ],
  ])('%s', (_name, photo, threshold, label, voice) => {
    expect(describe(photo, 'a', threshold)).toMatchObject({ label, voice });
  });

  it('counts objects, leaving out guesses beside clear ones', () => {
    const box: [number, number, number, number] = [0, 0, 1, 1];
    const found = [
      prediction('dog', 0.9, box),
      prediction('dog', 0.8, box),
      prediction('car', 0.7, box),
      prediction('sofa', 0.3, box),
    ];
    expect(describeBriefly(judged(1, { a: found }), 'a', 0.5)).toBe('2 × dog, car');
    expect(clearest(found.slice(3), 0.5)).toHaveLength(1);
    expect(describeBriefly(judged(1, cat), 'a', 0.5)).toBe('cat 70.0\u202f%');
    expect(describeBriefly(judged(1, {}), 'a', 0.5)).toBe('');
  });
});
