/**
 * `npm test`: runs every step, also after one has failed, and ends with the true totals: `N passed, N failed`.
 * `npm run check` leaves the windows out. Names as arguments (`npm test -- types unit`) run only those steps.
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ensureSetup } from './lib/ensure-setup.mjs';
import { scratchFolder } from './lib/paths.mjs';
import { capture } from './lib/run.mjs';
import { giveUp } from './lib/say.mjs';
import { emptyResults, suiteResults } from './lib/test-reports.mjs';
import { testSteps } from './lib/test-steps.mjs';

const longestStepMs = 20 * 60_000;
const longestOutput = 300;
const totalsFile = path.join(scratchFolder, 'test', 'totals.txt');

function print(line = '') {
  process.stdout.write(`${line}\n`);
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Runs one step. What it wrote is shown only when something is wrong: the last lines of it, where the reasons stand. */
async function runStep(step) {
  if (step.report) rmSync(step.report, { force: true });
  const started = performance.now();
  const options = { env: { FORCE_COLOR: '0', NO_COLOR: '1', ...step.env }, timeoutMs: longestStepMs };
  const { code, output } = await capture(process.execPath, [step.script, ...step.args], options);
  const seconds = (performance.now() - started) / 1000;
  const rows = step.report
    ? suiteResults(step, code, readReport(step.report))
    : { [step.name]: { ...emptyResults(), passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 } };
  if (Object.values(rows).some((row) => row.failed > 0)) {
    const lines = output.trimEnd().split('\n');
    print(`\n${step.name} said:\n${lines.slice(-longestOutput).join('\n')}\n`);
  }
  for (const [i, [name, row]] of Object.entries(rows).entries()) print(line(name, row, i === 0 ? seconds : undefined));
  return rows;
}

function line(name, { passed, failed, skipped, flaky }, seconds) {
  const extra = [skipped.length > 0 && `${skipped.length} skipped`, flaky.length > 0 && `${flaky.length} flaky`];
  const counts = [`${passed} passed`, failed > 0 && `${failed} FAILED`, ...extra].filter(Boolean).join(', ');
  return `${failed > 0 ? 'x' : '.'} ${name.padEnd(32)} ${counts.padEnd(32)} ${seconds === undefined ? '' : `${seconds.toFixed(1).padStart(6)} s`}`.trimEnd();
}

function printNames(rows, key) {
  const names = rows.flatMap((row) => row[key]);
  if (names.length > 0)
    print(`\n${key[0].toUpperCase()}${key.slice(1)}:\n${names.map((name) => `  ${name}`).join('\n')}`);
}

async function main(words) {
  const withWindows = !words.includes('--no-windows');
  const only = words.filter((word) => !word.startsWith('--'));
  mkdirSync(path.dirname(totalsFile), { recursive: true });
  rmSync(totalsFile, { force: true });
  ensureSetup('tests');
  const rows = [];
  for (const step of testSteps({ withWindows, only })) rows.push(...Object.values(await runStep(step)));
  printNames(rows, 'skipped');
  printNames(rows, 'flaky');
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const totals = `${sum('passed')} passed, ${sum('failed')} failed`;
  writeFileSync(totalsFile, `${totals}\n`);
  print(`\n${totals}`);
  return sum('failed') > 0 || sum('passed') === 0 ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  giveUp(error);
}
