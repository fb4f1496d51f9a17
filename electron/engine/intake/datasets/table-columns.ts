/** What the columns of a table are: number or text, and what each is for, from its first rows. */
import type { Column, SampleKind } from '../../../contract/samples';
import { splitOf } from '../../datasets/folder-labels';
import { isSmiles } from './smiles-syntax';

/** Rows that types and roles are taken from. */
export const rowsForTypes = 1000;
export const maxColumns = 4096;

/** A value of a table as it was read, before it is known what its column is. */
export type Value = string | number | null;

const missingWords = new Set(['', 'na', 'n/a', '#n/a', 'nan', 'null', 'none', '?']);
export const isMissing = (value: Value): boolean =>
  value === null || (typeof value === 'string' && missingWords.has(value.trim().toLowerCase()));

const pointNumber = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const commaNumber = /^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$/;
const infinite = /^[+-]?inf(inity)?$/i;

/** A number in text, with a point or a comma before its fraction; undefined when it is none. 1e999 gives infinity. */
export function parseNumber(text: string, decimal: '.' | ','): number | undefined {
  const trimmed = text.trim();
  if (decimal === ',' && commaNumber.test(trimmed)) {
    return Number(trimmed.replaceAll('.', '').replace(',', '.'));
  }
  if (pointNumber.test(trimmed)) return Number(trimmed);
  return infinite.test(trimmed) ? (trimmed.startsWith('-') ? -Infinity : Infinity) : undefined;
}

/** Whether a column writes its fractions with a comma: decided for the whole table. */
export function usesDecimalComma(rows: readonly (readonly Value[])[]): boolean {
  const columns = rows[0]?.length ?? 0;
  for (let k = 0; k < columns; k++) {
    const texts = rows.map((row) => row[k] ?? null).filter((value) => !isMissing(value));
    const withComma = texts.filter((text) => typeof text === 'string' && /^[+-]?\d+,\d+$/.test(text.trim())).length;
    const areNumbers = texts.every((text) => typeof text === 'string' && commaNumber.test(text.trim()));
    if (withComma > 0 && areNumbers) return true;
  }
  return false;
}

const labelNames =
  /^(label|labels|class|classes|class ?name|category|target|y|species|variety|outcome|diagnosis|sentiment)$/;
const contentNames = /^(content|text|sentence|review|body|message|document|utterance|tweet|comment)$/;
const moleculeNames = /^(canonical |isomeric )?smiles$/;
const pathNames = /^(path|file|file ?name|file ?path|image|image ?path|image ?file|img|picture|photo)$/;
const splitColumnNames = /^(split|set|subset|partition|fold)$/;
const idNames = /^(|id|idx|index|row ?id|unnamed: 0|row ?number)$/;

const tidy = (name: string): string => name.trim().toLowerCase().replace(/[_-]+/g, ' ');

interface Look {
  name: string;
  type: Column['type'];
  values: Value[];
  distinct: number;
}

/** Names as the rest of Duet takes them: never empty, never twice, not too long. */
export function columnNames(header: readonly string[], notes: string[]): string[] {
  const seen = new Set<string>();
  return header.map((raw, k) => {
    const stem = raw.trim().slice(0, 290) || `column ${k + 1}`;
    let name = stem;
    for (let count = 2; seen.has(name); count++) name = `${stem} (${count})`;
    if (name !== stem)
      notes.push(`Two columns are called "${stem.slice(0, 100)}"; one is shown as "${name.slice(0, 110)}".`);
    seen.add(name);
    return name;
  });
}

/** Types and roles. `isPath` says whether a value names a picture beside the table. */
export async function proposeColumns(
  names: readonly string[],
  rows: readonly (readonly Value[])[],
  decimal: '.' | ',',
  isPath: (value: string) => Promise<boolean>,
): Promise<Column[]> {
  const looks = names.map((name, k) =>
    lookAt(
      name,
      rows.map((row) => row[k] ?? null),
      decimal,
    ),
  );
  const roles: Column['role'][] = looks.map(roleByName);
  await keepOnePath(looks, roles, isPath);
  keepFirst(roles, 'content', 'feature');
  keepFirst(roles, 'split', 'feature');
  placeLabel(looks, roles);
  return looks.map(({ name, type }, k) => ({ name, type, role: roles[k] ?? 'feature' }));
}

function lookAt(name: string, all: Value[], decimal: '.' | ','): Look {
  const values = all.filter((value) => !isMissing(value));
  const isNumber = (value: Value): boolean =>
    typeof value === 'number' || parseNumber(value ?? '', decimal) !== undefined;
  const type = values.length > 0 && values.every(isNumber) ? 'number' : 'text';
  return { name, type, values, distinct: new Set(values).size };
}

function roleByName(look: Look): Column['role'] {
  const { name, type, values, distinct } = look;
  const word = tidy(name);
  const isText = type === 'text' && values.length > 0;
  if (isText && moleculeNames.test(word) && areMostly(values, isSmiles)) return 'content';
  if (isText && contentNames.test(word)) return 'content';
  if (isText && pathNames.test(word)) return 'path';
  if (isText && splitColumnNames.test(word) && values.every((value) => splitOf(String(value).trim()) !== undefined)) {
    return 'split';
  }
  if (labelNames.test(word) && values.length > 0)
    return isCategorical(look, Math.max(20, values.length / 2)) ? 'label' : 'target';
  if (idNames.test(word) && distinct === values.length && values.length > 1) return 'ignore';
  return 'feature';
}

const areMostly = (values: readonly Value[], test: (text: string) => boolean): boolean =>
  values.filter((value) => typeof value === 'string' && test(value)).length > 0.8 * values.length;

/** Texts, or whole numbers of which there are at most `most` different ones. */
function isCategorical({ type, values, distinct }: Look, most: number): boolean {
  return type === 'text' || (distinct <= most && values.every((value) => Number.isInteger(Number(value))));
}

async function keepOnePath(
  looks: Look[],
  roles: Column['role'][],
  isPath: (value: string) => Promise<boolean>,
): Promise<void> {
  let isFound = false;
  for (const [k, look] of looks.entries()) {
    if (roles[k] !== 'path') continue;
    const sample = look.values.slice(0, 20).map(String);
    const found = isFound ? [] : (await Promise.all(sample.map(isPath))).filter(Boolean);
    if (found.length * 2 >= sample.length && found.length > 0) isFound = true;
    else roles[k] = 'feature';
  }
}

function keepFirst(roles: Column['role'][], role: Column['role'], other: Column['role']): void {
  const first = roles.indexOf(role);
  roles.forEach((one, k) => {
    if (one === role && k !== first) roles[k] = other;
  });
}

/** A label by name, else the last column when it is one of few classes. A second label by name is a feature. */
function placeLabel(looks: Look[], roles: Column['role'][]): void {
  keepFirst(roles, 'label', 'feature');
  if (roles.includes('label') || roles.includes('target') || roles.length < 2) return;
  const last = looks.length - 1;
  const look = looks[last];
  if (look === undefined || roles[last] !== 'feature' || look.distinct < 2) return;
  const most = Math.min(200, look.values.length / 3);
  if (look.distinct <= most && isCategorical(look, most)) roles[last] = 'label';
}

/** What samples of a table with these columns are. */
export function kindOf(columns: readonly Column[]): SampleKind {
  if (columns.some(({ role }) => role === 'path' || role === 'image')) return 'image';
  const content = columns.find(({ role }) => role === 'content');
  if (content === undefined) return 'row';
  return moleculeNames.test(tidy(content.name)) ? 'molecule' : 'text';
}
