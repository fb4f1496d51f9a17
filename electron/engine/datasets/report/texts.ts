/** Texts and molecules: what is empty, what is there twice but for case and spaces, how long they are. */
import { throwIfCancelled } from '../../../contract/errors';
import type { Pair } from './groups';
import type { Draft, KindFindings } from './draft';
import { equalPairs } from './groups';
import { histogramOf } from './histogram';
import { included, samplesOf, type Subject, type Watch } from './subject';

/** Values looked at before others get their turn. */
const atOnce = 500;

export interface TextFacts extends KindFindings {
  readonly near: readonly Pair[];
}

export async function checkTexts(subject: Subject, watch: Watch): Promise<TextFacts> {
  const samples = included(subject);
  const decoder = new TextDecoder();
  const lengths = new Float64Array(subject.count).fill(NaN);
  const keys = new Map<number, string>();
  const empty: number[] = [];
  for (const [done, sample] of samples.entries()) {
    if (done % atOnce === 0) {
      throwIfCancelled(watch.signal);
      await watch.breathe(done / samples.length);
    }
    const text = decoder.decode(await subject.data.value('text', sample));
    lengths[sample] = text.length;
    const key = subject.kind === 'molecule' ? text.trim() : bare(text);
    if (key === '') empty.push(sample);
    else keys.set(sample, key);
  }
  const title = subject.kind === 'molecule' ? 'Length of the line' : 'Length';
  return {
    findings: emptyOnes(subject, empty),
    histograms: histogramOf(lengths, { id: 'length', title, unit: 'characters' }),
    near: equalPairs([...keys.keys()], (sample) => keys.get(sample) ?? ''),
  };
}

/** Letters and digits alone, in small letters; of a text that has none, all but spaces. */
function bare(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu);
  return words === null ? text.replaceAll(/\s+/g, '') : words.join(' ');
}

function emptyOnes({ kind }: Subject, members: readonly number[]): Draft[] {
  if (members.length === 0) return [];
  const sentence = `${samplesOf(kind, members.length)} ${members.length === 1 ? 'is' : 'are'} empty.`;
  return [{ id: 'empty-samples', tone: 'look', sentence, advice: 'There is nothing in them to learn.', members }];
}
