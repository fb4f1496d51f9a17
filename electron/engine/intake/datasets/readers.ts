/** All readers of data set sources, in the order in which they are asked; the first that says yes reads. */
import { AppError } from '../../../contract/errors';
import type { ReaderName } from '../../../contract/samples';
import { csvReader } from './csv';
import { filesReader } from './files';
import type { DatasetReader, SourceHead } from './reader';
import { unsupported } from './unsupported';

const readers: readonly DatasetReader[] = [csvReader, filesReader];

/** Fails with `data/unsupported`, naming what the first file looks like. */
export function readerFor(sources: readonly SourceHead[], wanted?: ReaderName): DatasetReader {
  const found = readers.find((reader) => (wanted === undefined ? reader.match(sources) : reader.name === wanted));
  if (found !== undefined) return found;
  throw wanted === undefined
    ? unsupported(sources)
    : new AppError('data/unsupported', `There is no reader called "${wanted}" here.`, { reader: wanted });
}
