/** The files a run leaves: refused before the work begins when they cannot be made, written when it is done. */
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

export interface Finished {
  engine: NodeEngine;
  model: ModelDetail;
  threshold: number;
  tally: Tally;
  version: string;
  /** All pictures in their order, as often as asked. */
  photos: () => AsyncIterable<Photo>;
  signal: AbortSignal;
  /** Told what is being done, and how far it is, 0..1. */
  onProgress: (what: string, fraction: number) => void;
}

interface Output {
  option: string;
  target: string;
  isFolder: boolean;
  /** Returns what was done, as a sentence. */
  write: (finished: Finished, target: string) => Promise<string>;
}

const formats: readonly TableFormat[] = ['csv', 'jsonl', 'parquet'];

export function outputsOf(options: ClassifyOptions): Output[] {
  const tables = formats.flatMap((format): Output[] => {
    const file = options[format];
    if (file === undefined) return [];
    const write = (finished: Finished, target: string): Promise<string> =>
      table(format, finished, target, options.force);
    return [{ option: `--${format}`, target: path.resolve(file), isFolder: false, write }];
  });
  const outputs = [...tables];
  const { report, folders, force } = options;
  if (report !== undefined) {
    const write = (finished: Finished, target: string): Promise<string> => page(finished, target, force);
    outputs.push({ option: '--report', target: path.resolve(report), isFolder: false, write });
  }
  if (folders !== undefined) {
    outputs.push({ option: '--folders', target: path.resolve(folders), isFolder: true, write: copies });
  }
  return outputs;
}

/** A run of hours must not end with "that file exists". */
export async function checkOutputs(outputs: readonly Output[], force: boolean): Promise<void> {
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

async function* rowsOf(finished: Finished): AsyncGenerator<ExportRow> {
  for await (const photo of finished.photos()) yield exportRow(photo, finished.model.entry.id, finished.threshold);
}

async function table(format: TableFormat, finished: Finished, target: string, replace: boolean): Promise<string> {
  const { rows } = await writeTable({
    format,
    target,
    replace,
    rows: rowsOf(finished),
    total: finished.tally.total,
    signal: finished.signal,
    progress: (fraction) => finished.onProgress(`Writing ${path.basename(target)}`, fraction),
  });
  return `Wrote ${countOf(rows, 'row')} to ${target}`;
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
