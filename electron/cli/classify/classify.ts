/** `duet classify`: pictures in, verdicts out, one after the other as they come. */
import { AppError, throwIfCancelled } from '../../contract/errors';
import type { ModelDetail } from '../../contract/models';
import type { Photo } from '../../contract/photo';
import type { RunProgress } from '../../contract/studio';
import type { NodeEngine } from '../../hosts/node-engine';
import { type CommandContext, withEngine } from '../engine-use';
import { type ClassifyOptions, defaultThreshold } from '../options';
import { harmless, type Terminal } from '../terminal';
import { countOf, formatCount, formatDuration } from '../words';
import { readInputs } from './inputs';
import { judgeInputs, photoPages } from './judge-inputs';
import type { PhotoOrder } from './photo-order';
import { checkOutputs, type Finished, type LaterOutput, outputsOf } from './outputs';
import { photoJson, photoLine, type ShowOptions, tableColumns, tableHead } from './show-photo';
import { attempt, TableWriting, type Written } from './table-writing';
import { type Tally, Tallying } from './tally';

const defaultModel = 'everyday-1000';
/** What the engine keeps of a classifier's answer. */
const keptClasses = 5;

/** Returns the exit code. */
export async function classify(
  typed: readonly string[],
  options: ClassifyOptions,
  context: CommandContext,
): Promise<number> {
  const inputs = await readInputs(typed);
  const { tables, later } = outputsOf(options);
  await checkOutputs([...tables, ...later], options.force);
  const shouldShow = options.progress || context.terminal.isErrTty;
  if (shouldShow) context.terminal.progress('Starting...');
  const id = options.model ?? defaultModel;
  const makesThumbs = options.report !== undefined;
  return withEngine(context, options, { decoders: 0, models: [id], makesThumbs, access: 'read' }, async (engine) => {
    throwIfCancelled(context.signal);
    const model = await findModel(engine, id);
    const show = showOptions(model, options);
    const started = context.now();
    const tallying = new Tallying(model.entry.id, show.threshold);
    const print = printer(context.terminal, options.json, show);
    const writing = new TableWriting(tables, { ...show, signal: context.signal });
    const listeners = {
      onPhoto: (photo: Photo) => {
        tallying.add(photo);
        print(photo);
        writing.add(photo);
      },
      onProgress: (run: RunProgress) => {
        if (shouldShow) context.terminal.progress(runLine(run, context.terminal.isErrTty));
      },
    };
    const order = await judgeInputs(engine, inputs, { listeners, keepsPhotos: later.length > 0 }, context.signal).catch(
      async (error: unknown) => {
        await writing.abandon(error);
        throw error;
      },
    );
    const written = await writing.finish();
    const { device } = await engine.studio.call('studio.info', {});
    if (device.note !== '') context.terminal.note(`Ran on ${device.provider}: ${harmless(device.note)}`);
    const tally = tallying.result();
    context.terminal.progress('');
    if (!options.json) context.terminal.print(`\n${summary(tally, model, show, context.now() - started)}`);
    const finished = finishedOf(engine, order, { show, tally, context, shouldShow });
    const isTold = written.map((one) => tell(one, finished.signal, context.terminal));
    const isWritten = await writeLater(later, finished, context.terminal);
    return isTold.every(Boolean) && isWritten && tally.missing === 0 && tally.judged > 0 ? 0 : 1;
  });
}

async function findModel(engine: NodeEngine, id: string): Promise<ModelDetail> {
  try {
    return await engine.studio.call('models.detail', { id });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'model/unknown')) throw error;
    const { models } = await engine.studio.call('models.list', {});
    const known = models.map((model) => model.id).join(', ');
    throw new AppError('model/unknown', `There is no model called ${id}. There are: ${known}.`, { id });
  }
}

function showOptions(model: ModelDetail, options: ClassifyOptions): ShowOptions {
  const isClassifier = model.entry.task === 'classify';
  if (isClassifier && (options.top ?? 1) > keptClasses) {
    throw new AppError(
      'usage/bad-argument',
      `--top: ${model.entry.id} gives its ${keptClasses} best classes, not more.`,
    );
  }
  return {
    model,
    top: options.top,
    threshold: options.threshold ?? defaultThreshold,
    judgesStanding: options.threshold !== undefined,
  };
}

function printer(terminal: Terminal, isJson: boolean, show: ShowOptions): (photo: Photo) => void {
  if (isJson) return (photo) => terminal.print(photoJson(photo, show));
  const columns = tableColumns(show.model);
  let isFirst = true;
  return (photo) => {
    if (isFirst) terminal.print(tableHead(columns, terminal));
    isFirst = false;
    terminal.print(photoLine(photo, columns, show, terminal));
  };
}

/** On a terminal the line is redrawn in place; elsewhere only full percents make a new line. */
function runLine({ total, done, isListing, perSecond, remainingMs }: RunProgress, isTty: boolean): string {
  if (total === 0) return isTty ? 'Looking for pictures...' : '';
  if (!isTty) return isListing ? '' : `${Math.floor((done / total) * 100)} % of ${countOf(total, 'picture')}`;
  const parts = [`${formatCount(done)} of ${formatCount(total)}${isListing ? ' so far' : ''}`];
  if (perSecond !== null)
    parts.push(`${perSecond < 9.95 ? perSecond.toFixed(1) : formatCount(Math.round(perSecond))} a second`);
  if (remainingMs !== null && !isListing) parts.push(`${formatDuration(remainingMs)} left`);
  return parts.join('  ·  ');
}

function summary(tally: Tally, { entry }: ModelDetail, show: ShowOptions, ms: number): string {
  if (tally.total === 0) return 'No pictures found.';
  const parts = [`${countOf(tally.total, 'picture')} in ${formatDuration(ms)}`];
  if (tally.judged > 0)
    parts.push(`${formatCount(tally.sure)} sure, ${formatCount(tally.unsure)} unsure at ${show.threshold}`);
  if (tally.failed > 0) parts.push(`${formatCount(tally.failed)} failed`);
  if (tally.judged > 0) parts.push(`${entry.id}, ${tally.medianMs} ms a picture`);
  return parts.join('  ·  ');
}

interface Run {
  show: ShowOptions;
  tally: Tally;
  context: CommandContext;
  shouldShow: boolean;
}

function finishedOf(engine: NodeEngine, order: PhotoOrder, { show, tally, context, shouldShow }: Run): Finished {
  return {
    engine,
    model: show.model,
    threshold: show.threshold,
    tally,
    version: context.version,
    photos: () => order.again(photoPages(engine)),
    signal: context.signal,
    onProgress: (what, fraction) => {
      if (shouldShow) context.terminal.progress(`${what}  ${Math.floor(fraction * 100)} %`);
    },
  };
}

/** Says what became of an output; returns whether it was written. */
function tell({ option, outcome }: Written, signal: AbortSignal, terminal: Terminal): boolean {
  terminal.progress('');
  if ('done' in outcome) {
    terminal.note(outcome.done);
    return true;
  }
  throwIfCancelled(signal);
  const { error } = outcome;
  terminal.note(`${option}: ${error instanceof Error ? error.message : String(error)}`);
  return false;
}

/** One file that cannot be written is no reason to lose the others. */
async function writeLater(outputs: readonly LaterOutput[], finished: Finished, terminal: Terminal): Promise<boolean> {
  let isGood = true;
  for (const { option, write } of outputs) {
    const written = await attempt(option, () => write(finished));
    isGood = tell(written, finished.signal, terminal) && isGood;
  }
  return isGood;
}
