/** Parquet with typed columns, written in row groups so that memory does not grow with the table. */
import { ByteWriter, type ColumnSource, parquetWriteRows } from 'hyparquet-writer';
import type { Sink } from '../../storage/durable-write';
import type { ExportRow } from './rows';

const rowsPerGroup = 5000;

type Column = Omit<ColumnSource, 'data'>;
const text = (name: keyof ExportRow): Column => ({ name, type: 'STRING', nullable: true });
const real = (name: keyof ExportRow): Column => ({ name, type: 'DOUBLE', nullable: true });

/** Scores are doubles: the same number as in memory. `predictions` is JSON text, boxes included. */
export const parquetColumns: Column[] = [
  text('file'),
  text('label'),
  text('standing'),
  text('predicted'),
  real('score'),
  { name: 'predictions', type: 'STRING', nullable: true },
  text('correction'),
  real('width'),
  real('height'),
  real('bytes'),
  real('ms'),
  text('errorCode'),
  text('errorMessage'),
];

/** Hands what was written so far to the sink after each row group, and forgets it. */
class SinkWriter extends ByteWriter {
  constructor(private readonly sink: Sink) {
    super(1 << 16);
  }

  async flush(): Promise<void> {
    const bytes = new Uint8Array(this.buffer.slice(0, this.index));
    this.index = 0;
    await this.sink.write(bytes);
  }
}

export async function writeParquet(rows: AsyncIterable<ExportRow>, sink: Sink): Promise<void> {
  const writer = new SinkWriter(sink);
  await parquetWriteRows({ writer, rows: flatRows(rows), columns: parquetColumns, rowGroupSize: rowsPerGroup });
  await writer.flush();
}

async function* flatRows(rows: AsyncIterable<ExportRow>): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) yield { ...row, predictions: JSON.stringify(row.predictions) };
}
