/** Data sets in words: found by name, and told as a list or one by one. */
import type { DatasetDetail, DatasetEntry } from '../contract/datasets';
import { AppError } from '../contract/errors';
import type { NodeEngine } from '../hosts/node-engine';
import { harmless, type Terminal } from './terminal';
import { type Column, factLines, tableLine, textWidth } from './text-table';
import { countOf, formatBytes, formatCount } from './words';

/** By its id, or by its title where only one is called so. */
export async function findDataset({ studio }: NodeEngine, name: string): Promise<DatasetEntry> {
  const { datasets } = await studio.call('datasets.list', {});
  const byId = datasets.find(({ id }) => id === name);
  if (byId !== undefined) return byId;
  const titled = datasets.filter(({ title }) => title.toLowerCase() === name.toLowerCase());
  const [only] = titled;
  if (only !== undefined && titled.length === 1) return only;
  const hint =
    titled.length > 1 ? `Say which: ${titled.map(({ id }) => id).join(', ')}` : 'See them all: duet dataset list';
  throw new AppError('data/unknown', `There is no one data set called ${name}. ${hint}`, { name });
}

export function tellDatasets(datasets: readonly DatasetEntry[], terminal: Terminal): void {
  if (datasets.length === 0) {
    terminal.note('There are no data sets yet. Make one: duet dataset import PATH --name NAME');
    return;
  }
  const columns: Column[] = [
    { title: 'name', width: Math.max(4, ...datasets.map(({ id }) => textWidth(id))), align: 'left' },
    { title: 'kind', width: 8, align: 'left' },
    { title: 'samples', width: 9, align: 'right' },
    { title: 'classes', width: 7, align: 'right' },
    { title: 'size', width: 8, align: 'right' },
    { title: 'state', width: 9, align: 'left' },
    { title: 'title', width: 0, align: 'left' },
  ];
  const titles = columns.map(({ title }) => title);
  terminal.print(terminal.tone(tableLine(columns, titles), 'dim'));
  for (const { id, kind, samples, classes, bytes, state, title } of datasets) {
    const cells = [id, kind, formatCount(samples), formatCount(classes), formatBytes(bytes), state, harmless(title)];
    terminal.print(tableLine(columns, cells));
  }
}

const toldLeftOut = 20;

export function tellDataset(detail: DatasetDetail, terminal: Terminal, summary?: string): void {
  const { entry, classes, unlabelled, image, columns, leftOut, leftOutCount, revision } = detail;
  const facts: [string, string][] = [
    ['name', entry.id],
    [
      'holds',
      harmless(summary ?? `${countOf(entry.samples, entry.kind)} in ${countOf(classes.length, 'class', 'classes')}`),
    ],
    ...(image === null
      ? []
      : [
          ['pictures', `${image.width} x ${image.height}, ${image.channels === 1 ? 'grey' : 'colour'}`] satisfies [
            string,
            string,
          ],
        ]),
    ...(columns.length === 0
      ? []
      : [
          ['columns', harmless(columns.map(({ name, role }) => `${name} (${role})`).join(', '))] satisfies [
            string,
            string,
          ],
        ]),
    ['size', formatBytes(entry.bytes)],
    ['revision', revision],
    ['from', harmless(detail.provenance)],
    ...(detail.licence === '' ? [] : [['licence', harmless(detail.licence)] satisfies [string, string]]),
  ];
  terminal.print(terminal.tone(harmless(entry.title), 'bold'));
  for (const line of factLines(facts)) terminal.print(line);
  tellClasses(classes, unlabelled, terminal);
  if (leftOutCount === 0) return;
  terminal.print(`\n${terminal.tone('Left out', 'bold')}`);
  for (const { name, failure } of leftOut.slice(0, toldLeftOut))
    terminal.print(`  ${harmless(`${name}: ${failure.message}`)}`);
  if (leftOutCount > toldLeftOut)
    terminal.print(`  and ${formatCount(leftOutCount - toldLeftOut)} more (see all with --json)`);
}

const toldClasses = 50;

function tellClasses(
  classes: DatasetDetail['classes'],
  unlabelled: DatasetDetail['unlabelled'],
  terminal: Terminal,
): void {
  const hasUnlabelled = unlabelled.train + unlabelled.validation + unlabelled.test + unlabelled.excluded > 0;
  const rows = [
    ...classes.slice(0, toldClasses),
    ...(hasUnlabelled ? [{ ...unlabelled, name: 'without a label' }] : []),
  ];
  if (rows.length === 0) return;
  const names = rows.map(({ name }) => harmless(name));
  const columns: Column[] = [
    { title: 'class', width: Math.min(40, Math.max(5, ...names.map(textWidth))), align: 'left' },
    { title: 'train', width: 9, align: 'right' },
    { title: 'validation', width: 10, align: 'right' },
    { title: 'test', width: 9, align: 'right' },
    { title: 'left out', width: 8, align: 'right' },
  ];
  const titles = columns.map(({ title }) => title);
  terminal.print(`\n${terminal.tone(tableLine(columns, titles), 'dim')}`);
  rows.forEach(({ train, validation, test, excluded }, at) =>
    terminal.print(tableLine(columns, [names[at] ?? '', ...[train, validation, test, excluded].map(formatCount)])),
  );
  if (classes.length > toldClasses) terminal.print(`and ${formatCount(classes.length - toldClasses)} more classes`);
}
