/** Tables and folders: numbers equal the screen, hostile text stays text, nothing is overwritten. */
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { formatConfidence, type Photo } from '../../../contract/photo';
import { csvCell, readCsvText } from './csv';
import { copyToFolders, safeName } from './folders';
import { exportRows } from './rows';
import { writeTable } from './table';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-export-'));
let folder = '';
let number = 0;
beforeEach(() => {
  folder = path.join(base, String(++number));
  mkdirSync(folder);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const signal = new AbortController().signal;

function photo(index: number, extra: Partial<Photo> = {}): Photo {
  const predictions = [
    { label: index === 0 ? '=1+1' : 'kite', classIndex: 21, score: 0.1 + index / 17 },
    { label: 'eagle', classIndex: 22, score: 0.05, box: [0, 0.25, 0.5, 1] as [number, number, number, number] },
  ];
  return {
    id: `p${index + 1}`,
    name: `holiday/a ${index}, "b".jpg`,
    state: 'judged',
    bytes: 1000 + index,
    width: 640,
    height: 480,
    hasThumb: true,
    isSample: false,
    verdicts: { judge: { predictions, ms: 6.25 } },
    ...extra,
  };
}

const photos = [
  ...Array.from({ length: 12 }, (_, index) => photo(index)),
  photo(12, { correction: '@SUM(A1)' }),
  photo(13, {
    state: 'failed',
    verdicts: {},
    failure: { code: 'image/damaged', message: 'It ends too early.', details: {} },
  }),
  photo(14, { state: 'waiting', verdicts: {} }),
];

async function write(format: 'csv' | 'jsonl' | 'parquet', replace = false, file = path.join(folder, `t.${format}`)) {
  const rows = exportRows(photos, 'judge', 0.5);
  const result = await writeTable({
    format,
    target: file,
    replace,
    rows,
    total: photos.length,
    signal,
    progress: () => undefined,
  });
  expect(result.rows).toBe(photos.length);
  return file;
}

test('CSV: scores are the same numbers, formulas are text, labels follow the threshold', async () => {
  const records = parse<Record<string, string>>(readFileSync(await write('csv')), { columns: true });
  expect(records).toHaveLength(photos.length);
  records.slice(0, 12).forEach((record, index) => {
    const score = photos[index]!.verdicts['judge']!.predictions[0]!.score;
    expect(Number(record['score'])).toBe(score);
    expect(formatConfidence(Number(record['score 1']))).toBe(formatConfidence(score));
    expect(record['standing']).toBe(score >= 0.5 ? 'sure' : 'unsure');
    expect(record['label']).toBe(score >= 0.5 ? 'kite' : 'unsure');
  });
  expect(records[0]!['label 1']).toBe("'=1+1");
  expect(records[12]!['label']).toBe("'@SUM(A1)");
  expect(records[13]).toMatchObject({ label: '', standing: 'failed', 'error code': 'image/damaged', score: '' });
  expect(records[3]!['file']).toBe('holiday/a 3, "b".jpg');
});

test('every text comes back from a CSV cell as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\ufeff')),
      (text) => {
        const [[cell]] = parse(`${csvCell(text)},end\r\n`, { relax_column_count: true }) as [[string]];
        expect(readCsvText(cell)).toBe(text);
        expect(/^[=+\-@\t\r]/.test(cell)).toBe(false);
      },
    ),
    {
      seed: 11,
      numRuns: 2000,
      examples: [['=1'], ['+cmd'], ['-2'], ['@x'], ['\tx'], ['\rx'], ["'x"], ['a"b'], ['a\r\nb'], [' ']],
    },
  );
});

test('JSON lines: one object a picture, boxes and errors included', async () => {
  const lines = readFileSync(await write('jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(lines[5]).toMatchObject({
    file: photos[5]!.name,
    ms: 6.25,
    predictions: [{ score: photos[5]!.verdicts['judge']!.predictions[0]!.score }, { box: [0, 0.25, 0.5, 1] }],
  });
  expect(lines[13]).toMatchObject({ error: { code: 'image/damaged', message: 'It ends too early.' } });
});

test('Parquet: read back by an independent reader, typed, equal', async () => {
  const bytes = readFileSync(await write('parquet'));
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  const rows = await parquetReadObjects({ file });
  expect(rows).toHaveLength(photos.length);
  expect(rows[7]).toMatchObject({
    file: photos[7]!.name,
    score: photos[7]!.verdicts['judge']!.predictions[0]!.score,
    width: 640,
  });
  expect(rows[7]).toMatchObject({ label1: 'kite', label2: 'eagle', score2: 0.05, label3: null, bytes: 1007n });
  expect(JSON.parse(rows[7]!['predictions'] as string)).toMatchObject([{ label: 'kite' }, { box: [0, 0.25, 0.5, 1] }]);
  expect(rows[13]).toMatchObject({ score: null, errorCode: 'image/damaged' });
});

test.each(['csv', 'jsonl', 'parquet'] as const)('an empty list makes an empty, valid %s table', async (format) => {
  const target = path.join(folder, `t.${format}`);
  const progress = () => undefined;
  expect(await writeTable({ format, target, replace: false, rows: [], total: 0, signal, progress })).toEqual({
    rows: 0,
  });
  const bytes = readFileSync(target);
  if (format === 'csv') expect(parse(bytes, { columns: true })).toEqual([]);
  if (format === 'jsonl') expect(bytes).toHaveLength(0);
  if (format !== 'parquet') return;
  const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
  expect(await parquetReadObjects({ file })).toEqual([]);
});

test('a long table is handed over in pieces, in every format', async () => {
  const many = 12_000;
  async function* rows() {
    for (let index = 0; index < many; index++) {
      if (index % 1000 === 0) await Promise.resolve();
      yield* exportRows([photo(index)], 'judge', 0.5);
    }
  }
  const largest: Record<string, number> = {};
  for (const format of ['csv', 'jsonl', 'parquet'] as const) {
    const target = path.join(folder, `many.${format}`);
    const steps: number[] = [];
    const progress = (fraction: number) => steps.push(fraction);
    await writeTable({ format, target, replace: false, rows: rows(), total: many, signal, progress });
    expect(steps.at(-1)).toBe(1);
    expect(steps.every((step, index) => index === 0 || step >= steps[index - 1]!)).toBe(true);
    const bytes = readFileSync(target);
    largest[format] = bytes.length;
    if (format === 'csv') expect(parse(bytes, { columns: true })).toHaveLength(many);
    if (format === 'jsonl') expect(bytes.toString('utf8').trimEnd().split('\n')).toHaveLength(many);
    if (format !== 'parquet') continue;
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    expect(parquetMetadata(file).row_groups.map((group) => Number(group.num_rows))).toEqual([5000, 5000, 2000]);
    const back = await parquetReadObjects({ file });
    expect(back[11_999]).toMatchObject({ file: photo(11_999).name, bytes: 12_999n });
  }
  expect(largest['parquet']).toBeLessThan(largest['csv']!);
});

test('an existing table is not replaced unless told to', async () => {
  const file = path.join(folder, 't.csv');
  writeFileSync(file, 'mine');
  await expect(write('csv')).rejects.toMatchObject({ code: 'file/exists' });
  expect(readFileSync(file, 'utf8')).toBe('mine');
  await write('csv', true);
  expect(readFileSync(file, 'utf8')).toContain('holiday');
});

test('a cancelled table leaves nothing', async () => {
  const abort = new AbortController();
  abort.abort();
  const rows = exportRows(photos, 'judge', 0.5);
  const writing = writeTable({
    format: 'csv',
    target: path.join(folder, 't.csv'),
    replace: false,
    rows,
    total: photos.length,
    signal: abort.signal,
    progress: () => undefined,
  });
  await expect(writing).rejects.toMatchObject({ code: 'call/cancelled' });
  expect(readdirSync(folder)).toEqual([]);
});

test('pictures are copied into label folders; equal names get a number; nothing is replaced', async () => {
  const source = path.join(folder, 'source');
  mkdirSync(path.join(source, 'a'), { recursive: true });
  mkdirSync(path.join(source, 'b'));
  writeFileSync(path.join(source, 'a', 'x.jpg'), 'one');
  writeFileSync(path.join(source, 'b', 'x.jpg'), 'two');
  const target = path.join(folder, 'sorted');
  mkdirSync(path.join(target, 'kite'), { recursive: true });
  writeFileSync(path.join(target, 'kite', 'x.jpg'), 'mine');
  const items = ['a/x.jpg', 'b/x.jpg', 'c/gone.jpg'].map((name) => ({
    path: path.join(source, name),
    name,
    label: 'kite',
  }));
  const steps: number[] = [];
  const result = await copyToFolders({ target, items, signal, progress: (fraction) => steps.push(fraction) });
  expect(result.copied).toBe(2);
  expect(result.failed).toMatchObject([{ name: 'c/gone.jpg', failure: { code: 'file/missing' } }]);
  const read = (name: string) => readFileSync(path.join(target, 'kite', name), 'utf8');
  expect([read('x.jpg'), read('x (2).jpg'), read('x (3).jpg')]).toEqual(['mine', 'one', 'two']);
  expect(steps.at(-1)).toBe(1);
});

test('no label leads out of the chosen folder, not even through a link', async () => {
  const source = path.join(folder, 'x.jpg');
  writeFileSync(source, 'one');
  const target = path.join(folder, 'sorted');
  const outside = path.join(folder, 'outside');
  mkdirSync(target);
  mkdirSync(outside);
  symlinkSync(outside, path.join(target, 'linked'));
  const labels = [
    '../../x',
    'a/b',
    '..',
    '.',
    '',
    'aux',
    'CON',
    'x'.repeat(300),
    '\u{1f600}'.repeat(300),
    'a\0b',
    'trail. ',
    'linked',
  ];
  const items = labels.map((label) => ({ path: source, name: '../../up.jpg', label }));
  const result = await copyToFolders({ target, items, signal, progress: () => undefined });
  expect(result.failed.map(({ failure }) => failure.code)).toEqual(['file/bad-name']);
  expect(result.copied).toBe(labels.length - 1);
  expect(readdirSync(outside)).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['outside', 'sorted', 'x.jpg']);
  expect(existsSync(path.join(path.dirname(folder), 'x'))).toBe(false);
});

test('a folder that holds the pictures themselves is refused before anything is copied', async () => {
  const source = path.join(folder, 'photos');
  const inner = path.join(source, 'inner');
  mkdirSync(inner, { recursive: true });
  writeFileSync(path.join(inner, 'x.jpg'), 'one');
  const items = [{ path: path.join(inner, 'x.jpg'), name: 'inner/x.jpg', label: 'kite' }];
  for (const target of [source, inner]) {
    const copying = copyToFolders({ target, items, signal, progress: () => undefined });
    await expect(copying).rejects.toMatchObject({ code: 'usage/bad-argument' });
  }
  expect(readdirSync(source)).toEqual(['inner']);
  // Beside them, and below them, is fine.
  const sorted = path.join(source, 'sorted');
  const beside = path.join(folder, 'photos-sorted');
  for (const target of [sorted, beside]) {
    expect(await copyToFolders({ target, items, signal, progress: () => undefined })).toMatchObject({ copied: 1 });
  }
  expect(readFileSync(path.join(sorted, 'kite', 'x.jpg'), 'utf8')).toBe('one');
});

test('names fit any file system', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const name = safeName(text);
      expect(name).not.toBe('');
      expect(/[/\\\0:]/.test(name)).toBe(false);
      expect(/^\.|[. ]$/.test(name)).toBe(false);
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
    }),
    { seed: 5, numRuns: 1000 },
  );
  for (const name of ['CON', 'nul.jpg', 'com1.tar.gz', 'Lpt9 .x']) {
    expect(safeName(name)).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)/i);
  }
});
