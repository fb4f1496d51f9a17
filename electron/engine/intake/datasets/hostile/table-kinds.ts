/** Good tables, texts, sounds and pieces of music, to be wounded by the fuzz. */
import { gzipSync } from 'node:zlib';
import { draw, quadrants, seeded } from '../../testing/pictures';
import { pictureTable, sampleTable } from '../testing/parquet';
import { scale, sine, writeMidi, writeWav } from '../testing/sounds';
import type { FuzzKind } from './fuzz-kind';

const utf16 = (text: string): Uint8Array => new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const files =
  (name: string, ...good: readonly Uint8Array[]): FuzzKind['files'] =>
  () =>
    Promise.resolve({ [name]: good });

function table(rows: number): string {
  const random = seeded(rows);
  const line = (i: number): string =>
    `${i},${random().toFixed(3)},"text ""${i}"", and more",${['x', 'y', 'z'][i % 3] ?? ''}`;
  return `id,size,remark,class\r\n${Array.from({ length: rows }, (_, i) => line(i)).join('\r\n')}\r\n`;
}

const prose = 'Überall ein paar Zeilen.\nUnd noch eine.\n\nEin zweiter Absatz, mit “Zeichen”.\n\n';
const objects = Array.from({ length: 30 }, (_, i) => ({
  a: i / 3,
  b: `v${i}`,
  c: [i, { d: null }],
  label: i % 3 === 0,
}));
const molecules =
  'CCO\tethanol\nc1ccccc1 benzene\nCC(=O)Oc1ccccc1C(=O)O aspirin\n[NH4+].[Cl-] salt\nC1CC2(C1)CC%10CC2C%10 rings\n';

async function parquets(): Promise<Uint8Array[]> {
  const picture = await draw(24, 16, 'png', quadrants('RGBW'));
  return [sampleTable(60, 25), pictureTable([picture, null, picture], [0, 1, 0], ['cat', 'dog']), sampleTable(5, 5)];
}

const tone = sine(440, 16_000, 200);

export const tableKinds: Readonly<Record<string, FuzzKind>> = {
  csv: {
    route: 'source',
    files: files(
      'a.csv',
      utf8(table(40)),
      utf16(table(10)),
      utf8('150,4,a,b\n1,2,3,4,0\n5,6,7,8,1\n'),
      utf8('a;b\n1,5;x\n2,25;y\n'),
    ),
  },
  'csv.gz': {
    route: 'source',
    files: files('a.csv.gz', utf8(table(40))),
    finish: (bytes) => new Uint8Array(gzipSync(bytes, { level: 1 })),
  },
  parquet: { route: 'source', files: async () => ({ 'a.parquet': await parquets() }) },
  jsonl: {
    route: 'source',
    files: files('a.json', utf8(JSON.stringify(objects)), utf8(objects.map((one) => JSON.stringify(one)).join('\n'))),
  },
  text: {
    route: 'source',
    files: files(
      'a.txt',
      utf8(prose.repeat(4)),
      utf16(prose),
      new Uint8Array(Buffer.from(prose, 'latin1')),
      utf8('Anna\nBert\nCora\n'),
    ),
  },
  smiles: { route: 'source', files: files('a.smi', utf8(molecules), utf8('SMILES tpsa\nCCO 20.2\nC 0.0\nCC 0.0\n')) },
  wav: {
    route: 'source',
    files: files(
      'a.wav',
      writeWav(tone),
      writeWav(tone, { bits: 24, channels: 2 }),
      writeWav(tone, { bits: 32, isFloat: true, rate: 44_100 }),
      writeWav(tone, { isExtensible: true, extra: new Uint8Array(9) }),
    ),
  },
  midi: {
    route: 'source',
    files: files(
      'a.mid',
      writeMidi([scale(60), scale(48)]),
      writeMidi([scale(72)], 96),
      writeMidi([[0, 0xff, 3, 2, 65, 66, 0, 0xf0, 1, 0xf7, ...scale(60)]]),
    ),
  },
};
