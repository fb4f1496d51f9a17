/** A report while it is being made: findings with all their samples, histograms with the bar of each sample. */
import type { Finding, Report } from '../../../contract/datasets';

export interface Draft {
  readonly id: string;
  readonly tone: Finding['tone'];
  readonly sentence: string;
  readonly advice: string;
  /** Samples behind it, ascending. */
  readonly members: readonly number[];
  /** Those that belong together, largest group first. */
  readonly groups?: readonly (readonly number[])[];
}

export interface HistogramDraft {
  readonly histogram: Report['histograms'][number];
  /** The bar of each sample, 255 for none. */
  readonly bins: Uint8Array;
}

/** What one part of the check found out. */
export interface KindFindings {
  readonly findings: readonly Draft[];
  readonly histograms: readonly HistogramDraft[];
}

/** No bar. */
export const noBin = 255;

const [mostGroups, mostInGroup, mostText] = [500, 50, 300];

/** As the contract has it: long sentences and groups are cut. */
export function toFinding({ id, tone, sentence, advice, members, groups = [] }: Draft): Finding {
  return {
    id,
    tone,
    sentence: cut(sentence),
    advice: cut(advice),
    samples: members.length,
    groups: groups.slice(0, mostGroups).map((group) => group.slice(0, mostInGroup)),
  };
}

function cut(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText - 3)}...`;
}

const listed = 5;

/** "cat, dog and 7 more". */
export function listOf(names: readonly string[]): string {
  const first = names.slice(0, listed).map((name) => (name.length <= 40 ? name : `${name.slice(0, 37)}...`));
  const rest = names.length - first.length;
  if (rest > 0) return `${first.join(', ')} and ${rest.toLocaleString('en-US')} more`;
  return first.length < 2 ? first.join('') : `${first.slice(0, -1).join(', ')} and ${first.at(-1)}`;
}

/** Samples in the order of their groups, each once, ascending. */
export function membersOf(groups: readonly (readonly number[])[]): number[] {
  return [...new Set(groups.flat())].sort((a, b) => a - b);
}
