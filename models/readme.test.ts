/** The README's program is the one in examples/, and it prints what the README promises. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '..');
const example = 'models/examples/first-steps.ts';

test('the README holds the program', () => {
  const readme = readFileSync(path.join(root, 'models/README.md'), 'utf8');
  expect(readme).toContain(`\`\`\`ts\n${readFileSync(path.join(root, example), 'utf8')}\`\`\`\n`);
});

test('the program learns', () => {
  const printed = execFileSync(process.execPath, ['scripts/run-ts.mjs', example], { cwd: root, encoding: 'utf8' });
  const losses = [...printed.matchAll(/loss (\d\.\d\d)/g)].map(([, loss]) => Number(loss));
  expect(losses).toHaveLength(4);
  [0.71, 0.22, 0.11, 0.09].forEach((promised, k) => expect(Math.abs(losses[k]! - promised)).toBeLessThan(0.015));
  expect(Number(/about (\d+) of 1000/.exec(printed)?.[1])).toBeGreaterThan(980);
});
