/** What copies do to a data set: samples that are there twice, in two splits, or under two labels. */
import { splitNames } from '../../../contract/samples';
import { type Draft, membersOf } from './draft';
import { equalPairs, groupsOf, type Pair } from './groups';
import { included, noun, samplesOf, type Subject } from './subject';

/** Pairs of the same bytes in the source. */
export function exactPairs(subject: Subject): Pair[] {
  const { hash } = subject;
  return equalPairs(included(subject), (i) =>
    Buffer.from(hash.buffer, hash.byteOffset + 32 * i, 32).toString('latin1'),
  );
}

/** Findings about exact copies and about near ones (`near` may repeat exact ones). */
export function copyFindings(subject: Subject, exact: readonly Pair[], near: readonly Pair[]): Draft[] {
  const exactGroups = groupsOf(exact);
  const rootOfExact = new Map(exactGroups.flatMap((group) => group.map((sample) => [sample, group[0] ?? sample])));
  const original = (sample: number): number => rootOfExact.get(sample) ?? sample;
  const groups = groupsOf([...exact, ...near]);
  const nearGroups = groups.filter((group) => new Set(group.map(original)).size > 1);
  if (groups.length === 0) return [nothingTwice(subject)];
  return [
    ...leaks(subject, groups, nearGroups),
    ...conflicts(subject, groups),
    ...exactCopies(subject, exactGroups),
    ...nearCopies(subject, nearGroups),
  ];
}

function nothingTwice({ kind }: Subject): Draft {
  return {
    id: 'no-duplicates',
    tone: 'good',
    sentence: `No ${noun(kind, 1)} is there twice.`,
    advice: 'Neither exact nor near copies were found.',
    members: [],
  };
}

function exactCopies({ kind }: Subject, groups: readonly number[][]): Draft[] {
  if (groups.length === 0) return [];
  const members = membersOf(groups);
  return [
    {
      id: 'exact-duplicates',
      tone: 'look',
      sentence: `${samplesOf(kind, members.length)} are exact copies, ${groupCount(groups)}.`,
      advice: 'Keep one of each: copies count double in training.',
      members,
      groups,
    },
  ];
}

function nearCopies({ kind }: Subject, groups: readonly number[][]): Draft[] {
  if (groups.length === 0) return [];
  const members = membersOf(groups);
  const how =
    kind === 'image' ? 'Scaled, recompressed, brightened or shifted' : 'The same but for case, spaces and marks';
  return [
    {
      id: 'near-duplicates',
      tone: 'look',
      sentence: `${samplesOf(kind, members.length)} are near-duplicates, ${groupCount(groups)}.`,
      advice: `${how}. Keep one of each.`,
      members,
      groups,
    },
  ];
}

function leaks({ kind, split }: Subject, groups: readonly number[][], near: readonly number[][]): Draft[] {
  const across = groups.filter((group) => new Set(group.map((sample) => split[sample])).size > 1);
  if (across.length === 0) return [];
  const members = membersOf(across);
  const isNear = new Set(near.map((group) => group[0]));
  const what = across.some((group) => isNear.has(group[0])) ? 'near-duplicates' : 'copies';
  const tested = members.filter((sample) => splitNames[split[sample] ?? 0] !== 'train').length;
  return [
    {
      id: 'leaks',
      tone: 'look',
      sentence: `${members.length.toLocaleString('en-US')} ${members.length === 1 ? what.replace(/(ie)?s$/, '') : what} across the split.`,
      advice: `They flatter the test: ${samplesOf(kind, tested)} to judge by ${tested === 1 ? 'is' : 'are'} known from elsewhere.`,
      members,
      groups: across,
    },
  ];
}

function conflicts({ kind, label }: Subject, groups: readonly number[][]): Draft[] {
  const torn = groups.filter((group) => {
    const labels = new Set(group.map((sample) => label[sample]));
    labels.delete(-1);
    return labels.size > 1;
  });
  if (torn.length === 0) return [];
  const members = membersOf(torn);
  return [
    {
      id: 'label-conflicts',
      tone: 'bad',
      sentence: `${samplesOf(kind, members.length)} that are the same have different labels.`,
      advice: 'One of the labels is wrong: open them and relabel.',
      members,
      groups: torn,
    },
  ];
}

function groupCount(groups: readonly unknown[]): string {
  return groups.length === 1 ? 'in one group' : `in ${groups.length.toLocaleString('en-US')} groups`;
}
