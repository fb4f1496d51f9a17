/** The steps of `npm test`, in order: a check counts as one test, a suite as the tests in the report it writes. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { inRoot, packageScript, scratchFolder } from './paths.mjs';
import { playwrightResults, vitestResults } from './test-reports.mjs';

const reports = path.join(scratchFolder, 'test');
const unitReport = path.join(reports, 'unit.json');
const windowReport = path.join(reports, 'windows.json');
const lintCache = path.join(scratchFolder, 'eslint');

function check(name, script, ...args) {
  return { name, script, args };
}

const checks = [
  check('format', packageScript('prettier', 'bin/prettier.cjs'), '--check', '.', '--log-level', 'warn'),
  check('types', packageScript('typescript', 'bin/tsc'), '-b'),
  check('lint', packageScript('eslint', 'bin/eslint.js'), '.', '--cache', '--cache-location', lintCache),
  check(
    'import boundaries',
    packageScript('dependency-cruiser', 'bin/dependency-cruise.mjs'),
    ...['models', 'electron', 'renderer', 'e2e'].filter((folder) => existsSync(inRoot(folder))),
    '--output-type',
    'err',
  ),
  check('dead code', packageScript('knip', 'bin/knip.js'), '--no-progress'),
  check('lock file', inRoot('scripts', 'lock-check.mjs')),
];

const unitTests = {
  name: 'unit tests',
  script: packageScript('vitest', 'vitest.mjs'),
  args: ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`],
  report: unitReport,
  read: vitestResults,
};

// The packaged app is made first: some of the window tests drive it.
const windows = [
  check('build', inRoot('scripts', 'build.mjs')),
  check(
    'package',
    inRoot('scripts', 'dist.mjs'),
    '--dir',
    ...(existsSync('/usr/bin/dpkg-deb') ? ['--deb'] : []),
    '--fast',
  ),
  {
    name: 'window tests',
    script: packageScript('@playwright/test', 'cli.js'),
    args: ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: windowReport },
    report: windowReport,
    read: playwrightResults,
  },
];

/** All steps, or those without windows; with names, only the steps whose name begins with one of them. */
export function testSteps({ withWindows, only = [] }) {
  const steps = [...checks, unitTests, ...(withWindows ? windows : [])];
  return only.length === 0 ? steps : steps.filter((step) => only.some((word) => step.name.startsWith(word)));
}
