/** Parquet: types, pictures, splits, reading on, and files that lie about themselves. */
import { describe, expect, test } from 'vitest';
import { writePng } from '../testing/pictures';
import { parquetReader } from './parquet';
import { onePage, pictureTable, sampleTable, withMetadata } from './testing/parquet';
import { never, outcomeOf, readAll, readChunks, readInPieces, testFolder } from './testing/sources';
import { readThrift } from './thrift';

const folder = testFolder();

describe('tables', () => {
  test('numbers, texts, yes and no, times and missing values', async () => {
    const source = folder.source('all.parquet', sampleTable(250, 100));
    const inspection = await parquetReader.inspect([source], never);
    expect(inspection).toMatchObject({ kind: 'row', samples: 250, isCountExact: true });
    expect(inspection.options.columns?.map(({ name, type, role }) => `${name} ${type} ${role}`)).toEqual([
      'whole number feature',
      'half number feature',
      'words text feature',
      'yes number feature',
      'time number feature',
      'label text label',
    ]);
    const read = await readAll(parquetReader, [source], { options: inspection.options });
    expect(read.columns['whole']?.slice(0, 5)).toEqual([0, 1, 2, NaN, 4]);
    expect(read.columns['half']?.slice(248)).toEqual([124, 124.5]);
    expect(read.columns['words']?.slice(0, 3)).toEqual(['v0', '', 'v2']);
    expect(read.columns['yes']?.slice(0, 2)).toEqual([1, 0]);
    expect(read.columns['time']?.slice(0, 2)).toEqual([0, 1000]);
    expect(read.labels.slice(0, 4)).toEqual(['c0', 'c1', 'c2', 'c0']);
    expect(read.names.at(-1)).toBe('all.parquet:250');
  });

  test('reading on gives the same as one read, over groups and files', async () => {
    const sources = [
      folder.source('parts/train-00000-of-00002.parquet', sampleTable(333, 100)),
      folder.source('parts/test-00000-of-00001.parquet', sampleTable(50, 1000)),
    ];
    const settings = { samplesPerChunk: 70 };
    const whole = await readAll(parquetReader, sources, settings);
    expect(whole.names).toHaveLength(383);
    expect([whole.splits[0], whole.splits.at(-1)]).toEqual([1, 3]);
    expect((await readInPieces(parquetReader, sources, settings)).digest).toBe(whole.digest);
  });
});

describe('pictures', () => {
  const png = (red: number): Uint8Array =>
    writePng({
      width: 2,
      height: 2,
      depth: 8,
      colour: 2,
      rows: [new Uint8Array(6).fill(red), new Uint8Array(6).fill(red)],
    });

  test('as Hugging Face writes them, with names of classes', async () => {
    const bytes = pictureTable([png(10), null, png(30), Uint8Array.of(1, 2), png(50)], [0, 1, 1, 0, 1], ['cat', 'dog']);
    const source = folder.source('pictures.parquet', bytes);
    const inspection = await parquetReader.inspect([source], never);
    expect(inspection).toMatchObject({
      kind: 'image',
      samples: 4,
      options: { image: { height: 2, width: 2 } },
      classes: [
        { name: 'cat', count: 2 },
        { name: 'dog', count: 2 },
      ],
    });
    const options = { ...inspection.options, image: { height: 2, width: 2, fit: 'stretch', channels: 3 } as const };
    const read = await readAll(parquetReader, [source], { options });
    expect(read.labels).toEqual(['cat', 'dog', 'dog']);
    expect(read.leftOut.map(({ code }) => code)).toEqual(['data/bad-row', 'image/unsupported']);
    const [chunk] = await readChunks(parquetReader, [source], { options });
    const pixels = chunk?.content.tensors['images']?.data;
    expect([0, 12, 24].map((at) => (pixels instanceof Uint8Array ? pixels[at] : -1))).toEqual([10, 30, 50]);
    const settings = { options, samplesPerChunk: 1 };
    expect((await readInPieces(parquetReader, [source], settings)).digest).toBe(
      (await readAll(parquetReader, [source], settings)).digest,
    );
  });
});

describe('files that lie', () => {
  const table = sampleTable(100, 100);
  const chunks = (change: (chunk: { [key: string]: unknown }) => void): Uint8Array =>
    withMetadata(table, ({ row_groups }) => {
      for (const { columns } of row_groups)
        for (const { meta_data } of columns) change(meta_data as unknown as { [key: string]: unknown });
    });
  const page = { unpacked: 8, packed: 8, values: 2, encoding: 0, body: new Uint8Array(8) };
  const deep = (depth: number): Uint8Array =>
    withMetadata(table, ({ schema }) => {
      const [root] = schema;
      if (root !== undefined) root.num_children = (root.num_children ?? 0) + 1;
      for (let i = 0; i < depth; i++) schema.push({ name: `d${i}`, num_children: 1, repetition_type: 'OPTIONAL' });
      schema.push({ name: 'end', type: 'INT32', repetition_type: 'OPTIONAL' });
    });

  /** The name's field, the fourth, becomes one that nobody knows (Thrift's compact protocol: the step to a field and its type share a byte). */
  const withoutName = (file: Uint8Array, name: string): Uint8Array => {
    const changed = Buffer.from(file);
    changed[changed.indexOf(Buffer.from(`\x18${String.fromCharCode(name.length)}${name}`, 'latin1'))] = 0xf8;
    return changed;
  };

  test.each([
    ['nothing', new Uint8Array(0), 'data/damaged'],
    ['the mark alone', new TextEncoder().encode('PAR1'), 'data/damaged'],
    ['a cut end', table.subarray(0, -1), 'data/damaged'],
    [
      'a description longer than the file',
      Uint8Array.from(table, (byte, i) => (i === table.length - 5 ? 127 : byte)),
      'data/damaged',
    ],
    [
      '10^12 rows',
      withMetadata(table, (all) => ((all.num_rows = 10n ** 12n), (all.row_groups[0]!.num_rows = 10n ** 12n))),
      'data/bomb',
    ],
    ['fewer rows than its groups', withMetadata(table, (all) => (all.num_rows = 1n)), 'data/damaged'],
    [
      '-1 rows',
      withMetadata(table, (all) => ((all.num_rows = -1n), (all.row_groups[0]!.num_rows = -1n))),
      'data/damaged',
    ],
    ['a column beyond its end', chunks((chunk) => (chunk['total_compressed_size'] = 10n ** 9n)), 'data/damaged'],
    [
      'a column before its start',
      chunks((chunk) => ((chunk['data_page_offset'] = -5n), delete chunk['dictionary_page_offset'])),
      'data/damaged',
    ],
    ['a column without a name', withoutName(table, 'whole'), 'data/damaged'],
    ['nesting of 1,000', deep(1000), 'data/bomb'],
    [
      '5,000 columns',
      withMetadata(table, ({ schema }) => {
        schema[0]!.num_children = 5006;
        for (let i = 0; i < 5000; i++) schema.push({ name: `c${i}`, type: 'INT32', repetition_type: 'OPTIONAL' });
      }),
      'data/too-many',
    ],
    ['a sound page', onePage(2, 'UNCOMPRESSED', page), '2 samples, 0 left out'],
    ['a page of 2 GB', onePage(2, 'SNAPPY', { ...page, unpacked: 2 ** 31 - 1 }), 'data/bomb'],
    ['a page of a negative size', onePage(2, 'UNCOMPRESSED', { ...page, packed: -20 }), 'data/damaged'],
    ['a page longer than its column', onePage(2, 'UNCOMPRESSED', { ...page, packed: 1000 }), 'data/damaged'],
    ['2^31 values in a page', onePage(2, 'UNCOMPRESSED', { ...page, values: 2 ** 31 - 1 }), 'data/damaged'],
    ['fewer values than rows', onePage(2, 'UNCOMPRESSED', { ...page, values: 1 }), 'data/damaged'],
    [
      'a run of 2^30 indices',
      onePage(2, 'UNCOMPRESSED', { ...page, encoding: 8, body: Uint8Array.of(1, 254, 255, 255, 255, 7, 1, 0) }),
      'data/damaged',
    ],
    [
      'bit width 0 and a negative count',
      onePage(2, 'UNCOMPRESSED', { ...page, encoding: 8, body: Uint8Array.of(0, 255, 255, 255, 255, 15, 1, 0) }),
      'data/damaged',
    ],
    [
      'delta blocks of nothing',
      onePage(2, 'UNCOMPRESSED', { ...page, encoding: 5, body: new Uint8Array(8) }),
      'data/damaged',
    ],
    ['delta strings', onePage(2, 'UNCOMPRESSED', { ...page, encoding: 7 }), 'data/unsupported'],
    [
      'a packed page of nonsense',
      onePage(2, 'SNAPPY', { ...page, body: Uint8Array.of(8, 255, 255, 255, 255, 255, 255, 255) }),
      'data/damaged',
    ],
  ])('%s', async (name, bytes, expected) => {
    expect(await outcomeOf(parquetReader, [folder.source(`${name.replaceAll('/', ' ')}.parquet`, bytes)])).toBe(
      expected,
    );
  });

  test('descriptions nested without end, and numbers without end', () => {
    expect(() => readThrift(new Uint8Array(1000).fill(0x1c), 0)).toThrow(
      expect.objectContaining({ code: 'data/bomb' }),
    );
    expect(() => readThrift(new Uint8Array(1_000_000).fill(255).fill(0x16, 0, 1), 0)).toThrow(
      expect.objectContaining({ code: 'data/damaged' }),
    );
    expect(() => readThrift(Uint8Array.of(0x19, 0xf5, 255, 255, 255, 255, 15), 0)).toThrow(
      expect.objectContaining({ code: 'data/damaged' }),
    );
  });
});
