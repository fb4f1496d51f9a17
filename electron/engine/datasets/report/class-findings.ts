/** What is to be said of the classes: too few, empty, thin, unequal, without a test, and samples without a class. */
import { splitNames } from '../../../contract/samples';
import { type Draft, listOf } from './draft';
import { included, noun, samplesOf, type Subject } from './subject';

/** A class is thin with less than this share of the median. */
const thinShare = 1 / 3;
/** Classes are unequal when the largest has this many times the smallest. */
const unequalTimes = 10;

interface ClassCount {
  readonly name: string;
  readonly members: number[];
  /** Samples by split. */
  readonly splits: number[];
}

export function classFindings(subject: Subject): Draft[] {
  const samples = included(subject);
  const classes = countClasses(subject, samples);
  const unlabelled = samples.filter((sample) => (subject.label[sample] ?? -1) < 0);
  const used = classes.filter(({ members }) => members.length > 0);
  if (used.length === 0) return withoutClasses(subject, classes, samples);
  return [
    ...oneClass(subject, used),
    ...emptyClasses(subject, classes),
    ...singles(subject, used),
    ...thin(subject, used),
    ...unequal(subject, used),
    ...untested(subject, samples, used),
    ...(unlabelled.length === 0 ? [] : [withoutLabel(subject, unlabelled)]),
  ];
}

function countClasses({ classes, label, split }: Subject, samples: readonly number[]): ClassCount[] {
  const counts = classes.map((name): ClassCount => ({ name, members: [], splits: [0, 0, 0] }));
  for (const sample of samples) {
    const count = counts[label[sample] ?? -1];
    if (count === undefined) continue;
    count.members.push(sample);
    count.splits[split[sample] ?? 0] = (count.splits[split[sample] ?? 0] ?? 0) + 1;
  }
  return counts;
}

function withoutClasses(subject: Subject, classes: readonly ClassCount[], samples: readonly number[]): Draft[] {
  if (samples.length === 0) {
    const advice = 'Every sample is excluded, or there is none.';
    return [{ id: 'empty', tone: 'bad', sentence: 'There is nothing to learn from.', advice, members: [] }];
  }
  const targets = subject.columns.some(({ role }) => role === 'target');
  const advice = targets
    ? 'The table has a number to predict instead.'
    : 'A generator can learn from them; to teach a judge, give them classes.';
  const sentence = `No ${noun(subject.kind, 1)} has a label.`;
  return [{ id: 'no-labels', tone: 'info', sentence, advice, members: [] }, ...emptyClasses(subject, classes)];
}

function oneClass({ kind }: Subject, used: readonly ClassCount[]): Draft[] {
  const [only] = used;
  if (used.length !== 1 || only === undefined) return [];
  const sentence = `All labelled ${noun(kind, 2)} are in one class: ${listOf([only.name])}.`;
  return [
    {
      id: 'one-class',
      tone: 'bad',
      sentence,
      advice: 'A judge has nothing to tell apart: add a second class.',
      members: only.members,
    },
  ];
}

function emptyClasses({ kind }: Subject, classes: readonly ClassCount[]): Draft[] {
  const names = classes.filter(({ members }) => members.length === 0).map(({ name }) => name);
  if (names.length === 0) return [];
  const sentence =
    names.length === 1
      ? `${listOf(names)} has no ${noun(kind, 1)}.`
      : `${names.length.toLocaleString('en-US')} classes have no ${noun(kind, 1)}: ${listOf(names)}.`;
  return [
    { id: 'empty-classes', tone: 'look', sentence, advice: `Add ${noun(kind, 2)}, or remove them.`, members: [] },
  ];
}

function singles({ kind }: Subject, used: readonly ClassCount[]): Draft[] {
  const found = used.filter(({ members }) => members.length === 1);
  if (found.length === 0) return [];
  const names = found.map(({ name }) => name);
  const sentence =
    found.length === 1
      ? `${listOf(names)} has one ${noun(kind, 1)} only.`
      : `${found.length.toLocaleString('en-US')} classes have one ${noun(kind, 1)} only: ${listOf(names)}.`;
  const advice = 'It cannot be both learned from and tested.';
  return [{ id: 'single-classes', tone: 'look', sentence, advice, members: sorted(found) }];
}

function thin({ kind }: Subject, used: readonly ClassCount[]): Draft[] {
  const middle = median(used.map(({ members }) => members.length));
  const found = used.filter(({ members }) => members.length > 1 && members.length < middle * thinShare);
  const [first] = found;
  if (first === undefined) return [];
  const sentence =
    found.length === 1
      ? `${listOf([first.name])} is thin: ${samplesOf(kind, first.members.length)}.`
      : `${found.length.toLocaleString('en-US')} classes are thin: ${listOf(found.map(({ name, members }) => `${name} (${members.length.toLocaleString('en-US')})`))}.`;
  const advice = `The median class has ${middle.toLocaleString('en-US')}.`;
  return [{ id: 'thin-classes', tone: 'look', sentence, advice, members: sorted(found) }];
}

function unequal({ kind }: Subject, used: readonly ClassCount[]): Draft[] {
  const bySize = [...used].sort((a, b) => b.members.length - a.members.length);
  const [largest, smallest] = [bySize[0], bySize.at(-1)];
  if (largest === undefined || smallest === undefined || smallest.members.length < 2) return [];
  const times = largest.members.length / smallest.members.length;
  if (times < unequalTimes) return [];
  return [
    {
      id: 'unbalanced',
      tone: 'look',
      sentence: `${listOf([largest.name])} has ${Math.floor(times).toLocaleString('en-US')} times as many ${noun(kind, 2)} as ${listOf([smallest.name])}.`,
      advice: 'A judge may come to prefer the large classes; judge it by its balanced accuracy.',
      members: sorted([largest, smallest]),
    },
  ];
}

function untested({ kind, split }: Subject, samples: readonly number[], used: readonly ClassCount[]): Draft[] {
  const test = splitNames.indexOf('test');
  if (!samples.some((sample) => split[sample] === test)) {
    const sentence = `No ${noun(kind, 1)} is kept for the test.`;
    return [{ id: 'no-test', tone: 'look', sentence, advice: 'Draw the splits anew to keep some apart.', members: [] }];
  }
  const found = used.filter(({ members, splits }) => members.length > 1 && splits[test] === 0);
  const untaught = used.filter(({ splits }) => splits[splitNames.indexOf('train')] === 0);
  const say = (id: string, what: string, classes: readonly ClassCount[], advice: string): Draft[] => {
    if (classes.length === 0) return [];
    const names = listOf(classes.map(({ name }) => name));
    const sentence =
      classes.length === 1 ? `${names} has no ${what}.` : `${classes.length} classes have no ${what}: ${names}.`;
    return [{ id, tone: 'look', sentence, advice, members: sorted(classes) }];
  };
  return [
    ...say('untested-classes', `test ${noun(kind, 1)}`, found, 'How well they are learned will not be known.'),
    ...say('untaught-classes', `training ${noun(kind, 1)}`, untaught, 'A judge cannot learn them.'),
  ];
}

function withoutLabel({ kind }: Subject, members: readonly number[]): Draft {
  const verb = members.length === 1 ? 'has' : 'have';
  const sentence = `${samplesOf(kind, members.length)} ${verb} no label.`;
  return { id: 'unlabelled', tone: 'info', sentence, advice: 'They are left out when a judge is taught.', members };
}

function sorted(classes: readonly ClassCount[]): number[] {
  return classes.flatMap(({ members }) => members).sort((a, b) => a - b);
}

function median(values: readonly number[]): number {
  const ordered = [...values].sort((a, b) => a - b);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? 0;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? 0) + upper) / 2;
}
