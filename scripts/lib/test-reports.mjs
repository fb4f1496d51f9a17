/** Reads the reports that vitest and Playwright write into one shape: true numbers, and names for all that needs a look. */

/**
 * What one suite came to. `skipped` and `flaky` hold names, so that neither can hide behind a number.
 * A flaky test passed in the end: it counts as passed, and is named.
 */
export function emptyResults() {
  return { passed: 0, failed: 0, skipped: [], flaky: [] };
}

/** Vitest's JSON. A file that could not even be loaded has no tests to count: it counts as one failure. */
export function vitestResults(report) {
  const results = emptyResults();
  for (const file of report.testResults) {
    if (file.status === 'failed' && file.assertionResults.length === 0) results.failed += 1;
    for (const test of file.assertionResults) {
      if (test.status === 'passed') results.passed += 1;
      else if (test.status === 'failed') results.failed += 1;
      else results.skipped.push(test.fullName);
    }
  }
  return { 'unit tests': results };
}

function* playwrightTests(suite, above) {
  const path = suite.title ? [...above, suite.title] : above;
  for (const spec of suite.specs ?? []) {
    for (const test of spec.tests) yield { name: [...path, spec.title].join(' > '), test };
  }
  for (const inner of suite.suites ?? []) yield* playwrightTests(inner, path);
}

/** Playwright's JSON, one row for each project. Errors outside any test (set-up, a file that fails to load) count too. */
export function playwrightResults(report) {
  const rows = {};
  for (const { name, test } of report.suites.flatMap((suite) => [...playwrightTests(suite, [])])) {
    const row = (rows[`window tests: ${test.projectName || 'all'}`] ??= emptyResults());
    if (test.status === 'skipped') row.skipped.push(name);
    else if (test.status === 'unexpected') row.failed += 1;
    else row.passed += 1;
    if (test.status === 'flaky') row.flaky.push(name);
  }
  if (report.errors.length > 0)
    rows['window tests: outside the tests'] = { ...emptyResults(), failed: report.errors.length };
  return rows;
}

/**
 * The rows of a suite, given its exit code and its report (undefined when it wrote none). A suite that ran no test, or
 * ended badly although its tests passed, has one failure.
 * @returns {Record<string, { passed: number, failed: number, skipped: string[], flaky: string[] }>}
 */
export function suiteResults(step, code, report) {
  const rows = report === undefined ? {} : step.read(report);
  const sum = (key) => Object.values(rows).reduce((total, row) => total + row[key], 0);
  const ranNothing = sum('passed') + sum('failed') === 0;
  if (ranNothing || (code !== 0 && sum('failed') === 0)) {
    const row = (rows[step.name] ??= emptyResults());
    row.failed += 1;
  }
  return rows;
}
