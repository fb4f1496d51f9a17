/** What is known of each sample of a data set, in columns: loaded once for all parts when the data set is opened. */
import * as z from 'zod';
import { AppError } from '../../contract/errors';
import { readSafetensors } from '../../../models/tensor/safetensors';
import { naturally } from '../intake/list-files';
import type { ObjectStore } from '../storage/object-store';
import type { Part } from './manifest';
import { tableFormat } from './pack-writer';
import { toNumbers } from './tensor-file';

/** Columns of all parts, one after the other. `look`, `size`, `colour` and `marks` are empty where the kind has none. */
export interface SampleTable {
  readonly count: number;
  /** Class names as imported, over all parts, in natural order. */
  readonly classes: readonly string[];
  /** Index in `classes`, or -1. */
  readonly label: Int32Array;
  /** As the source gives it: 0 open, else 1 + index in `splitNames`. */
  readonly given: Uint8Array;
  /** As the import settled it: index in `splitNames`. */
  readonly drawn: Uint8Array;
  /** sha256 of each sample, 32 bytes each. */
  readonly hash: Uint8Array;
  /** Perceptual hash, 8 bytes each. */
  readonly look: Uint8Array;
  /** Original height and width. */
  readonly size: Int32Array;
  /** Mean red, green and blue. */
  readonly colour: Uint8Array;
  readonly marks: Uint8Array;
  /** Index of each part's first sample. */
  readonly starts: readonly number[];
  name(index: number): string;
  /** All names in small letters, for searching. */
  lowerNames(): readonly string[];
}

interface PartTable {
  readonly count: number;
  readonly labels: readonly string[];
  readonly columns: ReadonlyMap<string, Uint8Array>;
  readonly splits: Uint8Array;
  readonly nameEnds: Float64Array;
  readonly nameBytes: Uint8Array;
}

const empty = new Uint8Array(0);

export async function loadSampleTable(objects: ObjectStore, parts: readonly Part[]): Promise<SampleTable> {
  const tables = await Promise.all(parts.map((part) => loadPart(objects, part)));
  const count = tables.reduce((sum, table) => sum + table.count, 0);
  const classes = mergeClasses(tables);
  const starts: number[] = [];
  let next = 0;
  for (const table of tables) {
    starts.push(next);
    next += table.count;
  }
  const column = (name: string): Uint8Array => joined(tables.map(({ columns }) => columns.get(name) ?? empty));
  const names = new Names(tables, starts);
  return {
    count,
    classes,
    label: labelsOf(tables, classes, count),
    given: column('split'),
    drawn: joined(tables.map(({ splits }) => splits)),
    hash: column('hash'),
    look: column('look'),
    size: new Int32Array(column('size').buffer),
    colour: column('colour'),
    marks: column('marks'),
    starts,
    name: (index) => names.at(index),
    lowerNames: () => names.lower(count),
  };
}

async function loadPart(objects: ObjectStore, part: Part): Promise<PartTable> {
  const [bytes, splits] = await Promise.all([objects.read(part.samples), objects.read(part.splits)]);
  const { tensors, metadata } = readSafetensors(bytes);
  const labels = z.array(z.string()).safeParse(JSON.parse(metadata['labels'] ?? 'null'));
  if (metadata['format'] !== tableFormat || !labels.success || splits.length !== part.count) throw damaged(part);
  const columns = new Map<string, Uint8Array>();
  for (const [name, { dims, data }] of Object.entries(tensors)) {
    if (!name.startsWith('names.') && dims[0] !== part.count) throw damaged(part);
    if (ArrayBuffer.isView(data)) columns.set(name, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return {
    count: part.count,
    labels: labels.data,
    columns,
    splits,
    nameEnds: toNumbers(columns.get('names.offsets') ?? empty),
    nameBytes: columns.get('names.bytes') ?? empty,
  };
}

function damaged({ samples }: Part): AppError {
  return new AppError('workspace/damaged', 'The list of samples of a data set is damaged. Restore it from a backup.', {
    hash: samples,
  });
}

function mergeClasses(tables: readonly PartTable[]): readonly string[] {
  const [only] = tables;
  if (only !== undefined && tables.length === 1) return only.labels;
  return [...new Set(tables.flatMap(({ labels }) => labels))].sort(naturally);
}

function labelsOf(tables: readonly PartTable[], classes: readonly string[], count: number): Int32Array {
  const places = new Map(classes.map((name, index) => [name, index]));
  const all = new Int32Array(count);
  let at = 0;
  for (const { labels, columns } of tables) {
    const own = new Int32Array((columns.get('label') ?? empty).slice().buffer);
    const merged = labels.map((name) => places.get(name) ?? -1);
    for (const label of own) all[at++] = merged[label] ?? -1;
  }
  return all;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

/** Names are decoded when somebody looks at them. */
class Names {
  private readonly decoder = new TextDecoder();
  private lowered: string[] | undefined;

  constructor(
    private readonly tables: readonly PartTable[],
    private readonly starts: readonly number[],
  ) {}

  at(index: number): string {
    let part = this.starts.length - 1;
    while (part > 0 && (this.starts[part] ?? 0) > index) part--;
    const table = this.tables[part];
    const row = index - (this.starts[part] ?? 0);
    return this.decoder.decode(table?.nameBytes.subarray(table.nameEnds[row], table.nameEnds[row + 1]));
  }

  lower(count: number): readonly string[] {
    this.lowered ??= Array.from({ length: count }, (_, index) => this.at(index).toLowerCase());
    return this.lowered;
  }
}
