/** Exports: a table of the verdicts, or the pictures copied into label folders; what is on screen is what is written. */
import type { TableFormat } from '../../electron/contract/studio';
import { countOf } from '../ui/format';
import { runJob, say, sayFailure } from './messages';
import type { Studio } from './studio';
import { isFiltered } from './view-actions';

const endings: Record<TableFormat, string> = { csv: 'csv', jsonl: 'jsonl', parquet: 'parquet' };

/** With filters on, only what they leave; several selected pictures: only those; else everything. */
function exportedIds(studio: Studio): string[] | undefined {
  const { selection, filter, list } = studio.store.getState();
  if (selection.ids.size > 1) return list.order.filter((id) => selection.ids.has(id));
  return isFiltered(filter) ? [...list.order] : undefined;
}

export async function exportTable(studio: Studio, format: TableFormat): Promise<void> {
  try {
    const target = await studio.bridge.saveDialog(format, `verdicts.${endings[format]}`);
    if (target === null) return;
    const { selected, threshold } = studio.store.getState();
    const ids = exportedIds(studio);
    const request = {
      format,
      target: target.handle,
      model: selected[0] ?? '',
      threshold,
      replace: target.replace,
      ...(ids === undefined ? {} : { ids }),
    };
    await runJob(
      studio,
      `Writing ${format === 'csv' ? 'CSV' : format === 'jsonl' ? 'JSON lines' : 'Parquet'}`,
      'Writing',
      async (job) => {
        const { rows, name } = await studio.engine.call('export.table', request, job);
        const detail = `${countOf(rows, 'row')} in ${name}`;
        sayWritten(studio, detail, target.handle);
        return { value: rows, detail, written: target.handle };
      },
    );
  } catch (error) {
    sayFailure(studio, 'The table was not written.', error);
  }
}

export async function exportFolders(studio: Studio): Promise<void> {
  try {
    const target = await studio.bridge.saveDialog('folder', 'Sorted by label');
    if (target === null) return;
    const { selected, threshold } = studio.store.getState();
    const ids = exportedIds(studio);
    const request = {
      target: target.handle,
      model: selected[0] ?? '',
      threshold,
      ...(ids === undefined ? {} : { ids }),
    };
    await runJob(studio, 'Copying into label folders', 'Copying', async (job) => {
      const { copied, failed } = await studio.engine.call('export.folders', request, job);
      const [first] = failed;
      const left =
        first === undefined
          ? ''
          : `; ${countOf(failed.length, 'file')} not copied, ${first.name}: ${first.failure.message}`;
      const detail = `${countOf(copied, 'picture')} copied${left}`;
      sayWritten(studio, detail, target.handle);
      return { value: copied, detail, written: target.handle };
    });
  } catch (error) {
    sayFailure(studio, 'The pictures were not copied.', error);
  }
}

export function reveal(studio: Studio, handle: string): void {
  studio.bridge.reveal(handle).catch((error: unknown) => sayFailure(studio, 'The folder could not be shown.', error));
}

function sayWritten(studio: Studio, text: string, handle: string): void {
  say(studio, text, { label: 'Show in folder', keys: null, run: () => reveal(studio, handle) });
}
