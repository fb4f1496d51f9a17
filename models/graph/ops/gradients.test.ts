/**
 * Gradients of all operators by central differences, first and second order. The cases stand in `*.cases.ts`, one file a family; an
 * operator that has a rule and no case fails here.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { type GradientCase, gradientError, operatorsOf } from '../../testing/check-gradient';
import { operators } from './table';

afterAll(() => expect(liveSessions()).toBe(0));

const files = readdirSync(__dirname).filter((file) => file.endsWith('.cases.ts'));
const families = await Promise.all(
  files.map(async (file) => {
    const { cases } = (await import(/* @vite-ignore */ join(__dirname, file))) as { cases: readonly GradientCase[] };
    return { family: file.replace('.cases.ts', ''), cases };
  }),
);

describe.each(families)('$family', ({ cases }) => {
  test.each(cases)('$name', async (check) => {
    expect(await gradientError(check)).toBeLessThan(check.dtype === 'float32' ? 1e-3 : 1e-6);
  });
});

test('every operator with a gradient rule has a case', () => {
  const covered = new Set(families.flatMap(({ cases }) => cases.flatMap(operatorsOf)));
  // Families may also check themselves in a test of their own.
  const tests = readdirSync(__dirname).filter((file) => file.endsWith('.test.ts') && file !== 'gradients.test.ts');
  const text = tests.map((file) => readFileSync(join(__dirname, file), 'utf8')).join('\n');
  const missing = Object.entries(operators).filter(
    ([name, { vjp }]) => typeof vjp === 'function' && !covered.has(name) && !text.includes(`g.${name}(`),
  );
  expect(missing.map(([name]) => name)).toEqual([]);
});
