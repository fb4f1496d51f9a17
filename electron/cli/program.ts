/** The commands and their options, as `--help` tells them. Each action returns an exit code. */
import { Argument, type Command as Base, Command, Option } from 'commander';
import { importOptionsSchema, presetSchema } from '../contract/models';
import { addDatasets, type DatasetActions } from './dataset-program';
import { addJobs, type JobActions } from './jobs-program';
import {
  type BenchOptions,
  benchSchema,
  classifySchema,
  type ClassifyOptions,
  type CommonOptions,
  commonOptions,
  commonSchema,
  fraction,
  type ImportCommandOptions,
  importSchema,
  modelName,
  parseOptions,
  referenceNetNames,
  wholeNumber,
  exportModelSchema,
  type ExportModelOptions,
} from './options';
import { addWorkspace, type WorkspaceActions } from './workspace-program';

export interface Actions extends DatasetActions, JobActions, WorkspaceActions {
  classify(paths: string[], options: ClassifyOptions): Promise<number>;
  import(file: string, options: ImportCommandOptions): Promise<number>;
  exportModel(name: string, file: string, options: ExportModelOptions): Promise<number>;
  listModels(options: CommonOptions): Promise<number>;
  showModel(name: string, options: CommonOptions): Promise<number>;
  benchTraining(nets: string[], options: BenchOptions): Promise<number>;
}

interface ProgramOptions {
  version: string;
  actions: Actions;
  /** Told the exit code of the action that ran. */
  onExit: (code: number) => void;
  writeOut: (text: string) => void;
  writeErr: (text: string) => void;
}

/** Parsing throws a CommanderError instead of ending the process. */
export function buildProgram({ version, actions, onExit, writeOut, writeErr }: ProgramOptions): Base {
  const program = new Command('duet')
    .description('Classify pictures with ONNX models, offline.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .exitOverride()
    .configureOutput({ writeOut, writeErr })
    .showHelpAfterError('Add --help to see what there is.');
  const add = (parent: Base, name: string, description: string): Base => {
    const command = parent.command(name).description(description);
    for (const option of commonOptions()) command.addOption(option);
    return command;
  };
  addClassify(
    add(program, 'classify', 'say what is on pictures; folders are searched to their depths'),
    actions,
    onExit,
  );
  addImport(add(program, 'import', 'take an ONNX image classifier of your own into the workspace'), actions, onExit);
  addExport(
    add(program, 'export', 'write a copy of a model, card inside, for whoever else wants to use it'),
    actions,
    onExit,
  );
  const bench = program.command('bench').description('measure this machine');
  addBenchTraining(add(bench, 'training', 'time one training step of the reference nets'), actions, onExit);
  const model = program.command('model').description('look at the models there are');
  addModel(model, add, actions, onExit);
  addDatasets(program.command('dataset').description('import, look at and keep data sets'), add, actions, onExit);
  addJobs(program.command('jobs').description('look at long work, steer it, do it'), add, actions, onExit);
  addWorkspace(
    program.command('workspace').description('look after the folder with everything in it'),
    add,
    actions,
    onExit,
  );
  return program;
}

const classifyExamples = `
Examples:
  duet classify photos/
  duet classify photos/ --json | head
  duet classify photos/ --threshold 0.7 --csv verdicts.csv --report verdicts.html
  duet classify a.jpg b.png --model photo-objects

Exit code: 0 all went well (single damaged pictures are listed), 1 nothing could be classified,
a path is missing or a file could not be written, 2 wrong usage, 130 cancelled.`;

function addClassify(command: Base, actions: Actions, onExit: ProgramOptions['onExit']): void {
  command
    .argument('<path...>', 'pictures and folders')
    .addOption(new Option('--model <name>', 'model to ask (default: everyday-1000)').argParser(modelName))
    .addOption(
      new Option('--top <k>', 'show the k best answers (default: 5 classes, or every object)').argParser(
        wholeNumber(1, 100),
      ),
    )
    .addOption(
      new Option('--threshold <t>', 'below this confidence an answer is "unsure" (default: 0.5)').argParser(fraction),
    )
    .option('--csv <file>', 'write a table for spreadsheets')
    .option('--jsonl <file>', 'write a table as JSON lines')
    .option('--parquet <file>', 'write a table as Parquet')
    .option('--folders <dir>', 'copy the pictures into one folder for each label; nothing is replaced')
    .option('--report <file>', 'write an HTML page with pictures and verdicts')
    .option('--force', 'replace files that exist')
    .addHelpText('after', classifyExamples)
    .action(async (paths: string[], _given: unknown, self: Base) => {
      onExit(await actions.classify(paths, parseOptions(classifySchema, self.opts())));
    });
}

function addImport(command: Base, actions: Actions, onExit: ProgramOptions['onExit']): void {
  const choices = importOptionsSchema.shape;
  command
    .argument('<model.onnx>', 'the model file')
    .option('--labels <file>', 'names of the classes: one a line, a JSON list, or a JSON map')
    .addOption(
      new Option('--preset <name>', 'how colours are prepared (default: what the model suggests)').choices(
        presetSchema.options,
      ),
    )
    .addOption(new Option('--layout <order>', 'order of the input axes').choices(choices.layout.unwrap().options))
    .addOption(new Option('--fit <how>', 'how a picture becomes a square').choices(choices.fit.unwrap().options))
    .option('--invert', 'swap light and dark')
    .addOption(new Option('--name <name>', 'what the model will be called').argParser(modelName))
    .action(async (file: string, _given: unknown, self: Base) => {
      onExit(await actions.import(file, parseOptions(importSchema, self.opts())));
    });
}

function addExport(command: Base, actions: Actions, onExit: ProgramOptions['onExit']): void {
  command
    .addArgument(new Argument('<model>', 'name of the model').argParser(modelName))
    .argument('<file.onnx>', 'where the copy goes')
    .option('--force', 'replace a file that exists')
    .action(async (name: string, file: string, _given: unknown, self: Base) => {
      onExit(await actions.exportModel(name, file, parseOptions(exportModelSchema, self.opts())));
    });
}

function addBenchTraining(command: Base, actions: Actions, onExit: ProgramOptions['onExit']): void {
  command
    .argument('[net...]', `which nets (default: all): ${referenceNetNames.join(', ')}`)
    .addOption(new Option('--threads <n>', 'threads inside an operator (default: 2)').argParser(wholeNumber(1, 256)))
    .addOption(new Option('--steps <n>', 'steps to time (default: 60)').argParser(wholeNumber(1, 100_000)))
    .action(async (nets: string[], _given: unknown, self: Base) => {
      onExit(await actions.benchTraining(nets, parseOptions(benchSchema, self.opts())));
    });
}

function addModel(
  model: Base,
  add: (parent: Base, name: string, description: string) => Base,
  actions: Actions,
  onExit: ProgramOptions['onExit'],
): void {
  add(model, 'list', 'list the models').action(async (_given: unknown, self: Base) => {
    onExit(await actions.listModels(parseOptions(commonSchema, self.opts())));
  });
  add(model, 'show', 'show the card and the graph of a model')
    .argument('<name>', 'name of the model')
    .action(async (name: string, _given: unknown, self: Base) => {
      onExit(await actions.showModel(name, parseOptions(commonSchema, self.opts())));
    });
}
