/** `duet dataset import` and `duet dataset add`: from files, or from what comes with Duet, to a data set. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../contract/errors';
import { defaultSplitPlan, type Inspection, type ReadOptions, type SplitPlan } from '../contract/samples';
import type { NodeEngine } from '../hosts/node-engine';
import { assertQueueRuns, waitForJob, workingEngine } from './dataset-job';
import type { DatasetAddOptions, DatasetImportOptions } from './dataset-program';
import { findDataset, tellDataset } from './dataset-words';
import { type CommandContext, withEngine } from './engine-use';
import { jsonLine } from './terminal';

export async function importDataset(
  paths: readonly string[],
  options: DatasetImportOptions,
  context: CommandContext,
): Promise<number> {
  for (const one of paths) {
    if ((await stat(one).catch(() => undefined)) === undefined)
      throw new AppError('file/missing', `There is no ${one}.`);
  }
  return withEngine(context, options, workingEngine, async (engine) => {
    await assertQueueRuns(engine);
    const { studio, host } = engine;
    const { signal } = context;
    const into = options.into === undefined ? undefined : (await findDataset(engine, options.into)).id;
    const dropped = await host.call('handles.add', { paths: paths.map((one) => path.resolve(one)) }, { signal });
    const reader = options.reader === undefined ? {} : { reader: options.reader };
    const handles = dropped.map(({ handle }) => handle);
    const found = await studio.call('datasets.inspect', { handles, ...reader }, { signal });
    const { id, job } = await studio.call('datasets.import', {
      proposal: found.proposal,
      title: options.name ?? found.title,
      options: chosenOptions(found.inspection, options),
      splits: planOf(options),
      ...(into === undefined ? {} : { into }),
    });
    return finish(engine, id, job, options, context);
  });
}

export async function addDataset(name: string, options: DatasetAddOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, workingEngine, async (engine) => {
    await assertQueueRuns(engine);
    const { samples, seed } = options;
    const { id, job } = await engine.studio.call('datasets.add', {
      name,
      ...(options.name === undefined ? {} : { title: options.name }),
      ...(samples === undefined ? {} : { samples }),
      ...(seed === undefined ? {} : { seed }),
    });
    return finish(engine, id, job, options, context);
  });
}

async function finish(
  engine: NodeEngine,
  id: string,
  job: string,
  options: DatasetAddOptions,
  context: CommandContext,
): Promise<number> {
  const ended = await waitForJob(engine, job, options, context);
  const detail = await engine.studio.call('datasets.detail', { id });
  const { terminal } = context;
  if (options.json) {
    const { entry, classes, leftOut, leftOutCount, revision } = detail;
    const { title, kind, samples, bytes } = entry;
    terminal.print(jsonLine({ id, title, kind, samples, bytes, revision, classes, leftOut, leftOutCount }));
  } else tellDataset(detail, terminal, ended.result?.summary);
  return 0;
}

function chosenOptions({ options: proposed }: Inspection, { size, fit, grey }: DatasetImportOptions): ReadOptions {
  if (proposed.image === undefined) {
    if (size === undefined && fit === undefined && grey === undefined) return proposed;
    throw new AppError('usage/bad-argument', '--size, --fit and --grey are for pictures that are decoded.');
  }
  const { image } = proposed;
  return {
    ...proposed,
    image: {
      height: size?.height ?? image.height,
      width: size?.width ?? image.width,
      fit: fit ?? image.fit,
      channels: grey === undefined ? image.channels : grey ? 1 : 3,
    },
  };
}

function planOf({ split, seed, redraw }: DatasetImportOptions): SplitPlan {
  return { ...defaultSplitPlan, ...split, seed, method: redraw ? 'stratified' : 'given' };
}
