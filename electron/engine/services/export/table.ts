/** One table file: format by name, streamed, whole or not there at all. */
import { throwIfCancelled } from '../../../contract/errors';
import type { TableFormat } from '../../../contract/studio';
import { durableStream, type Sink } from '../../storage/durable-write';
import { csvHeader, csvLine, csvRow } from './csv';
import { jsonRow } from './jsonl';
import { writeParquet } from './parquet';
import type { ExportRow } from './rows';

interface TableRequest {
  format: TableFormat;
  /** Absolute path of the file to make. */
  target: string;
  replace: boolean;
  rows: Iterable<ExportRow> | AsyncIterable<ExportRow>;
  /** How many rows there will be, for the progress. */
  total: number;
  signal: AbortSignal;
  progress: (fraction: number) => void;
}

/** Throws `file/exists`, `file/disk-full`, `file/read-only` or `call/cancelled`; then nothing of the table is left. */
export async function writeTable(request: TableRequest): Promise<{ rows: number }> {
  let rows = 0;
  const counted = count(request, (done) => (rows = done));
  await durableStream(request.target, { replace: request.replace }, (sink) => writers[request.format](counted, sink));
  return { rows };
}

const writers: Record<TableFormat, (rows: AsyncIterable<ExportRow>, sink: Sink) => Promise<void>> = {
  csv: (rows, sink) => writeLines(rows, sink, csvRow, csvLine(csvHeader)),
  jsonl: (rows, sink) => writeLines(rows, sink, jsonRow, ''),
  parquet: writeParquet,
};

const bundle = 500;

/** Gives way to other work now and then: ten thousand rows must not freeze the engine. */
async function* count(
  { rows, total, signal, progress }: TableRequest,
  onRow: (done: number) => void,
): AsyncGenerator<ExportRow> {
  let done = 0;
  for await (const row of rows) {
    if (done % bundle === 0) {
      throwIfCancelled(signal);
      progress(total === 0 ? 1 : done / total);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    yield row;
    onRow(++done);
  }
  progress(1);
}

async function writeLines(
  rows: AsyncIterable<ExportRow>,
  sink: Sink,
  line: (row: ExportRow) => string,
  header: string,
): Promise<void> {
  let text = header;
  let lines = 0;
  for await (const row of rows) {
    text += line(row);
    if (++lines % bundle !== 0) continue;
    await sink.write(text);
    text = '';
  }
  await sink.write(text);
}
