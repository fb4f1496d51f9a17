/** What to say of sources that no reader takes. */
import { AppError } from '../../../contract/errors';
import type { SourceHead } from './reader';

/** Beginnings of files that are no data sets, and what to do with them. */
const known: readonly (readonly [magic: string, what: string])[] = [
  ['SQLite format 3\0', 'a database. Export the table as CSV or Parquet'],
  ['PK\x03\x04', 'an archive inside the archive. Unpack it first'],
  ['Rar!', 'a RAR archive. Unpack it, or pack it as zip'],
  ['7z\xbc\xaf', 'a 7z archive. Unpack it, or pack it as zip'],
  ['\x89HDF', 'an HDF5 file. Export it as Parquet or pictures'],
  ['\x93NUMPY', 'a NumPy array. Save it as CSV, IDX or pictures'],
  ['%PDF', 'a PDF'],
  ['\x7fELF', 'a program'],
  ['MZ', 'a program'],
];

const duckMagic = 'DUCK';
const duckMagicAt = 8;

/** `data/unsupported`, naming the first file and what it looks like. */
export function unsupported(sources: readonly SourceHead[]): AppError {
  const [first] = sources;
  const head = Buffer.from(first?.head ?? new Uint8Array(0)).toString('latin1');
  const isDuck = head.startsWith(duckMagic, duckMagicAt);
  const what = isDuck ? known[0]?.[1] : known.find(([magic]) => head.startsWith(magic))?.[1];
  const name = first?.name ?? 'This';
  return new AppError(
    'data/unsupported',
    what === undefined
      ? `${name} is not a data set that Duet can read: no pictures, no table, no text, no sound in it.`
      : `${name} is not a data set: it is ${what}.`,
    { name, files: sources.length },
  );
}
