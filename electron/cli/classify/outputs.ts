/** The files a run leaves: refused before the work begins when they cannot be made; tables grow with it, the others follow. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '../../contract/errors';
import type { ModelDetail } from '../../contract/models';
import type { Photo } from '../../contract/photo';
import type { TableFormat } from '../../contract/studio';
import { exportRow, type ExportRow } from '../../engine/services/export/rows';
import { writeTable } from '../../engine/services/export/table';
import type { NodeEngine } from '../../hosts/node-engine';
import type { ClassifyOptions } from '../options';
import { writeReport } from '../report/report';
import { countOf } from '../words';
import type { Tally } from './tally';

/** What a table needs: it grows while pictures are judged. */
export interface TableRun {
  model: ModelDetail;
  threshold: number;
  signal: AbortSignal;
}

/** What a report and copies need: they begin when all is judged. */
export interface Finished extends TableRun {
  engine: NodeEngine;
  tally: Tally;
  version: string;
  /** All pictures in their order, as often as asked. */
  photos: () => AsyncIterable<Photo>;
  /** Told what is being done, and how far it is, 0..1. */
  onProgress: (what: string, fraction: number) => void;
}

interface Target {
  option: string;
  target: string;
  isFolder: boolean;
}

/** Writing returns what was done, as a sentence. */
export interface TableOutput extends Target {
  write: (run: TableRun, photos: AsyncIterable<Photo>) => Promise<string>;
}

export interface LaterOutput extends Target {
  write: (finished: Finished) => Promise<string>;
}

interface Outputs {
  tables: TableOutput[];
  later: LaterOutput[];
}

const formats: readonly TableFormat[] = ['csv', 'jsonl', 'parquet'];

export function outputsOf(options: ClassifyOptions): Outputs {
  const { report, folders, force } = options;
  const tables = formats.flatMap((format): TableOutput[] => {
    const file = options[format];
    if (file === undefined) return [];
    const target = path.resolve(file);
    const write: TableOutput['write'] = (run, photos) => table({ format, target, replace: force }, run, photos);
    return [{ option: `--${format}`, target, isFolder: false, write }];
  });
  const later: LaterOutput[] = [];
  if (report !== undefined) {
    const target = path.resolve(report);
    const write: LaterOutput['write'] = (finished) => page(finished, target, force);
    later.push({ option: '--report', target, isFolder: false, write });
  }
  if (folders !== undefined) {
    const target = path.resolve(folders);
    const write: LaterOutput['write'] = (finished) => copies(finished, target);
    later.push({ option: '--folders', target, isFolder: true, write });
  }
  return { tables, later };
}

/** A run of hours must not end with "that file exists". */
export async function checkOutputs(outputs: readonly Target[], force: boolean): Promise<void> {
  const targets = new Set<string>();
  for (const { option, target, isFolder } of outputs) {
    if (targets.has(target)) throw new AppError('usage/bad-argument', `${option}: that file is named twice.`);
    targets.add(target);
    const found = await stat(target).catch(() => undefined);
    if (isFolder && found?.isDirectory() === false) {
      throw new AppError('file/exists', `${option}: ${target} is a file, not a folder.`);
    }
    if (isFolder) continue;
    if (found?.isDirectory() === true) throw new AppError('file/exists', `${option}: ${target} is a folder.`);
    if (found !== undefined && !force) {
      throw new AppError('file/exists', `${option}: ${target} is there already. Add --force to replace it.`);
    }
    const folder = await stat(path.dirname(target)).catch(() => undefined);
    if (folder?.isDirectory() !== true) {
      throw new AppError('file/missing', `${option}: there is no folder ${path.dirname(target)}.`);
    }
  }
}

async function* rowsOf(photos: AsyncIterable<Photo>, { model, threshold }: TableRun): AsyncGenerator<ExportRow> {
  for await (const photo of photos) yield exportRow(photo, model.entry.id, threshold);
}

async function table(
  file: { format: TableFormat; target: string; replace: boolean },
  run: TableRun,
  photos: AsyncIterable<Photo>,
): Promise<string> {
  const { rows } = await writeTable({
    ...file,
    rows: rowsOf(photos, run),
    total: 0,
    signal: run.signal,
    // It keeps pace with the judging, whose progress is shown.
    progress: () => undefined,
  });
  return `Wrote ${countOf(rows, 'row')} to ${file.target}`;
}

async function page(finished: Finished, target: string, replace: boolean): Promise<string> {
  const { thumbs } = await finished.engine.host.call('folders', {});
  await writeReport({
    target,
    replace,
    thumbs,
    model: finished.model,
    threshold: finished.threshold,
    tally: finished.tally,
    version: finished.version,
    photos: finished.photos,
    signal: finished.signal,
    progress: (fraction) => finished.onProgress(`Writing ${path.basename(target)}`, fraction),
  });
  return `Wrote the report ${target}`;
}

async function copies({ engine, model, threshold, signal, onProgress }: Finished, folder: string): Promise<string> {
  const { handle } = await engine.host.call('handles.target', { path: folder }, { signal });
  const request = { target: handle, model: model.entry.id, threshold };
  const { copied, failed } = await engine.studio.call('export.folders', request, {
    signal,
    onProgress: (fraction) => onProgress('Copying', fraction),
  });
  const [first] = failed;
  if (first !== undefined) {
    const rest = failed.length === 1 ? '' : ` and ${countOf(failed.length - 1, 'other')}`;
    throw new AppError(
      first.failure.code,
      `${first.failure.message} ${countOf(copied, 'picture')} copied${rest ? `; not copied: ${first.name}${rest}` : ''}.`,
    );
  }
  return `Copied ${countOf(copied, 'picture')} into label folders in ${folder}`;
}
