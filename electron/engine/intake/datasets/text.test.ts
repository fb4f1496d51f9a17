/** Plain texts and lists of molecules: units, labels from folders, encodings, what is left out, reading on. */
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createSplitter } from './lines';
import { smilesReader } from './smiles';
import { smilesProblem } from './smiles-syntax';
import { utf8 } from './utf8';
import { textReader } from './text';
import { never, outcomeOf, readAll, readInPieces, testFolder } from './testing/sources';

const folder = testFolder();

describe('texts', () => {
  test('folders are labels, files are samples', async () => {
    const sources = [
      folder.source('spam/1.txt', 'buy\nnow'),
      folder.source('spam/2.md', 'cheap'),
      folder.source('ham/1.txt', Buffer.from('déjà', 'latin1')),
      folder.source('ham/2.txt', ''),
    ];
    const { options, classes, samples, notes } = await textReader.inspect(sources, never);
    expect({ options, classes, samples }).toEqual({
      options: { textUnit: 'file' },
      classes: [
        { name: 'ham', count: 1 },
        { name: 'spam', count: 2 },
      ],
      samples: 3,
    });
    expect(notes.join()).toContain('Latin-1');
    const read = await readAll(textReader, sources, { options });
    expect(read).toMatchObject({
      kind: 'text',
      names: ['spam/1.txt', 'spam/2.md', 'ham/1.txt'],
      labels: ['spam', 'spam', 'ham'],
      texts: ['buy\nnow', 'cheap', 'déjà'],
      leftOut: [{ name: 'ham/2.txt', code: 'data/bad-row' }],
    });
  });

  test('lines and paragraphs, proposed by their looks', async () => {
    const list = folder.source('names.txt', 'Anna\r\nBert\nCora\n');
    expect((await textReader.inspect([list], never)).options).toEqual({ textUnit: 'line' });
    expect((await readAll(textReader, [list])).texts).toEqual(['Anna', 'Bert', 'Cora']);
    const book = folder.source('book.txt.gz', gzipSync('One\ntwo.\n\n\nThree.\n \nFour\r\nfive'));
    expect((await textReader.inspect([book], never)).options).toEqual({ textUnit: 'paragraph' });
    expect(await readAll(textReader, [book])).toMatchObject({
      texts: ['One\ntwo.', 'Three.', 'Four\nfive'],
      names: ['book.txt.gz:1', 'book.txt.gz:5', 'book.txt.gz:7'],
    });
  });

  test('the header of Project Gutenberg is noted and kept', async () => {
    const text = '*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nCall me\n\nIshmael.\n';
    const source = folder.source('moby.txt', text);
    expect((await textReader.inspect([source], never)).notes.join()).toContain('Gutenberg');
    expect((await readAll(textReader, [source])).texts).toHaveLength(3);
  });

  test.each(['line', 'paragraph', 'file'] as const)(
    'reading on in units of a %s gives the same as one read',
    async (textUnit) => {
      const sources = [1, 2, 3].map((k) =>
        folder.source(
          `many/${k}.txt`,
          Array.from({ length: 333 }, (_, i) => (i % 5 === 0 ? '\n' : `line ${i * k}\n`)).join(''),
        ),
      );
      const settings = { options: { textUnit }, samplesPerChunk: textUnit === 'file' ? 1 : 50 };
      const whole = await readAll(textReader, sources, settings);
      expect((await readInPieces(textReader, sources, settings)).digest).toBe(whole.digest);
    },
  );

  test('lines do not depend on where the pieces are cut, and long ones are not kept', () => {
    const text = 'a\r\nbb\n\r\nccc\rd\r';
    const whole = createSplitter(100);
    const expected = [...whole.push(text), ...whole.end()];
    expect(expected).toEqual(['a', 'bb', '', 'ccc', 'd']);
    const single = createSplitter(100);
    expect(
      text
        .split(/(?:)/)
        .flatMap((letter) => single.push(letter))
        .concat(single.end()),
    ).toEqual(expected);
    const short = createSplitter(2);
    expect(
      'abc\nde\nfghij'
        .split(/(?:)/)
        .flatMap((letter) => short.push(letter))
        .concat(short.end()),
    ).toEqual([null, 'de', null]);
  });

  test('the encoding does not depend on where the pieces are cut', async () => {
    const bytes = Buffer.concat([
      Buffer.from('\ufeffäöü€😀'),
      Buffer.from('é x', 'latin1'),
      Buffer.from('ß'),
      Buffer.of(0xe2, 0x82),
    ]);
    const decode = async (size: number): Promise<string> => {
      const cut = async function* (): AsyncGenerator<Buffer> {
        await Promise.resolve();
        for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
      };
      const parts: Buffer[] = [];
      for await (const part of utf8(cut(), { encoding: 'UTF-8', mended: 0 })) parts.push(part);
      return Buffer.concat(parts).toString();
    };
    for (const size of [1, 2, 3, 5, 7, 100]) expect(await decode(size), `pieces of ${size}`).toBe('äöü€😀é xßâ‚');
  });
});

describe('molecules', () => {
  test.each([
    'C',
    'CCO',
    'c1ccccc1',
    'CC(=O)Oc1ccccc1C(=O)O',
    '[NH4+].[Cl-]',
    'C/C=C\\C',
    'N[C@@H](C)C(=O)O',
    '[13CH4]',
    'C1CC%10CC1CC%10',
    '[Cu+2]',
    '[Fe+++]',
    'C#N',
    'O=C1c2ccccc2C(=O)C1',
    '[nH]1cccc1',
    '[2H]O[2H]',
    'Clc1ccc(Br)cc1',
    '[O-][N+](=O)c1ccccc1',
    '[se]1cccc1',
    '*C',
    '[*:1]C',
    'C(C)(C)C',
    'C=1CCCCC=1',
  ])('%s is SMILES', (text) => {
    expect(smilesProblem(text)).toBeUndefined();
  });

  test.each([
    ['', 'it is empty'],
    ['C(', 'a branch is not closed'],
    ['C)', '")" at place 2 is not expected there'],
    ['C1CC', 'ring 1 is not closed'],
    ['[Xx]', '"Xx" is no element'],
    ['[C', 'the bracket at place 1 is no atom'],
    ['C=', 'it ends without an atom'],
    ['()C', '"(" at place 1 is not expected there'],
    ['C()', '")" at place 3 is not expected there'],
    ['hello', '"h" at place 1 is not expected there'],
    ['=C', '"=" at place 1 is not expected there'],
    ['C..C', '"." at place 3 is not expected there'],
  ])('%j is none', (text, problem) => {
    expect(smilesProblem(text)).toBe(problem);
  });

  test('a line of 20,000 brackets is none', () => {
    expect(smilesProblem('('.repeat(20_000))).toBe('it is longer than 10000 characters');
  });

  test('names, catalogue numbers and properties in the second column', async () => {
    const named = folder.source('named.smi', 'CCO\tethanol\nC methane\nx wrong\nc1ccccc1\n');
    expect(await readAll(smilesReader, [named])).toMatchObject({
      kind: 'molecule',
      names: ['ethanol', 'methane', 'named.smi:4'],
      texts: ['CCO', 'C', 'c1ccccc1'],
      leftOut: [{ name: 'wrong', code: 'data/bad-row' }],
    });
    const numbered = folder.source('numbered.smi', 'CCO 1\nC 2\n');
    expect((await readAll(smilesReader, [numbered])).names).toEqual(['1', '2']);
    const property = folder.source('property.smiles', 'SMILES tpsa\nCCO 20.2\nC 0.0\nCC 0.0\n');
    expect(await readAll(smilesReader, [property])).toMatchObject({
      texts: ['CCO', 'C', 'CC'],
      columns: { tpsa: [20.2, 0, 0] },
    });
  });

  test('a text whose lines are molecules is taken for them, a list of names is not', () => {
    const molecules = folder.source('list.txt', 'CC(=O)O\nc1ccccc1\nC=C\nN#N\nC1CC1\nCC(C)C\n');
    const names = folder.source('people.txt', 'Bob\nCon\nNick\nCosi\nIno\nSoP\n');
    expect(smilesReader.match([molecules])).toBe(true);
    expect(smilesReader.match([names])).toBe(false);
  });

  test('reading on gives the same as one read', async () => {
    const text = Array.from({ length: 500 }, (_, i) =>
      i % 40 === 7 ? 'C(\n' : `${'C'.repeat(1 + (i % 20))}O ${i / 4}\n`,
    ).join('');
    const source = folder.source('long.smi', text);
    expect((await readInPieces(smilesReader, [source])).digest).toBe((await readAll(smilesReader, [source])).digest);
    expect(await outcomeOf(smilesReader, [source])).toBe('487 samples, 13 left out');
  });
});
