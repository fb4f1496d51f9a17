/** The report of a data set: all that can be said about it without a model, with the samples behind each number. */
import type { Report } from '../../../contract/datasets';
import { classFindings } from './class-findings';
import { copyFindings, exactPairs } from './copies';
import { type Draft, type HistogramDraft, type KindFindings, toFinding } from './draft';
import type { Pair } from './groups';
import { checkImages } from './images';
import { checkMusic, checkSounds } from './sounds';
import { samplesOf, type Subject, type Watch } from './subject';
import { checkColumns } from './table-columns';
import { checkTexts } from './texts';

export interface CheckedReport {
  readonly report: Report;
  readonly findings: readonly Draft[];
  readonly histograms: readonly HistogramDraft[];
}

/** What needs a look comes first, what is well last. */
const order: readonly Draft['tone'][] = ['bad', 'look', 'generated', 'info', 'good'];

export async function checkDataset(subject: Subject, checkedAt: number, watch: Watch): Promise<CheckedReport> {
  const { near, channels, findings, histograms } = await checkKind(subject, watch);
  const drafts = [
    ...unreadable(subject),
    ...copyFindings(subject, exactPairs(subject), near),
    ...classFindings(subject),
    ...markedGenerated(subject),
    ...findings,
  ].sort((a, b) => order.indexOf(a.tone) - order.indexOf(b.tone));
  const report: Report = {
    revision: subject.revision,
    checkedAt,
    findings: drafts.map(toFinding),
    histograms: histograms.map(({ histogram }) => histogram),
    channels,
  };
  return { report, findings: drafts, histograms };
}

interface KindFacts extends KindFindings {
  readonly near: readonly Pair[];
  readonly channels: Report['channels'];
}

async function checkKind(subject: Subject, watch: Watch): Promise<KindFacts> {
  const { kind, data } = subject;
  if (kind === 'image' && data.image !== null) return checkImages(subject, data.image, watch);
  const none = { near: [], channels: [] };
  if (kind === 'sound') return { ...none, ...(await checkSounds(subject, watch)) };
  if (kind === 'music') return { ...none, ...(await checkMusic(subject, watch)) };
  const columns = await checkColumns(subject, watch);
  if (kind === 'row') return { ...none, ...columns };
  const texts = await checkTexts(subject, watch);
  return {
    ...none,
    near: texts.near,
    findings: [...texts.findings, ...columns.findings],
    histograms: [...texts.histograms, ...columns.histograms],
  };
}

function unreadable({ leftOut: { count, first } }: Subject): Draft[] {
  const [example] = first;
  if (count === 0) return [];
  const sentence = `${count.toLocaleString('en-US')} ${count === 1 ? 'file' : 'files'} could not be read.`;
  const advice = example === undefined ? 'The rest is fine.' : `${example.name}: ${example.failure.message}`;
  return [{ id: 'unreadable', tone: 'bad', sentence, advice, members: [] }];
}

function markedGenerated({ kind, count, marks, excluded }: Subject): Draft[] {
  const members: number[] = [];
  marks.forEach((mark, sample) => (mark & 1) === 1 && members.push(sample));
  if (members.length === 0) return [];
  const areOut = members.every((sample) => excluded[sample] === 1);
  const verb = members.length === 1 ? 'declares itself' : 'declare themselves';
  const sentence = `${members.length.toLocaleString('en-US')} of ${samplesOf(kind, count)} ${verb} generated.`;
  const advice = areOut ? 'Left out of training.' : 'Exclude them, unless a judge is to learn from a generator.';
  return [{ id: 'generated', tone: 'generated', sentence, advice, members }];
}

/** How many findings want a look: shown beside the data set. */
export function toLookAt({ findings }: Report): number {
  return findings.filter(({ tone }) => tone === 'look' || tone === 'bad').length;
}
