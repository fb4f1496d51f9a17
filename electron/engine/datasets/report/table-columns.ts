/** Columns of tables: missing values, columns that say nothing, values far from all others. */
import { throwIfCancelled } from '../../../contract/errors';
import { type Draft, type HistogramDraft, listOf, type KindFindings } from './draft';
import { histogramOf } from './histogram';
import { included, samplesOf, type Subject, type Watch } from './subject';

/** Values looked at before others get their turn. */
const atOnce = 2000;
const mostHistograms = 40;
/** Outer fences of Tukey 1977, "Exploratory Data Analysis": this many times the middle half beyond its ends. */
const fences = 3;
/** Fewer distinct values are kinds of something rather than measures. */
const leastDistinct = 10;

interface ColumnFacts {
  readonly missing: Map<string, number[]>;
  readonly constant: string[];
  readonly far: Map<string, number[]>;
  readonly histograms: HistogramDraft[];
}

/** Columns that are features or a target, of any kind that has some. */
export async function checkColumns(subject: Subject, watch: Watch): Promise<KindFindings> {
  const samples = included(subject);
  const facts: ColumnFacts = { missing: new Map(), constant: [], far: new Map(), histograms: [] };
  for (const [k, { name, type, role }] of subject.columns.entries()) {
    if (role !== 'feature' && role !== 'target') continue;
    throwIfCancelled(watch.signal);
    const share = k / subject.columns.length;
    await watch.breathe(share);
    if (type === 'number') checkNumbers(await subject.data.numbers(`column.${k}`), name, `column.${k}`, samples, facts);
    else await checkWords(subject, k, samples, facts, { ...watch, breathe: () => watch.breathe(share) });
  }
  return { findings: findingsOf(subject, samples, facts), histograms: facts.histograms };
}

function checkNumbers(
  all: Float64Array,
  name: string,
  id: string,
  samples: readonly number[],
  { missing, constant, far, histograms }: ColumnFacts,
): void {
  const values = new Float64Array(all.length).fill(NaN);
  for (const sample of samples) values[sample] = all[sample] ?? NaN;
  const there = samples.filter((sample) => !Number.isNaN(values[sample]));
  note(missing, name, samples.filter((sample) => Number.isNaN(values[sample]))); // prettier-ignore
  const ordered = Float64Array.from(there, (sample) => values[sample] ?? NaN).sort();
  const distinct = ordered.reduce((count, value, i) => count + (i === 0 || value !== ordered[i - 1] ? 1 : 0), 0);
  if (distinct === 1 && there.length > 1) constant.push(name);
  if (histograms.length < mostHistograms) histograms.push(...histogramOf(values, { id, title: name.slice(0, 200) || 'Column', unit: '' })); // prettier-ignore
  if (distinct < leastDistinct) return;
  const [low, high] = [quantile(ordered, 0.25), quantile(ordered, 0.75)];
  const reach = fences * (high - low);
  if (reach > 0) note(far, name, there.filter((sample) => isBeyond(values[sample] ?? NaN, low - reach, high + reach))); // prettier-ignore
}

function isBeyond(value: number, low: number, high: number): boolean {
  return value < low || value > high;
}

/** Between two values, the line through them (type 7 of Hyndman and Fan 1996). */
function quantile(ordered: Float64Array, share: number): number {
  const place = (ordered.length - 1) * share;
  const [below, above] = [ordered[Math.floor(place)] ?? NaN, ordered[Math.ceil(place)] ?? NaN];
  return below + (above - below) * (place - Math.floor(place));
}

async function checkWords(
  subject: Subject,
  column: number,
  samples: readonly number[],
  { missing, constant }: ColumnFacts,
  watch: Watch,
): Promise<void> {
  const name = subject.columns[column]?.name ?? '';
  const decoder = new TextDecoder();
  const seen = new Set<string>();
  const gaps: number[] = [];
  for (const [done, sample] of samples.entries()) {
    if (done % atOnce === 0) {
      throwIfCancelled(watch.signal);
      await watch.breathe(0);
    }
    const text = decoder.decode(await subject.data.value(`column.${column}`, sample)).trim();
    if (text === '') gaps.push(sample);
    else if (seen.size < 2) seen.add(text);
  }
  note(missing, name, gaps);
  if (seen.size === 1 && samples.length - gaps.length > 1) constant.push(name);
}

function note(facts: Map<string, number[]>, name: string, samples: number[]): void {
  if (samples.length > 0) facts.set(name, [...(facts.get(name) ?? []), ...samples]);
}

function findingsOf({ kind }: Subject, samples: readonly number[], { missing, constant, far }: ColumnFacts): Draft[] {
  const drafts: Draft[] = [];
  const byColumn = (facts: Map<string, number[]>): { members: number[]; columns: string } => ({
    members: [...new Set([...facts.values()].flat())].sort((a, b) => a - b),
    columns: listOf(
      [...facts]
        .sort((a, b) => b[1].length - a[1].length)
        .map(([name, found]) => `${name} (${found.length.toLocaleString('en-US')})`),
    ),
  });
  if (missing.size > 0) {
    const { members, columns } = byColumn(missing);
    const sentence = `${samplesOf(kind, members.length)} of ${samples.length.toLocaleString('en-US')} lack a value: ${columns}.`;
    drafts.push({
      id: 'missing-values',
      tone: 'look',
      sentence,
      advice: 'Fill them in, or exclude the rows.',
      members,
    });
  }
  if (constant.length > 0) {
    const sentence = `${constant.length === 1 ? 'One column has' : `${constant.length} columns have`} one value only: ${listOf(constant)}.`;
    drafts.push({ id: 'constant-columns', tone: 'look', sentence, advice: 'Nothing can be learned from that.', members: [] }); // prettier-ignore
  }
  if (far.size > 0) {
    const { members, columns } = byColumn(far);
    const sentence = `${samplesOf(kind, members.length)} ${members.length === 1 ? 'has' : 'have'} a value far from all others: ${columns}.`;
    const advice = 'Beyond the middle half of the values by three times its width: typing errors, or rare cases.';
    drafts.push({ id: 'outliers', tone: 'look', sentence, advice, members });
  }
  return drafts;
}
