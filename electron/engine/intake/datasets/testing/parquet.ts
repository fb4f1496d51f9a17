/** Parquet files made for tests: sound ones by hyparquet-writer, lying ones page by page. */
import { type FileMetaData, parquetMetadata } from 'hyparquet';
import { ByteWriter, parquetWriteBuffer } from 'hyparquet-writer';
import { writeMetadata } from 'hyparquet-writer/src/metadata.js';
import { concat } from '../../formats/picture';

/** A table of numbers, texts, yes and no and times, in groups of `rowGroupSize`. */
export function sampleTable(rows: number, rowGroupSize: number): Uint8Array {
  const data = Array.from({ length: rows }, (_, i) => i);
  const buffer = parquetWriteBuffer({
    columnData: [
      { name: 'whole', data: data.map((i) => (i % 7 === 3 ? null : BigInt(i))), type: 'INT64', nullable: true },
      { name: 'half', data: data.map((i) => i / 2), type: 'DOUBLE' },
      { name: 'words', data: data.map((i) => (i % 5 === 1 ? null : `v${i % 11}`)), type: 'STRING', nullable: true },
      { name: 'yes', data: data.map((i) => i % 2 === 0), type: 'BOOLEAN' },
      { name: 'time', data: data.map((i) => new Date(i * 1000)), type: 'TIMESTAMP' },
      { name: 'label', data: data.map((i) => `c${i % 3}`), type: 'STRING' },
    ],
    rowGroupSize,
  });
  return new Uint8Array(buffer);
}

/** Pictures and labels as Hugging Face writes them. */
export function pictureTable(
  pictures: readonly (Uint8Array | null)[],
  labels: readonly number[],
  names: readonly string[],
): Uint8Array {
  const features = { image: { _type: 'Image' }, label: { names, _type: 'ClassLabel' } };
  const buffer = parquetWriteBuffer({
    schema: [
      { name: 'schema', num_children: 2 },
      { name: 'image', num_children: 2, repetition_type: 'OPTIONAL' },
      { name: 'bytes', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL' },
      { name: 'path', type: 'BYTE_ARRAY', repetition_type: 'OPTIONAL', converted_type: 'UTF8' },
      { name: 'label', type: 'INT64', repetition_type: 'OPTIONAL' },
    ],
    columnData: [
      { name: 'image', data: pictures.map((bytes, i) => (bytes === null ? null : { bytes, path: `${i}.png` })) },
      { name: 'label', data: labels.map(BigInt) },
    ],
    kvMetadata: [{ key: 'huggingface', value: JSON.stringify({ info: { features } }) }],
  });
  return new Uint8Array(buffer);
}

/** The same file with another description. */
export function withMetadata(file: Uint8Array, change: (metadata: FileMetaData) => void): Uint8Array {
  const metadata = parquetMetadata(file);
  change(metadata);
  const writer = new ByteWriter();
  writeMetadata(writer, metadata);
  const length = metadata.metadata_length;
  return concat([file.subarray(0, file.length - 8 - length), writer.getBytes(), new TextEncoder().encode('PAR1')]);
}

interface PageClaims {
  unpacked: number;
  packed: number;
  values: number;
  encoding: number;
  body: Uint8Array;
}

/** A file of one column of whole numbers with one page that claims what it likes. */
export function onePage(
  rows: number,
  codec: 'UNCOMPRESSED' | 'SNAPPY',
  { unpacked, packed, values, encoding, body }: PageClaims,
): Uint8Array {
  const inner = [...field(1, 5, values), ...field(1, 5, encoding), ...field(1, 5, 3), ...field(1, 5, 3), 0];
  const header = [...field(1, 5, 0), ...field(1, 5, unpacked), ...field(1, 5, packed), 0x2c, ...inner, 0];
  const page = concat([Uint8Array.from(header), body]);
  const sound = new Uint8Array(
    parquetWriteBuffer({ columnData: [{ name: 'a', data: [1, 2], type: 'INT32', nullable: false }] }),
  );
  const base = concat([sound.subarray(0, 4), page, sound.subarray(footerAt(sound))]);
  return withMetadata(base, (metadata) => {
    metadata.num_rows = BigInt(rows);
    const [group] = metadata.row_groups;
    const chunk = group?.columns[0]?.meta_data;
    if (group === undefined || chunk === undefined) throw new Error('a column was expected');
    group.num_rows = BigInt(rows);
    delete chunk.dictionary_page_offset;
    Object.assign(chunk, {
      codec,
      data_page_offset: 4n,
      total_compressed_size: BigInt(page.length),
      num_values: BigInt(rows),
    });
  });
}

const footerAt = (file: Uint8Array): number => file.length - 8 - parquetMetadata(file).metadata_length;

/** A number of a struct: `step` is the distance from the field before. */
function field(step: number, type: number, value: number): number[] {
  let zigzag = value < 0 ? -2n * BigInt(value) - 1n : 2n * BigInt(value);
  const bytes = [(step << 4) | type];
  for (; zigzag > 127n; zigzag >>= 7n) bytes.push(Number(zigzag & 127n) | 128);
  return [...bytes, Number(zigzag)];
}
