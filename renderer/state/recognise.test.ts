/** What a drop is recognised as, and what is offered. */
import { describe, expect, it } from 'vitest';
import type { Dropped } from '../../electron/contract/bridge';
import { inWords, kindOfType, recognise } from './recognise';

type Kind = Dropped['kind'];
const onClassify = { screen: 'classify', isModelOpen: false } as const;
const onData = { screen: 'data', isModelOpen: false } as const;

describe('recognise', () => {
  it.each<[Kind[], string]>([
    [['picture'], '1 picture'],
    [Array<Kind>(214).fill('picture'), '214 pictures'],
    [['picture', 'folder', 'picture'], '2 pictures and 1 folder'],
    [['picture', 'folder', 'archive'], '1 picture, 1 folder and 1 archive'],
    [['music', 'music'], '2 pieces of music'],
  ])('%j is "%s"', (kinds, expected) => {
    expect(inWords(kinds)).toBe(expected);
  });
  it('pictures and folders are judged, or a data set; on the Data screen the other way round', () => {
    expect(recognise(['picture', 'folder'], onClassify).actions).toEqual(['judge', 'dataset']);
    expect(recognise(['folder'], onData).actions).toEqual(['dataset', 'judge']);
  });
  it.each<Kind>(['archive', 'table', 'text', 'sound', 'music'])('%s is always a data set', (kind) => {
    expect(recognise([kind], onClassify).actions).toEqual(['dataset']);
    expect(recognise(['picture', kind], onClassify).actions).toEqual(['dataset']);
  });
  it('a model is a model, whatever comes beside it is handled for itself', () => {
    expect(recognise(['model'], onData).actions).toEqual(['model']);
    expect(recognise(['model', 'picture'], onClassify).actions).toEqual(['judge', 'dataset']);
  });
  it('beside an open model a single file of words is its labels', () => {
    const place = { screen: 'models', isModelOpen: true } as const;
    expect(recognise(['text'], place).actions).toEqual(['labels']);
    expect(recognise(['text', 'text'], place).actions).toEqual(['dataset']);
    expect(recognise(['picture'], place).actions).toEqual(['judge', 'dataset']);
  });
  it('knows a type while it hovers, and says so when it does not', () => {
    expect(['image/png', 'application/zip', 'text/csv', 'text/plain', ''].map(kindOfType)).toEqual([
      'picture',
      'archive',
      'table',
      'text',
      'other',
    ]);
  });
});
