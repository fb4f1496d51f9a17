/** Runs one command line and says how it ended, as an exit code. */
import { CommanderError } from 'commander';
import { AppError, isCancelled, toFailure } from '../contract/errors';
import { benchTraining } from './bench-training';
import { classify } from './classify/classify';
import {
  checkDataset,
  exportDataset,
  galleryOfDatasets,
  listDatasets,
  removeDataset,
  renameDataset,
  showDataset,
} from './dataset';
import { addDataset, importDataset } from './dataset-import';
import type { CommandContext } from './engine-use';
import { exportModel } from './export-model';
import { importModel } from './import-model';
import { changeJobs, listJobs, runJobs, showJob } from './jobs';
import { buildProgram } from './program';
import { listModels, showModel } from './show-model';
import { harmless } from './terminal';
import { backUpWorkspace, rebuildWorkspace, showWorkspace, sweepWorkspace, verifyWorkspace } from './workspace';

const exitCodes = { good: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** `words` are the arguments after the program's name. */
export async function run(words: readonly string[], context: CommandContext): Promise<number> {
  let code: number = exitCodes.good;
  const { terminal } = context;
  const program = buildProgram({
    version: context.version,
    actions: {
      classify: (paths, options) => classify(paths, options, context),
      import: (file, options) => importModel(file, options, context),
      exportModel: (name, file, options) => exportModel(name, file, options, context),
      listModels: (options) => listModels(options, context),
      showModel: (name, options) => showModel(name, options, context),
      listDatasets: (options) => listDatasets(options, context),
      showDataset: (name, options) => showDataset(name, options, context),
      importDataset: (paths, options) => importDataset(paths, options, context),
      addDataset: (name, options) => addDataset(name, options, context),
      galleryOfDatasets: (options) => galleryOfDatasets(options, context),
      removeDataset: (name, options) => removeDataset(name, options, context),
      renameDataset: (name, title, options) => renameDataset(name, title, options, context),
      exportDataset: (name, options) => exportDataset(name, options, context),
      checkDataset: (name, options) => checkDataset(name, options, context),
      listJobs: (options) => listJobs(options, context),
      showJob: (id, options) => showJob(id, options, context),
      changeJobs: (verb, ids, options) => changeJobs(verb, ids, options, context),
      runJobs: (options) => runJobs(options, context),
      showWorkspace: (options) => showWorkspace(options, context),
      verifyWorkspace: (options) => verifyWorkspace(options, context),
      rebuildWorkspace: (options) => rebuildWorkspace(options, context),
      sweepWorkspace: (options) => sweepWorkspace(options, context),
      backUpWorkspace: (target, options) => backUpWorkspace(target, options, context),
      benchTraining: (nets, options) => benchTraining(nets, options, context),
    },
    onExit: (given) => (code = given),
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.note(text.trimEnd()),
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    terminal.progress('');
    return explain(error, context);
  }
}

function explain(error: unknown, { terminal }: CommandContext): number {
  // Commander has said what is wrong, or has printed the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.good : exitCodes.usage;
  if (isCancelled(error)) {
    terminal.note('Cancelled.');
    return exitCodes.cancelled;
  }
  terminal.note(`duet: ${harmless(toFailure(error).message)}`);
  return error instanceof AppError && error.code === 'usage/bad-argument' ? exitCodes.usage : exitCodes.failed;
}
