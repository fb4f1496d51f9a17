/** The table of all operators as Markdown, from what the operator table says of each. */
import { type AnyOperator, operators } from '../../models/graph/ops/table';

/** Where the table lies, from the repository's root. */
export const operatorDocs = 'models/OPERATORS.md';

const head = `# Operators

Written by \`node scripts/run-ts.mjs scripts/operator-docs.ts\` from the tables in \`graph/ops/\`; do not edit. Inputs, attributes and their
types: \`graph/signatures.ts\`. Operators of the standard set (21) mean what the ONNX operator documentation says. Gradient: "yes" has a
rule; "zero" has derivative zero wherever there is one, or results that are no real numbers; "none" stops reverse mode with an error.

`;

/** The file's text. */
export function operatorDocsText(): string {
  const entries = Object.entries<AnyOperator>(operators).sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = entries.map(([name, operator]) => {
    const attributes = Object.keys(operator.attributes).join(', ');
    return `| ${name} | ${gradientOf(operator)} | ${attributes} | ${cell(operator.docs + placeOf(operator))} |`;
  });
  const counts = `${entries.length} operators, ${entries.filter(([, { vjp }]) => typeof vjp === 'function').length} with a gradient rule.\n\n`;
  const table = ['| Operator | Gradient | Attributes | Meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
  return `${head}${counts}${table}\n`;
}

function gradientOf({ vjp }: AnyOperator): string {
  if (typeof vjp === 'function') return 'yes';
  return vjp === 'zero' ? 'zero' : 'none';
}

function placeOf({ domain }: AnyOperator): string {
  if (domain === undefined) return '';
  return domain === 'duet' ? ' In memory only: lowering writes it with others.' : ` Domain ${domain}.`;
}

/** Text that cannot end a cell. */
function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
