/** Parquet with typed columns, written in row groups so that memory does not grow with the table. */
import { ByteWriter, type ColumnSource, parquetWriteRows } from 'hyparquet-writer';
import type { Sink } from '../../storage/durable-write';
import type { ExportRow } from './rows';

const rowsPerGroup = 5000;

const shownPredictions = 5;

type Column = Omit<ColumnSource, 'data'>;
type Kind = 'STRING' | 'DOUBLE' | 'INT32' | 'INT64';
const column = (name: string, type: Kind): Column => ({ name, type, nullable: true });
const numbers = Array.from({ length: shownPredictions }, (_, index) => index + 1);

/** Scores are doubles: the same number as in memory. `predictions` is JSON text: all of them, boxes included. */
const columns: Column[] = [
  column('file', 'STRING'),
  column('label', 'STRING'),
  column('standing', 'STRING'),
  column('score', 'DOUBLE'),
  ...numbers.flatMap((number) => [column(`label${number}`, 'STRING'), column(`score${number}`, 'DOUBLE')]),
  column('predictions', 'STRING'),
  column('correction', 'STRING'),
  column('width', 'INT32'),
  column('height', 'INT32'),
  column('bytes', 'INT64'),
  column('ms', 'DOUBLE'),
  column('errorCode', 'STRING'),
  column('errorMessage', 'STRING'),
];

/** Hands what was written so far to the sink after each row group, and forgets it. */
export class SinkWriter extends ByteWriter {
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
  await parquetWriteRows({ writer, rows: flatRows(rows), columns, rowGroupSize: rowsPerGroup });
  await writer.flush();
}

async function* flatRows(rows: AsyncIterable<ExportRow>): AsyncGenerator<Record<string, unknown>> {
  for await (const row of rows) {
    const best = numbers.flatMap((number) => {
      const prediction = row.predictions[number - 1];
      return [
        [`label${number}`, prediction?.label ?? null],
        [`score${number}`, prediction?.score ?? null],
      ];
    });
    const predictions = JSON.stringify(row.predictions);
    yield { ...row, ...Object.fromEntries(best), predictions, bytes: BigInt(row.bytes) };
  }
}
