/** Tables made to mislead (hardening, D1 and D3): each ends as samples or as an error with a code, in bounded memory. */
import { createWriteStream, rmSync, writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../services/export/csv';
import { csvReader } from '../csv';
import { jsonlReader } from '../jsonl';
import { readerFor } from '../readers';
import { pieces } from '../source-pieces';
import { headOf, never, outcomeOf, readAll, testFolder } from '../testing/sources';
import { textReader } from '../text';

const folder = testFolder();
const many = (count: number, one: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => one(i)).join('');

describe('D1: CSV', () => {
  test.each([
    ['one line of 20 MB', 'a,b\n1,2\n' + '3'.repeat(20_000_000), 'data/bad-row'],
    ['a first line of 20 MB', 'x'.repeat(20_000_000), 'data/bad-row'],
    ['100,000 columns', `${many(100_000, (i) => `c${i},`)}\n`.repeat(2), 'data/too-many'],
    ['a quote that is never closed', `a,b\n1,2\n"3,4\n${'5,6\n'.repeat(1000)}`, 'data/bad-row'],
    ['mixed line ends', 'a,b\n1,2\r\n3,4\r5,6', '3 samples, 0 left out'],
    ['a mark', '\ufeffa,b\n1,2\n', '1 samples, 0 left out'],
    ['zero bytes in one row', 'a,b\n1,x\n2,y\0\n3,z\n', '2 samples, 1 left out'],
    ['ragged rows', 'a,b\n1,2\n3\n4,5,6\n7,8\n', '2 samples, 2 left out'],
    ['1e999', `a,b\n${'1,2\n'.repeat(1000)}1e999,2\n`, '1000 samples, 1 left out'],
    ['duplicate headers', 'a,a,a\n1,2,3\n', '1 samples, 0 left out'],
    ['a header alone', 'a,b\n', 'data/empty'],
    ['nothing', '', 'data/empty'],
    ['blank lines', '\n\n \n', 'data/empty'],
    ['only commas', ',,,\n,,,\n', '2 samples, 0 left out'],
    ['quotes within a value', 'a,b\n5" pipe,1\n"x"y,2\n', '2 samples, 0 left out'],
  ])('%s', async (name, text, expected) => {
    expect(await outcomeOf(csvReader, [folder.source(`${name}.csv`, text)])).toBe(expected);
  });

  test('a line of 1 GB is refused without being held', async () => {
    const path = folder.path('gigabyte.csv');
    const piece = Buffer.alloc(1024 * 1024, '7');
    await pipeline(
      Readable.from([Buffer.from('a,b\n1,2\n'), ...Array.from({ length: 1024 }, () => piece)]),
      createWriteStream(path),
    );
    const before = process.memoryUsage().rss;
    expect(await outcomeOf(csvReader, [headOf(path, 'gigabyte.csv')])).toBe('data/bad-row');
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
    rmSync(path);
  });

  test('the first problem is told with its row', async () => {
    const open = folder.source('open.csv', 'a,b\n1,2\n3,"4\n5,6\n');
    await expect(readAll(csvReader, [open])).rejects.toThrow(
      /^A quote is opened in line \d \(record 3\) and never closed/,
    );
  });

  test('a gzip bomb stops early', async () => {
    const path = folder.path('bomb.csv.gz');
    const line = Buffer.from('1,2\n'.repeat(1 << 18));
    await pipeline(Readable.from(Array.from({ length: 300 }, () => line)), createGzip(), createWriteStream(path));
    const unpack = async (): Promise<void> => {
      for await (const piece of pieces(headOf(path, 'bomb.csv.gz'), never)) expect(piece.length).toBeGreaterThan(0);
    };
    await expect(unpack()).rejects.toMatchObject({ code: 'data/bomb' });
  });

  test('a gzip that is cut or no gzip behind its mark', async () => {
    const packed = gzipSync(many(20_000, (i) => `${(i * 7919) % 104_729},${i}\n`));
    expect(await outcomeOf(csvReader, [folder.source('cut.csv.gz', packed.subarray(0, packed.length / 2))])).toBe(
      'data/damaged',
    );
    expect(await outcomeOf(csvReader, [folder.source('no.csv.gz', Uint8Array.of(0x1f, 0x8b, 1, 2, 3))])).toBe(
      'data/damaged',
    );
  });

  test('lines without end in JSON and text', async () => {
    const long = 'x'.repeat(17 * 1024 * 1024);
    expect(await outcomeOf(jsonlReader, [folder.source('long.jsonl', `{"a":1}\n${long}\n{"a":2}\n`)])).toBe(
      '2 samples, 1 left out',
    );
    const text = folder.source('long.txt', `one\n${long}\ntwo\n`);
    const read = await readAll(textReader, [text], { options: { textUnit: 'line' } });
    expect([read.texts, read.leftOut.length]).toEqual([['one', 'two'], 1]);
  });
});

describe('D3: data is data', () => {
  test('names of columns and files that would be code elsewhere', async () => {
    const column = `"; ATTACH '/etc/passwd' --`;
    for (const name of ["a'b.csv", '[x]*.csv', '%s;rm.csv', '__proto__.csv', '=1+1.csv']) {
      const source = folder.source(name, `"${column.replaceAll('"', '""')}",__proto__,constructor\n1,x,y\n`);
      const read = await readAll(csvReader, [source]);
      expect(Object.keys(read.columns)).toEqual([column, '__proto__', 'constructor']);
      expect(read.names).toEqual([`${name}:1`]);
    }
  });

  test('only the file that was asked for opens, whatever its name matches', async () => {
    folder.source('glob/x.csv', 'a,b\n1,2\n');
    const source = folder.source('glob/[x]*.csv', 'c,d\n3,4\n');
    expect((await readAll(csvReader, [source])).columns).toEqual({ c: [3], d: [4] });
  });

  test.each([
    ['a.sqlite', 'SQLite format 3\0'],
    ['a.duckdb', '\x01\x02\x03\x04\x05\x06\x07\x08DUCK'],
    ['a.csv', 'SQLite format 3\0'],
    ['b.csv', '\x01\x02\x03\x04\x05\x06\x07\x08DUCK'],
    ['c.txt', 'PK\x03\x04'],
    ['d.jsonl', '\x7fELF'],
  ])('a database or program is no data set: %s', (name, head) => {
    const source = folder.source(`bases/${name}`, Buffer.concat([Buffer.from(head, 'latin1'), Buffer.alloc(4000)]));
    expect(() => readerFor([source])).toThrow(expect.objectContaining({ code: 'data/unsupported' }));
  });
});

test('F10: what the export writes for any text comes back as it was', async () => {
  const cell = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.constantFrom('=1+1', '+cmd', '-2', '@x', '\tx', '\rx', "'", "''=x", '"', 'a\r\nb', ' x ', ',', ';', ''),
  );
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 }), async (rows) => {
      const kept = rows.map(([a, b]) => [a.replaceAll('\0', ''), b.replaceAll('\0', '')] as const);
      const text = [csvLine(['first', 'second']), ...kept.map(([a, b]) => csvLine([`x${a}`, b === '' ? 'y' : b]))].join(
        '',
      );
      const path = folder.path(`property${number++}.csv`);
      writeFileSync(path, text);
      const columns = [
        { name: 'first', type: 'text' as const, role: 'feature' as const },
        { name: 'second', type: 'text' as const, role: 'feature' as const },
      ];
      const read = await readAll(csvReader, [headOf(path, 'property.csv')], { options: { columns } });
      expect(read.leftOut).toEqual([]);
      expect(read.columns['first']).toEqual(kept.map(([a]) => `x${a}`));
      expect(read.columns['second']).toEqual(kept.map(([, b]) => (b === '' ? 'y' : b)));
    }),
    { numRuns: 200, seed: 5 },
  );
});
