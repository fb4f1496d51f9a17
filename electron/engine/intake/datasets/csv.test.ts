/** Tables in text: dialects, types, roles, what is left out, and reading on where a read stopped. */
import { symlinkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { writePng } from '../testing/pictures';
import { csvReader } from './csv';
import { never, readAll, readChunks, readInPieces, testFolder } from './testing/sources';

const folder = testFolder();
const iris =
  '150,4,setosa,versicolor,virginica\n5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,1\n6.2,3.4,5.4,2.3,2\n5.9,3.0,5.1,1.8,2\n';

describe('dialects', () => {
  test.each([
    ['comma', 'a,b,c\n1,2,x\n3,4,y\n'],
    ['semicolon', 'a;b;c\n1;2;x\n3;4;y\n'],
    ['tab', 'a\tb\tc\n1\t2\tx\n3\t4\ty\n'],
    ['bar', 'a|b|c\n1|2|x\n3|4|y\n'],
    ['CR', 'a,b,c\r1,2,x\r3,4,y\r'],
    ['mixed line ends', 'a,b,c\r\n1,2,x\n3,4,y'],
    ['blank lines', '\n\na,b,c\n\n1,2,x\n\n3,4,y\n\n'],
    ['UTF-8 mark', '\ufeffa,b,c\n1,2,x\n3,4,y\n'],
    ['quotes', '"a","b","c"\n"1","2","x"\n"3","4","y"\n'],
    ['blanks after the delimiter', 'a, b, c\n1, 2, x\n3, 4, y\n'],
  ])('%s', async (name, text) => {
    const read = await readAll(csvReader, [folder.source(`dialect ${name}.csv`, text)]);
    expect(read).toMatchObject({ kind: 'row', columns: { a: [1, 3], b: [2, 4], c: ['x', 'y'] }, leftOut: [] });
  });

  test.each([
    ['little-endian', Buffer.from('\ufeffa,ü\n1,€\n', 'utf16le')],
    ['big-endian', Buffer.from('\ufeffa,ü\n1,€\n', 'utf16le').swap16()],
  ])('UTF-16 %s', async (name, bytes) => {
    const source = folder.source(`${name}.csv`, bytes);
    expect(csvReader.match([source])).toBe(true);
    expect((await readAll(csvReader, [source])).columns).toEqual({ a: [1], ü: ['€'] });
  });

  test('Latin-1 is read as such, with a note', async () => {
    const source = folder.source('latin.csv', Buffer.from('name,size\nMüller,1\nGruß,2\n', 'latin1'));
    const { notes } = await csvReader.inspect([source], never);
    expect(notes.join()).toContain('Latin-1');
    expect((await readAll(csvReader, [source])).columns['name']).toEqual(['Müller', 'Gruß']);
  });

  test('a decimal comma, with points between thousands', async () => {
    const source = folder.source('comma.csv', 'a;b\n1,5;x\n-2,25;y\n1.234,5;z\n');
    expect((await readAll(csvReader, [source])).columns['a']).toEqual([1.5, -2.25, 1234.5]);
    expect((await csvReader.inspect([source], never)).notes.join()).toContain('comma');
  });

  test('line ends and delimiters inside quotes, doubled quotes', async () => {
    const source = folder.source('quoted.csv', 'a,b\n"one\ntwo, ""three""",1\n"\r\n",2\n');
    expect((await readAll(csvReader, [source])).columns['a']).toEqual(['one\ntwo, "three"', '\r\n']);
  });

  test('gzip', async () => {
    const source = folder.source('packed.csv.gz', gzipSync('a,b\n1,x\n2,y\n'));
    expect(csvReader.match([source])).toBe(true);
    expect((await readAll(csvReader, [source])).columns).toEqual({ a: [1, 2], b: ['x', 'y'] });
  });

  test('no header: columns are numbered and the first row counts', async () => {
    const source = folder.source('bare.csv', '1,2\n3,4\n');
    expect((await readAll(csvReader, [source])).columns).toEqual({ 'column 1': [1, 3], 'column 2': [2, 4] });
  });

  test('counts and class names in the first line', async () => {
    const source = folder.source('iris.csv', iris);
    const inspection = await csvReader.inspect([source], never);
    expect(inspection.classes).toEqual([
      { name: 'setosa', count: 1 },
      { name: 'versicolor', count: 1 },
      { name: 'virginica', count: 2 },
    ]);
    expect(inspection.notes).toContain('The first line says 150 rows, but there are 4.');
    expect((await readAll(csvReader, [source])).labels).toEqual(['setosa', 'versicolor', 'virginica', 'virginica']);
  });
});

describe('types and roles', () => {
  const roles = async (name: string, text: string): Promise<string[]> => {
    const { options } = await csvReader.inspect([folder.source(name, text)], never);
    return (options.columns ?? []).map((column) => `${column.name}: ${column.type} ${column.role}`);
  };

  test('missing values do not make a number a text', async () => {
    const text = 'a,b\n1,NA\n,x\nNaN,y\n4,z\n';
    expect(await roles('missing.csv', text)).toEqual(['a: number feature', 'b: text feature']);
    const { columns } = await readAll(csvReader, [folder.source('missing.csv', text)]);
    expect(columns).toEqual({ a: [1, NaN, NaN, 4], b: ['NA', 'x', 'y', 'z'] });
  });

  test('a label by name or by being the last of few values, a target by many', async () => {
    expect(await roles('label.csv', 'class,a\nx,1\ny,2\nx,3\n')).toEqual(['class: text label', 'a: number feature']);
    expect(await roles('last.csv', 'a,kind\n1,x\n2,y\n3,x\n4,y\n5,x\n6,y\n')).toContain('kind: text label');
    expect(await roles('target.csv', 'a,target\n1,0.5\n2,0.25\n3,17\n')).toContain('target: number target');
  });

  test('content makes texts, SMILES makes molecules, split gives the split', async () => {
    const review = folder.source('reviews.csv', 'text,label,split\ngood,1,train\nbad,0,test\nfine,1,valid\n');
    expect(await readAll(csvReader, [review])).toMatchObject({
      kind: 'text',
      texts: ['good', 'bad', 'fine'],
      labels: ['1', '0', '1'],
      splits: [1, 3, 2],
    });
    const molecules = folder.source('m.csv', 'smiles,tpsa\nCCO,20.2\nc1ccccc1,0\n');
    expect(await readAll(csvReader, [molecules])).toMatchObject({
      kind: 'molecule',
      texts: ['CCO', 'c1ccccc1'],
      columns: { tpsa: [20.2, 0] },
    });
  });

  test('columns of one name are told apart, with a note', async () => {
    const source = folder.source('twice.csv', 'a,a,\n1,2,3\n');
    const { options, notes } = await csvReader.inspect([source], never);
    expect(options.columns?.map(({ name }) => name)).toEqual(['a', 'a (2)', 'column 3']);
    expect(notes.join()).toContain('Two columns are called "a"');
  });

  test('a column that the person chose is used, and must be there', async () => {
    const source = folder.source('chosen.csv', 'a,b\n1,x\n2,y\n');
    const columns = [
      { name: 'a', type: 'number', role: 'ignore' },
      { name: 'b', type: 'text', role: 'label' },
    ] as const;
    const read = await readAll(csvReader, [source], { options: { columns: [...columns] } });
    expect(read).toMatchObject({ labels: ['x', 'y'], columns: {} });
    await expect(readAll(csvReader, [source], { options: { columns: [columns[1]] } })).rejects.toThrow(
      'other columns than those chosen',
    );
  });

  test('a file of a different shape is a mismatch; train and test files give splits', async () => {
    const train = folder.source('set/train.csv', 'a,b\n1,x\n');
    const alike = folder.source('set/test.csv', 'a,b\n2,y\n');
    const other = folder.source('set/other.csv', 'a,c\n2,y\n');
    expect((await readAll(csvReader, [train, alike])).splits).toEqual([1, 3]);
    await expect(readAll(csvReader, [train, other])).rejects.toMatchObject({ code: 'data/mismatch' });
  });
});

describe('records that are left out', () => {
  test('each with its row and column; the rest goes on', async () => {
    const source = folder.source(
      'odd.csv',
      `a,b\n1,x\n${'2,y\n'.repeat(1000)}3\n1e999,x\n4,a\0b\nfive,x\n6,x,y\n7,z\n`,
    );
    const read = await readAll(csvReader, [source]);
    expect(read.columns['a']?.at(-1)).toBe(7);
    expect(read.names).toHaveLength(1002);
    expect(read.leftOut.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'data/bad-row: It has 1 columns where the table has 2.',
      'data/bad-row: "1e999" in its column "a" is beyond all numbers.',
      'data/bad-row: Its column "b" holds a zero byte.',
      'data/bad-row: "five" in its column "a" is not a number.',
      'data/bad-row: It has 3 columns where the table has 2.',
    ]);
    expect(read.leftOut[0]?.name).toBe('odd.csv:1002');
    expect((await csvReader.inspect([source], never)).notes.join()).toContain('5 records are left out');
  });
});

describe('reading on', () => {
  const text = `a,b,label\n${Array.from({ length: 1234 }, (_, i) => (i % 97 === 5 ? 'bad\n' : `${i},"v${i}\n",${i % 7}\n`)).join('')}`;

  test('after a stop at any chunk gives the same as one read', async () => {
    const source = folder.source('long.csv', text);
    const whole = await readAll(csvReader, [source]);
    const pieces = await readInPieces(csvReader, [source]);
    expect(pieces.names).toHaveLength(1234 - 13);
    expect(pieces.digest).toBe(whole.digest);
    expect(pieces.positions).toEqual(whole.positions);
  });

  test('a cancelled read stops', async () => {
    const source = folder.source('long.csv', text);
    const controller = new AbortController();
    controller.abort();
    await expect(readChunks(csvReader, [source], { signal: controller.signal })).rejects.toMatchObject({
      code: 'call/cancelled',
    });
  });

  test('a stop in the middle closes the file', async () => {
    const source = folder.source('long.csv', text);
    for await (const chunk of csvReader.open({
      sources: [source],
      options: {},
      position: 0,
      samplesPerChunk: 10,
      signal: never,
    })) {
      expect(chunk.content.samples).toBe(10);
      break;
    }
  });
});

describe('pictures named by a table', () => {
  const picture = (red: number): Uint8Array =>
    writePng({
      width: 4,
      height: 4,
      depth: 8,
      colour: 2,
      rows: Array.from({ length: 4 }, () => new Uint8Array(12).fill(red)),
    });
  const image = { height: 4, width: 4, fit: 'stretch', channels: 3 } as const;

  test('are decoded with label and split; what lies elsewhere is refused', async () => {
    folder.source('outside.png', picture(1));
    folder.source('photos/a.png', picture(10));
    folder.source('photos/sub/b.png', picture(20));
    symlinkSync(folder.path('outside.png'), folder.path('photos/link.png'));
    symlinkSync(folder.path('.'), folder.path('photos/up'));
    const named = [
      'a.png',
      'sub\\b.png',
      '../outside.png',
      'link.png',
      'up/outside.png',
      folder.path('outside.png'),
      'c.png',
      'sub',
      './a.png',
      'a.png',
    ];
    const rows = named.map((name, i) => `"${name}",${i % 2 === 0 ? 'x' : 'y'}\n`);
    const table = folder.source('photos/labels.csv', `file,label\n${rows.join('')}${rows[0]}${rows[0]}`);
    const inspection = await csvReader.inspect([table], never);
    expect(inspection).toMatchObject({ kind: 'image', samples: 12, sizes: { smallest: '4 x 4', areAllEqual: true } });
    const read = await readAll(csvReader, [table], { options: { ...inspection.options, image } });
    expect(read).toMatchObject({ kind: 'image', labels: ['x', 'y', 'x', 'y', 'x', 'x'] });
    expect(read.names).toEqual(['a.png', 'sub\\b.png', './a.png', 'a.png', 'a.png', 'a.png']);
    expect(read.leftOut.map(({ name, code }) => `${name.split('/').at(-1)} ${code}`)).toEqual([
      'outside.png data/bad-entry',
      'link.png file/not-regular',
      'outside.png file/not-regular',
      'outside.png data/bad-entry',
      'c.png file/missing',
      'sub file/not-regular',
    ]);
    const [chunk] = await readChunks(csvReader, [table], { options: { ...inspection.options, image } });
    const pixels = chunk?.content.tensors['images']?.data;
    expect([0, 48, 96].map((at) => (pixels instanceof Uint8Array ? pixels[at] : undefined))).toEqual([10, 20, 10]);
    const settings = { options: { ...inspection.options, image }, samplesPerChunk: 1 };
    expect((await readInPieces(csvReader, [table], settings)).digest).toBe(
      (await readAll(csvReader, [table], settings)).digest,
    );
  });

  test('among their pictures, also under the names of an unpacked archive', async () => {
    const pictures = [1, 2].map((k) => ({
      ...folder.source(`unpacked/0000${k}`, picture(k)),
      name: `set/img/${k}.png`,
    }));
    const table = {
      ...folder.source('unpacked/00003', 'image,label\nimg/1.png,one\nimg/2.png,two\n'),
      name: 'set/train.csv',
    };
    const sources = [...pictures, table];
    expect(csvReader.match(sources)).toBe(true);
    expect(csvReader.match(pictures)).toBe(false);
    const { options, notes } = await csvReader.inspect(sources, never);
    expect(notes.join()).not.toContain('passed over');
    const read = await readAll(csvReader, sources, { options: { ...options, image } });
    expect(read).toMatchObject({ names: ['img/1.png', 'img/2.png'], labels: ['one', 'two'], leftOut: [] });
  });
});
