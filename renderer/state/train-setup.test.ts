/** A set-up: which recipe it means, what is sent, and how it is told. */
import { describe, expect, it } from 'vitest';
import type { Recipe, Setting } from '../../electron/contract/training';
import { initialSetup } from './train-state';
import {
  budgetWords,
  chosenRecipe,
  durationWords,
  formatSetting,
  groupSummary,
  limitWords,
  nameFault,
  parseSetting,
  settingsToSend,
  tidied,
} from './train-setup';

const thin = '\u202f';
const setting = (path: string, value: Setting['value'], more: Partial<Setting> = {}): Setting => ({
  ...{ path, group: 'learning', title: path, help: '', kind: 'number', value, least: 0, most: 10, choices: [] },
  ...more,
});
const recipe = (name: string, more: Partial<Recipe> = {}): Recipe => ({
  ...{ name, title: name, family: 'gan', purpose: 'generator', summary: '', settings: [], steps: 1000 },
  ...{ parameters: null, seconds: null, unsuited: '', isSuggested: false },
  ...more,
});
const setup = { ...initialSetup, purpose: 'generator' as const };

describe('the recipe', () => {
  const all = [
    recipe('a', { unsuited: 'It needs pictures.' }),
    recipe('b'),
    recipe('c', { isSuggested: true }),
    recipe('j', { purpose: 'judge' }),
  ];
  it('is the suggested one until another is chosen', () => {
    expect(chosenRecipe(setup, all)?.name).toBe('c');
    expect(chosenRecipe({ ...setup, recipe: 'a' }, all)?.name).toBe('a');
    expect(chosenRecipe({ ...setup, recipe: 'j' }, all)?.name).toBe('c');
    expect(chosenRecipe(setup, all.slice(0, 2))?.name).toBe('b');
    expect(chosenRecipe(setup, all.slice(0, 1))?.name).toBe('a');
    expect(chosenRecipe(setup, [])).toBeUndefined();
  });
  it('is sent only what differs from it', () => {
    const one = recipe('a', { settings: [setting('batch', 64), setting('rate', 0.1)] });
    const changes = { batch: 64, rate: 0.2, gone: 1 };
    expect(settingsToSend(one, changes)).toEqual({ rate: 0.2 });
    const copy = { ...setup, changes, budget: { unit: 'steps' as const, amount: 1000 } };
    expect(tidied(copy, one)).toMatchObject({ changes: { rate: 0.2 }, budget: null });
  });
});

describe('the length', () => {
  it('is told in the unit that was chosen', () => {
    expect(budgetWords(null, 1700)).toBe('1,700 steps');
    expect(budgetWords({ unit: 'seconds', amount: 600 }, 1)).toBe(`10${thin}min`);
    expect(budgetWords({ unit: 'epochs', amount: 1 }, 1)).toBe('1 epoch');
  });
  it('is estimated from what was measured, and from nothing else', () => {
    const measured = recipe('a', { seconds: 60 });
    expect(durationWords(measured, null)).toBe(`about 60${thin}s`);
    expect(durationWords(measured, { unit: 'steps', amount: 5000 })).toBe(`about 5${thin}min`);
    expect(durationWords(measured, { unit: 'epochs', amount: 5 })).toMatch(/not measured/);
    expect(durationWords(recipe('a'), null)).toMatch(/not measured/);
  });
});

describe('settings', () => {
  it.each([
    [0.0002, '2e-4'],
    [0.002, '0.002'],
    [1700, '1,700'],
    [true, 'on'],
    ['hinge', 'hinge'],
  ])('%s is written %s', (value, expected) => expect(formatSetting(value)).toBe(expected));
  it('take numbers within their limits only', () => {
    const whole = setting('batch', 64, { kind: 'integer', least: 1, most: 4096 });
    expect(parseSetting(whole, '1,024')).toBe(1024);
    for (const text of ['', 'x', '1.5', '0', '5000']) expect(parseSetting(whole, text)).toBeUndefined();
    expect(parseSetting(setting('rate', 0.1), '2e-4')).toBe(0.0002);
    expect(limitWords(whole)).toBe('A whole number from 1 to 4,096');
  });
  it('are told on the closed row, what was changed first', () => {
    const settings = [
      setting('momentum', 0.9),
      setting('batch', 64, { title: 'Batch' }),
      setting('learningRate', 0.001, { title: 'Learning rate' }),
    ];
    expect(groupSummary(settings, {}, null)).toBe('rate 0.001, batch 64');
    expect(groupSummary(settings, { momentum: 0.5 }, null)).toBe('momentum 0.5, rate 0.001');
    const network = [setting('network', 'conv', { kind: 'choice', group: 'network' })];
    expect(groupSummary(network, {}, 438_657)).toBe('conv, 438,657 weights');
  });
  it('names are such as files can have', () => {
    expect(nameFault('')).toBe('');
    expect(nameFault('digits-2')).toBe('');
    expect(nameFault('Digits 2')).not.toBe('');
  });
});
