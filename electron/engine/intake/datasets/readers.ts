/** All readers of data set sources, in the order in which they are asked; the first that says yes reads. */
import { AppError } from '../../../contract/errors';
import type { ReaderName } from '../../../contract/samples';
import { csvReader } from './csv';
import { filesReader } from './files';
import { idxReader } from './idx';
import { jsonlReader } from './jsonl';
import { midiReader } from './midi';
import { parquetReader } from './parquet';
import type { DatasetReader, SourceHead } from './reader';
import { smilesReader } from './smiles';
import { textReader } from './text';
import { unsupported } from './unsupported';
import { wavReader } from './wav';

const readers: readonly DatasetReader[] = [
  idxReader,
  csvReader,
  parquetReader,
  jsonlReader,
  smilesReader,
  textReader,
  wavReader,
  midiReader,
  filesReader,
];

/** Fails with `data/unsupported`, naming what the first file looks like. */
export function readerFor(sources: readonly SourceHead[], wanted?: ReaderName): DatasetReader {
  const found = readers.find((reader) => (wanted === undefined ? reader.match(sources) : reader.name === wanted));
  if (found !== undefined) return found;
  throw wanted === undefined
    ? unsupported(sources)
    : new AppError('data/unsupported', `There is no reader called "${wanted}" here.`, { reader: wanted });
}
