/** The written table of operators is the one that the code would write. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { operatorDocs, operatorDocsText } from './operator-docs';

test('models/OPERATORS.md is up to date', () => {
  const written = readFileSync(path.join(import.meta.dirname, '..', '..', operatorDocs), 'utf8');
  // A failure here means: run `node scripts/run-ts.mjs scripts/operator-docs.ts`.
  expect(written).toBe(operatorDocsText());
});
