/** Tests of the counting of tests: nothing that failed, was skipped or never ran may get lost. */
import { expect, test } from 'vitest';
import { playwrightResults, suiteResults, vitestResults } from './test-reports.mjs';

const unitStep = { name: 'unit tests', read: vitestResults };
const windowStep = { name: 'window tests', read: playwrightResults };

const unit = (...statuses: string[]) => ({
  testResults: [
    { status: 'passed', assertionResults: statuses.map((status) => ({ status, fullName: `a ${status} test` })) },
  ],
});

const windows = (tests: { projectName: string; status: string }[], errors: unknown[] = []) => ({
  errors,
  suites: [{ title: 'a.spec.ts', specs: [], suites: [{ title: 'dropping', specs: [{ title: 'a photo', tests }] }] }],
});

test('unit tests are counted by their status, and skipped ones are named', () => {
  const rows = suiteResults(unitStep, 1, unit('passed', 'passed', 'failed', 'skipped', 'todo'));
  expect(rows).toEqual({
    'unit tests': { passed: 2, failed: 1, skipped: ['a skipped test', 'a todo test'], flaky: [] },
  });
});

test('a test file that cannot be loaded is a failure', () => {
  const rows = suiteResults(unitStep, 1, { testResults: [{ status: 'failed', assertionResults: [] }] });
  expect(rows).toMatchObject({ 'unit tests': { passed: 0, failed: 1 } });
});

test('a suite without a report, without tests, or with a bad exit code has failed', () => {
  expect(suiteResults(unitStep, 1, undefined)).toMatchObject({ 'unit tests': { passed: 0, failed: 1 } });
  expect(suiteResults(unitStep, 0, unit())).toMatchObject({ 'unit tests': { passed: 0, failed: 1 } });
  expect(suiteResults(unitStep, 1, unit('passed'))).toMatchObject({ 'unit tests': { passed: 1, failed: 1 } });
});

test('window tests are counted for each project; flaky ones pass and are named', () => {
  const report = windows([
    { projectName: 'root', status: 'expected' },
    { projectName: 'root', status: 'flaky' },
    { projectName: 'packaged', status: 'unexpected' },
    { projectName: 'packaged', status: 'skipped' },
  ]);
  expect(suiteResults(windowStep, 1, report)).toEqual({
    'window tests: root': { passed: 2, failed: 0, skipped: [], flaky: ['a.spec.ts > dropping > a photo'] },
    'window tests: packaged': { passed: 0, failed: 1, skipped: ['a.spec.ts > dropping > a photo'], flaky: [] },
  });
});

test('an error outside the window tests counts as well', () => {
  const rows = suiteResults(
    windowStep,
    1,
    windows([{ projectName: 'root', status: 'expected' }], [{ message: 'no display' }]),
  );
  expect(rows).toMatchObject({ 'window tests: root': { passed: 1 }, 'window tests: outside the tests': { failed: 1 } });
});
