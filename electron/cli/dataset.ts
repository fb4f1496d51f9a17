/** `duet dataset`: the data sets of a workspace, looked at, renamed, removed, exported, checked. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../contract/errors';
import { assertQueueRuns, waitForJob, workingEngine } from './dataset-job';
import type { DatasetExportOptions } from './dataset-program';
import { findDataset, tellDataset, tellDatasets } from './dataset-words';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { CommonOptions } from './options';
import { harmless, jsonLine } from './terminal';
import { formatBytes, formatCount } from './words';

const writingEngine = { ...smallEngine, access: 'write' } as const;

export async function listDatasets(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { datasets } = await studio.call('datasets.list', {});
    if (options.json) for (const one of datasets) context.terminal.print(jsonLine(one));
    else tellDatasets(datasets, context.terminal);
    return 0;
  });
}

export async function showDataset(name: string, options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async (engine) => {
    const { id } = await findDataset(engine, name);
    const detail = await engine.studio.call('datasets.detail', { id });
    if (options.json) context.terminal.print(jsonLine(detail));
    else tellDataset(detail, context.terminal);
    return 0;
  });
}

export async function galleryOfDatasets(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { terminal } = context;
    const { entries } = await studio.call('datasets.gallery', {});
    for (const entry of entries) {
      if (options.json) terminal.print(jsonLine(entry));
      else {
        const { name, title, samples, bytes, licence, missing, summary } = entry;
        terminal.print(`${terminal.tone(name, 'bold')}  ${harmless(title)}: ${harmless(summary)}`);
        terminal.print(`  ${formatCount(samples)} samples, ${formatBytes(bytes)}, ${harmless(licence)}`);
        if (missing !== '') terminal.print(`  ${terminal.tone(harmless(missing), 'warn')}`);
      }
    }
    return 0;
  });
}

export async function removeDataset(name: string, options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, writingEngine, async (engine) => {
    const { id, title } = await findDataset(engine, name);
    await engine.studio.call('datasets.remove', { id });
    context.terminal.print(options.json ? jsonLine({ removed: id }) : `Removed ${harmless(title)}.`);
    return 0;
  });
}

export async function renameDataset(
  name: string,
  title: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<number> {
  return withEngine(context, options, writingEngine, async (engine) => {
    const { id } = await findDataset(engine, name);
    await engine.studio.call('datasets.rename', { id, title });
    context.terminal.print(options.json ? jsonLine({ id, title }) : `${id} is called ${harmless(title)} now.`);
    return 0;
  });
}

export async function exportDataset(
  name: string,
  options: DatasetExportOptions,
  context: CommandContext,
): Promise<number> {
  const target = path.resolve(options.out);
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new AppError('file/exists', `${options.out} is there already. Nothing is replaced: choose another name.`);
  }
  return withEngine(context, options, workingEngine, async (engine) => {
    await assertQueueRuns(engine);
    const { studio, host } = engine;
    const { id } = await findDataset(engine, name);
    const { handle } = await host.call('handles.target', { path: target });
    const filter = options.all ? {} : { isExcluded: false };
    const { job } = await studio.call('datasets.export', { id, format: options.format, target: handle, filter });
    const { result } = await waitForJob(engine, job, options, context);
    const summary = result?.summary ?? '';
    context.terminal.print(options.json ? jsonLine({ id, out: target, summary }) : harmless(summary));
    return 0;
  });
}

export async function checkDataset(name: string, options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, workingEngine, async (engine) => {
    await assertQueueRuns(engine);
    const { terminal } = context;
    const { id } = await findDataset(engine, name);
    const { job } = await engine.studio.call('datasets.check', { id });
    await waitForJob(engine, job, options, context);
    const { report } = await engine.studio.call('datasets.report', { id });
    if (options.json) terminal.print(jsonLine(report));
    else {
      for (const { tone, sentence, advice } of report?.findings ?? []) {
        const colour = tone === 'bad' ? 'danger' : tone === 'look' ? 'warn' : tone === 'good' ? 'good' : 'dim';
        terminal.print(`${terminal.tone(tone.padEnd(9), colour)} ${harmless(`${sentence} ${advice}`)}`);
      }
    }
    return 0;
  });
}
