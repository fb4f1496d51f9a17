/** The words of `duet dataset`, as `--help` tells them. */
import { type Command as Base, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import { readerNameSchema } from '../contract/samples';
import { type CommonOptions, commonSchema, parseOptions, wholeNumber } from './options';

const shareSchema = z.strictObject({ validation: z.number(), test: z.number() });

export const datasetImportSchema = commonSchema.extend({
  name: z.string().trim().min(1).max(200).optional(),
  into: z.string().optional(),
  reader: readerNameSchema.optional(),
  size: z.strictObject({ width: z.int(), height: z.int() }).optional(),
  fit: z.enum(['crop', 'pad', 'stretch']).optional(),
  grey: z.boolean().optional(),
  split: shareSchema.optional(),
  seed: z.int().default(1),
  redraw: z.boolean().default(false),
});
export type DatasetImportOptions = z.infer<typeof datasetImportSchema>;

export const datasetAddSchema = commonSchema.extend({
  name: z.string().trim().min(1).max(200).optional(),
  samples: z.int().optional(),
  seed: z.int().optional(),
});
export type DatasetAddOptions = z.infer<typeof datasetAddSchema>;

export const datasetExportSchema = commonSchema.extend({
  format: z.enum(['folders', 'zip', 'csv', 'parquet']),
  out: z.string(),
  all: z.boolean().default(false),
});
export type DatasetExportOptions = z.infer<typeof datasetExportSchema>;

export interface DatasetActions {
  listDatasets(options: CommonOptions): Promise<number>;
  showDataset(name: string, options: CommonOptions): Promise<number>;
  importDataset(paths: string[], options: DatasetImportOptions): Promise<number>;
  addDataset(name: string, options: DatasetAddOptions): Promise<number>;
  galleryOfDatasets(options: CommonOptions): Promise<number>;
  removeDataset(name: string, options: CommonOptions): Promise<number>;
  renameDataset(name: string, title: string, options: CommonOptions): Promise<number>;
  exportDataset(name: string, options: DatasetExportOptions): Promise<number>;
  checkDataset(name: string, options: CommonOptions): Promise<number>;
}

const importHelp = `
A folder in a folder is a class; folders called train, validation and test are splits. Also read: zip and tar.gz of the same,
IDX (as MNIST), CSV and TSV, Parquet, JSON lines, texts, SMILES, WAV, MIDI. Sources are never changed.

Examples:
  duet dataset import photos/ --name "Birds" --size 64x64
  duet dataset import digits.zip --name Digits --size 28x28 --grey --split 80/10/10
  duet dataset import more/ --into birds

Exit code: 0 all went well (what was left out is listed), 1 nothing could be imported, 2 wrong usage,
130 interrupted: what was read by then is kept, and "duet jobs run" goes on with it.`;

type Add = (parent: Base, name: string, description: string) => Base;

/** `onExit` is told the exit code of the action that ran. */
export function addDatasets(dataset: Base, add: Add, actions: DatasetActions, onExit: (code: number) => void): void {
  add(dataset, 'list', 'list the data sets').action(async (_given: unknown, self: Base) => {
    onExit(await actions.listDatasets(parseOptions(commonSchema, self.opts())));
  });
  addImport(add(dataset, 'import', 'make a data set of files'), actions, onExit);
  add(dataset, 'gallery', 'list the data sets that come with Duet').action(async (_given: unknown, self: Base) => {
    onExit(await actions.galleryOfDatasets(parseOptions(commonSchema, self.opts())));
  });
  add(dataset, 'add', 'add one that comes with Duet')
    .argument('<name>', 'its name in the gallery')
    .option('--name <title>', 'what it will be called')
    .addOption(
      new Option('--samples <n>', 'how many to make, where a program makes it').argParser(wholeNumber(1, 1_000_000)),
    )
    .addOption(new Option('--seed <n>', 'seed of that program').argParser(wholeNumber(0, 999_999_999)))
    .action(async (name: string, _given: unknown, self: Base) => {
      onExit(await actions.addDataset(name, parseOptions(datasetAddSchema, self.opts())));
    });
  addExport(add(dataset, 'export', 'write a data set to files'), actions, onExit);
  const one = { show: 'showDataset', remove: 'removeDataset', check: 'checkDataset' } as const;
  const does = {
    show: 'show what is in a data set',
    remove: 'remove a data set',
    check: 'look for what is wrong with it',
  };
  for (const word of ['show', 'check', 'remove'] as const) {
    add(dataset, word, does[word])
      .argument('<name>', 'the data set')
      .action(async (name: string, _given: unknown, self: Base) => {
        onExit(await actions[one[word]](name, parseOptions(commonSchema, self.opts())));
      });
  }
  add(dataset, 'rename', 'give a data set another title')
    .argument('<name>', 'the data set')
    .argument('<title>', 'what it will be called')
    .action(async (name: string, title: string, _given: unknown, self: Base) => {
      onExit(await actions.renameDataset(name, title, parseOptions(commonSchema, self.opts())));
    });
}

function addImport(command: Base, actions: DatasetActions, onExit: (code: number) => void): void {
  command
    .argument('<path...>', 'files and folders that belong together, or one archive')
    .option('--name <title>', 'what it will be called (default: the name of what is imported)')
    .option('--into <name>', 'add to this data set instead')
    .addOption(new Option('--reader <name>', 'how to read it (default: found out)').choices(readerNameSchema.options))
    .addOption(new Option('--size <WxH>', 'size of all pictures (default: proposed)').argParser(sizeOf))
    .addOption(new Option('--fit <how>', 'how pictures get that size').choices(['crop', 'pad', 'stretch']))
    .option('--grey', 'pictures without colours')
    .option('--no-grey', 'pictures with colours')
    .addOption(new Option('--split <shares>', 'train/validation/test (default: 80/10/10)').argParser(sharesOf))
    .addOption(new Option('--seed <n>', 'seed of the splits (default: 1)').argParser(wholeNumber(0, 999_999_999)))
    .option('--redraw', 'draw splits even where the source gives them')
    .addHelpText('after', importHelp)
    .action(async (paths: string[], _given: unknown, self: Base) => {
      onExit(await actions.importDataset(paths, parseOptions(datasetImportSchema, self.opts())));
    });
}

function addExport(command: Base, actions: DatasetActions, onExit: (code: number) => void): void {
  command
    .argument('<name>', 'the data set')
    .addOption(
      new Option('--format <format>', 'one folder for each class, a zip of that, or a table')
        .choices(['folders', 'zip', 'csv', 'parquet'])
        .makeOptionMandatory(),
    )
    .requiredOption('--out <path>', 'the folder or file to make; it must not be there')
    .option('--all', 'also what was left out of the data set')
    .action(async (name: string, _given: unknown, self: Base) => {
      onExit(await actions.exportDataset(name, parseOptions(datasetExportSchema, self.opts())));
    });
}

function sizeOf(text: string): { width: number; height: number } {
  const [, width, height] = /^(\d{1,3})x(\d{1,3})$/i.exec(text) ?? [];
  const size = { width: Number(width), height: Number(height) };
  if (size.width >= 1 && size.width <= 512 && size.height >= 1 && size.height <= 512) return size;
  throw new InvalidArgumentError('Give a width and a height from 1 to 512, such as 64x64.');
}

/** 80/10/10, in percent or in other parts of any sum. */
function sharesOf(text: string): { validation: number; test: number } {
  const parts = /^\d+(\.\d+)?(\/\d+(\.\d+)?){2}$/.test(text) ? text.split('/').map(Number) : [];
  const [train = 0, validation = 0, test = 0] = parts;
  const sum = train + validation + test;
  if (parts.length === 3 && sum > 0 && validation / sum <= 0.9 && test / sum <= 0.9) {
    return { validation: validation / sum, test: test / sum };
  }
  throw new InvalidArgumentError('Give the shares of train/validation/test, such as 80/10/10.');
}
