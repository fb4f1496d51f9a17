/** Writes models/OPERATORS.md. Run: node scripts/run-ts.mjs scripts/operator-docs.ts */
import { writeFileSync } from 'node:fs';
import { operatorDocs, operatorDocsText } from './lib/operator-docs';

writeFileSync(operatorDocs, operatorDocsText());
