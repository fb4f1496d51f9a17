/** A sample in words: a line for a list, and all there is to know for the page of one sample. */
import type { Sample } from '../../contract/datasets';
import type { OpenDataset } from './open-dataset';

const lineChars = 200;
const textChars = 20_000;
const shownColumns = 50;
const decoder = new TextDecoder();

/** Samples in the order of `indices`. */
export async function describeSamples(dataset: OpenDataset, indices: readonly number[]): Promise<Sample[]> {
  const excerpts = await excerptsOf(dataset, indices);
  return indices.map((index, at) => plainSample(dataset, index, excerpts[at] ?? []));
}

function plainSample({ state, table }: OpenDataset, index: number, excerpt: string[]): Sample {
  return {
    index,
    name: table.name(index),
    label: state.labelOf(index),
    split: state.splitOf(index),
    isExcluded: state.excluded[index] === 1,
    isEdited: state.isEdited(index),
    isMarkedSynthetic: ((table.marks[index] ?? 0) & 1) === 1,
    excerpt,
  };
}

/** One list for each sample. */
async function excerptsOf(dataset: OpenDataset, indices: readonly number[]): Promise<string[][]> {
  const { kind } = dataset.manifest;
  if (kind === 'image') return indices.map(() => []);
  if (kind === 'row') return rowsOf(dataset, indices, shownColumns, lineChars);
  if (kind === 'sound' || kind === 'music') {
    return Promise.all(indices.map(async (index) => [await lengthOf(dataset, index)]));
  }
  // A character takes up to four bytes.
  const texts = await dataset.packs.values('text', indices, lineChars * 4);
  return texts.map((bytes) => [cut(oneLine(decoder.decode(bytes)), lineChars)]);
}

/** Values of the first `columns` columns. */
async function rowsOf(
  dataset: OpenDataset,
  indices: readonly number[],
  columns: number,
  chars: number,
): Promise<string[][]> {
  const rows: string[][] = indices.map(() => []);
  for (const [k, { type }] of dataset.manifest.columns.slice(0, columns).entries()) {
    if (type === 'number') {
      const numbers = await dataset.column(k);
      indices.forEach((index, at) => rows[at]?.push(numberText(numbers[index] ?? NaN)));
    } else {
      const texts = await dataset.packs.values(`column.${k}`, indices, chars * 4);
      texts.forEach((bytes, at) => rows[at]?.push(cut(oneLine(decoder.decode(bytes)), chars)));
    }
  }
  return rows;
}

async function lengthOf({ packs, manifest }: OpenDataset, index: number): Promise<string> {
  if (manifest.kind === 'sound') {
    const samples = (await packs.valueBytes('sound', index)) / 2;
    const { sampleRate } = manifest;
    return sampleRate === null ? `${samples} samples` : `${(samples / sampleRate).toFixed(2)} s`;
  }
  const notes = (await packs.valueBytes('notes', index)) / 16;
  return `${notes} ${notes === 1 ? 'note' : 'notes'}`;
}

export interface Fact {
  name: string;
  value: string;
}

/** Pairs to show beside a sample. */
export async function factsOf(dataset: OpenDataset, index: number): Promise<Fact[]> {
  const { manifest, table, packs } = dataset;
  const facts: Fact[] = [];
  if (manifest.kind === 'image') {
    const [height = 0, width = 0] = table.size.subarray(2 * index);
    const [red = 0, green = 0, blue = 0] = table.colour.subarray(3 * index);
    facts.push({ name: 'Original size', value: `${width} x ${height}` });
    const brightness = (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    facts.push({ name: 'Brightness', value: `${Math.round(brightness * 100)} %` });
    if (manifest.image?.channels === 3)
      facts.push({ name: 'Mean colour', value: `red ${red}, green ${green}, blue ${blue}` });
  } else if (manifest.kind === 'text' || manifest.kind === 'molecule') {
    facts.push({ name: 'Length', value: `${(await packs.valueBytes('text', index)).toLocaleString('en')} bytes` });
  } else if (manifest.kind !== 'row') {
    facts.push({ name: 'Length', value: await lengthOf(dataset, index) });
  }
  const [values = []] = await rowsOf(dataset, [index], manifest.columns.length, 1990);
  manifest.columns.forEach(({ name }, k) => facts.push({ name: cut(name, 290), value: values[k] ?? '' }));
  return facts;
}

/** The text of texts and molecules, cut where it gets too long; empty for others. */
export async function textOf({ manifest, packs }: OpenDataset, index: number): Promise<string> {
  if (manifest.kind !== 'text' && manifest.kind !== 'molecule') return '';
  return decoder.decode(await packs.value('text', index, textChars * 4)).slice(0, textChars);
}

/** sha256 of the sample's own bytes in the source. */
export function hashOf({ table }: OpenDataset, index: number): string {
  return Buffer.from(table.hash.subarray(32 * index, 32 * index + 32)).toString('hex');
}

const cut = (text: string, chars: number): string => (text.length > chars ? `${text.slice(0, chars)}…` : text);

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** As short as the number allows; empty where it is missing. */
function numberText(value: number): string {
  return Number.isNaN(value) ? '' : String(value);
}
