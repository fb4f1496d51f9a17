/** The records of a delimited text, in batches, with constant memory; all parsing is csv-parse's. */
import { CsvError, parse } from 'csv-parse';
import { AppError } from '../../../contract/errors';
import type { CsvDialect } from './csv-dialect';
import { badRow } from './outcomes';

/** A larger record is a quote that was never closed, or no table. */
const maxRecordCharacters = 16 * 1024 * 1024;

/** Yields the records of each piece; fails with `data/bad-row`, saying where, when the rest cannot be parsed. */
export async function* csvRecords(
  text: AsyncIterable<Buffer>,
  { delimiter }: Pick<CsvDialect, 'delimiter'>,
): AsyncGenerator<string[][]> {
  let batch: string[][] = [];
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    ltrim: delimiter === ',' || delimiter === ';',
    max_record_size: maxRecordCharacters,
    // Records are taken as they are parsed: a stream of objects would cost more than the parsing.
    on_record: (record: string[]) => {
      batch.push(record);
      return null;
    },
  });
  const failed = new Promise<never>((_, reject) => parser.once('error', reject));
  failed.catch(() => undefined);
  const take = (): string[][] => {
    const taken = batch;
    batch = [];
    return taken;
  };
  try {
    for await (const piece of text) {
      await Promise.race([written(parser, piece), failed]);
      if (batch.length > 0) yield take();
    }
    await Promise.race([ended(parser), failed]);
    yield take();
  } catch (error) {
    throw error instanceof AppError ? error : unparsable(error);
  } finally {
    parser.destroy();
  }
}

type Parser = ReturnType<typeof parse>;

function written(parser: Parser, piece: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    parser.write(piece, (error) => {
      if (error instanceof Error) reject(error);
      else resolve();
    });
  });
}

function ended(parser: Parser): Promise<void> {
  return new Promise((resolve) => {
    parser.once('end', resolve);
    parser.resume();
    parser.end();
  });
}

function unparsable(error: unknown): unknown {
  if (!(error instanceof CsvError)) return error;
  const { code, message } = error;
  const row = Number(error['records']) + 1;
  const line = Number(error['lines']);
  const details = { row, line, reason: message };
  if (code === 'CSV_QUOTE_NOT_CLOSED') {
    return badRow(
      `A quote is opened in line ${line} (record ${row}) and never closed. Close it and import again.`,
      details,
    );
  }
  if (code === 'CSV_MAX_RECORD_SIZE') {
    return badRow(
      `Record ${row} (line ${line}) is longer than 16 million characters. Is a quote left open before it?`,
      details,
    );
  }
  return badRow(`Record ${row} (line ${line}) cannot be parsed.`, details);
}
