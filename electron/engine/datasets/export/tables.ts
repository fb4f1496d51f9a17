/** A data set as one table: a row for each sample, with the content where a table can hold it. */
import { parquetWriteRows } from 'hyparquet-writer';
import { csvLine } from '../../services/export/csv';
import { SinkWriter } from '../../services/export/parquet';
import type { Sink } from '../../storage/durable-write';
import { hashOf } from '../describe-sample';
import type { OpenDataset } from '../open-dataset';
import { sampleFile } from './sample-file';

type Cell = string | number | null;

export interface TableRequest {
  readonly dataset: OpenDataset;
  readonly indices: readonly number[];
  readonly sink: Sink;
  /** Awaited after every few rows. */
  readonly onRow: (done: number) => Promise<void>;
}

const decoder = new TextDecoder();
const rowsPerGroup = 1000;
/** What every table says of a sample. */
const commonNames = ['name', 'label', 'split', 'excluded', 'sha256'];

/** Text of `csvCell` is guarded against formulas, numbers are not touched. */
export async function writeCsv({ dataset, indices, sink, onRow }: TableRequest): Promise<void> {
  const columns = contentColumns(dataset);
  let text = csvLine([...columns.map(({ name }) => name), ...commonNames]);
  for (const [done, index] of indices.entries()) {
    const content = await Promise.all(columns.map(({ value }) => value(index)));
    text += csvLine([...content, ...commonCells(dataset, index)]);
    if (text.length < 1 << 16) continue;
    await sink.write(text);
    text = '';
    await onRow(done);
  }
  await sink.write(text);
}

/** Pictures are structs of `bytes` and `path`, as Hugging Face keeps them; sounds are WAV, music is MIDI. */
export async function writeParquet({ dataset, indices, sink, onRow }: TableRequest): Promise<void> {
  const columns = contentColumns(dataset);
  const { kind } = dataset.manifest;
  const holdsFiles = kind === 'image' || kind === 'sound' || kind === 'music';
  const writer = new SinkWriter(sink);
  const text = { type: 'BYTE_ARRAY', converted_type: 'UTF8', repetition_type: 'OPTIONAL' } as const;
  const names = [...(holdsFiles ? [kind] : []), ...columns.map(({ name }) => name), ...commonNames];
  const schema = [
    { name: 'root', num_children: names.length },
    ...(holdsFiles
      ? [
          { name: kind, num_children: 2, repetition_type: 'OPTIONAL' as const },
          { name: 'bytes', type: 'BYTE_ARRAY' as const, repetition_type: 'OPTIONAL' as const },
          { name: 'path', ...text },
        ]
      : []),
    ...columns.map(({ name, isNumber }) =>
      isNumber ? { name, type: 'DOUBLE' as const, repetition_type: 'OPTIONAL' as const } : { name, ...text },
    ),
    ...commonNames.map((name) => ({ name, ...text })),
  ];
  async function* rows(): AsyncGenerator<Record<string, unknown>> {
    for (const [done, index] of indices.entries()) {
      const row: Record<string, unknown> = {};
      if (holdsFiles)
        row[kind] = { bytes: new Uint8Array(await sampleFile(dataset, index)), path: dataset.table.name(index) };
      for (const { name, value } of columns) row[name] = await value(index);
      commonCells(dataset, index).forEach((cell, at) => (row[commonNames[at] ?? ''] = cell));
      yield row;
      if (done % 100 === 0) await onRow(done);
    }
  }
  await parquetWriteRows({
    writer,
    rows: rows(),
    columns: names.map((name) => ({ name })),
    schema,
    rowGroupSize: rowsPerGroup,
  });
  await writer.flush();
}

function commonCells(dataset: OpenDataset, index: number): Cell[] {
  const { state, table } = dataset;
  const excluded = state.excluded[index] === 1 ? 'yes' : 'no';
  return [table.name(index), state.labelOf(index), state.splitOf(index), excluded, hashOf(dataset, index)];
}

interface ContentColumn {
  readonly name: string;
  readonly isNumber: boolean;
  readonly value: (index: number) => Promise<Cell>;
}

/** Columns of a table, and the text of texts and molecules. A name that is taken gets a number. */
function contentColumns(dataset: OpenDataset): ContentColumn[] {
  const { manifest, packs } = dataset;
  const taken = new Set([...commonNames, manifest.kind]);
  const columns: ContentColumn[] = [];
  if (manifest.kind === 'text' || manifest.kind === 'molecule') {
    const name = manifest.kind === 'text' ? 'text' : 'smiles';
    taken.add(name);
    columns.push({ name, isNumber: false, value: async (index) => decoder.decode(await packs.value('text', index)) });
  }
  manifest.columns.forEach(({ name, type }, k) => {
    let free = name === '' ? `column ${k + 1}` : name;
    for (let number = 2; taken.has(free); number++) free = `${name} (${number})`;
    taken.add(free);
    const value = async (index: number): Promise<Cell> => {
      if (type === 'text') return decoder.decode(await packs.value(`column.${k}`, index));
      const number = (await dataset.column(k))[index] ?? NaN;
      return Number.isNaN(number) ? null : number;
    };
    columns.push({ name: free, isNumber: type === 'number', value });
  });
  return columns;
}
