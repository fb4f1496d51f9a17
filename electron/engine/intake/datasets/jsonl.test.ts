/** JSON lines and arrays: columns from keys, nested values, what is left out, reading on. */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { jsonlReader } from './jsonl';
import { never, outcomeOf, readAll, readInPieces, testFolder } from './testing/sources';

const folder = testFolder();

test('keys are columns; missing, nested, yes and no, unusual keys', async () => {
  const text = '{"a":1,"b":"x"}\n{"b":"y","c":[1,{"d":2}]}\n\n{"a":2.5,"b":"z","__proto__":true}\n';
  const source = folder.source('odd.jsonl', text);
  const { options, rows } = await jsonlReader.inspect([source], never);
  expect(options.columns?.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'a number',
    'b text',
    'c text',
    '__proto__ number',
  ]);
  expect(rows[1]).toEqual(['', 'y', '[1,{"d":2}]', '']);
  const { columns } = await readAll(jsonlReader, [source], { options });
  expect(columns['a']).toEqual([1, NaN, 2.5]);
  expect(columns['c']).toEqual(['', '[1,{"d":2}]', '']);
});

test('texts with labels, in an array, with a mark, in gzip', async () => {
  const rows = [
    { text: 'good', label: true },
    { text: 'bad', label: false },
  ];
  const expected = { kind: 'text', texts: ['good', 'bad'], labels: ['1', '0'] };
  const lines = rows.map((row) => JSON.stringify(row)).join('\r\n');
  const sources = [
    folder.source('array.json', JSON.stringify(rows, undefined, 2)),
    folder.source('marked.json', `\ufeff${JSON.stringify(rows)}`),
    folder.source('wide.jsonl', Buffer.from(`\ufeff${lines}`, 'utf16le')),
    folder.source('packed.jsonl.gz', gzipSync(lines)),
    folder.source('lines.json', lines),
  ];
  for (const source of sources) {
    expect(jsonlReader.match([source]), source.name).toBe(true);
    expect(await readAll(jsonlReader, [source]), source.name).toMatchObject(expected);
  }
});

test('what is no object, or no number where numbers are, is left out with its line', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => `{"a":${i}}\n`).join('');
  const read = await readAll(jsonlReader, [
    folder.source('bad.jsonl', `${many}[1]\n{"a":\n7\n{"a":"x"}\n{"a":1e999}\n{"a":8}\n`),
  ]);
  expect(read.names).toHaveLength(1001);
  expect(read.leftOut.map(({ name, message }) => `${name} ${message.slice(0, 24)}`)).toEqual([
    'bad.jsonl:1001 It is no JSON object.',
    'bad.jsonl:1002 It is no JSON: Unexpecte',
    'bad.jsonl:1003 It is no JSON object.',
    'bad.jsonl:1004 "x" in its column "a" is',
    'bad.jsonl:1005 "Infinity" in its column',
  ]);
});

test.each([
  ['empty.json', '', 'data/empty'],
  [
    'object.json',
    JSON.stringify(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`k${i}`, i])), undefined, 1),
    'data/unsupported',
  ],
  ['cut.json', '[{"a":1},', 'data/bad-row'],
  ['deep.jsonl', `${'['.repeat(100_000)}\n`, 'data/empty'],
  ['deep value.jsonl', `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n{"a":1}\n`, '1 samples, 1 left out'],
  ['wide.jsonl', `{${Array.from({ length: 5000 }, (_, i) => `"k${i}":1`).join()}}\n`, 'data/too-many'],
])('%s', async (name, text, expected) => {
  expect(await outcomeOf(jsonlReader, [folder.source(name, text)])).toBe(expected);
});

test('reading on after any chunk gives the same as one read', async () => {
  const text = Array.from({ length: 777 }, (_, i) =>
    i % 50 === 3 ? 'x\n' : `{"a":${i},"b":"${'v'.repeat(i % 9)}"}\n`,
  ).join('');
  const source = folder.source('long.jsonl', text);
  expect((await readInPieces(jsonlReader, [source])).digest).toBe((await readAll(jsonlReader, [source])).digest);
});
