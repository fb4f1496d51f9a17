/** What the index holds: one row for each thing in the workspace, as it is found in the files. */
import { createHash } from 'node:crypto';
import * as z from 'zod';

/** Tables and their columns; the first is the key. Each row also carries a checksum over all of them. */
export const tables = {
  datasets: ['id', 'title', 'kind', 'origin', 'samples', 'classes', 'bytes', 'created_at', 'is_removed', 'stamp'],
  revisions: ['key', 'dataset', 'hash'],
  needs: ['key', 'dataset', 'hash'],
  objects: ['hash', 'name', 'bytes', 'kind'],
  jobs: ['id', 'kind', 'title', 'state', 'added_at', 'ended_at'],
  models: ['id', 'bytes', 'stamp'],
} as const;
export type Table = keyof typeof tables;
export const tableNames: readonly Table[] = ['datasets', 'revisions', 'needs', 'objects', 'jobs', 'models'];

export type Value = string | number | null;
/** Values in the order of the table's columns. */
export type Row = readonly Value[];

export interface DatasetRow {
  id: string;
  title: string;
  kind: string;
  origin: string;
  samples: number;
  classes: number;
  bytes: number;
  createdAt: number;
  isRemoved: boolean;
  /** Changes whenever the files change that this was read from. */
  stamp: string;
  /** Hashes of its sealed revisions. */
  revisions: readonly string[];
  /** Objects without which it cannot be read. */
  needs: readonly string[];
}

export interface ObjectRow {
  hash: string;
  /** File name, with the extension. */
  name: string;
  bytes: number;
}

export interface JobRow {
  id: string;
  kind: string;
  title: string;
  state: string;
  addedAt: number;
  endedAt: number | null;
}

export interface ModelRow {
  id: string;
  bytes: number;
  stamp: string;
}

/** All rows of a data set, table by table. */
export function datasetRows(row: DatasetRow): { datasets: Row; revisions: Row[]; needs: Row[] } {
  const { id, title, kind, origin, samples, classes, bytes, createdAt, isRemoved, stamp } = row;
  const belonging = (hashes: readonly string[]): Row[] =>
    [...new Set(hashes)].map((hash) => [`${id}/${hash}`, id, hash]);
  return {
    datasets: [id, title, kind, origin, samples, classes, bytes, createdAt, isRemoved ? 1 : 0, stamp],
    revisions: belonging(row.revisions),
    needs: belonging(row.needs),
  };
}

export function objectRow({ hash, name, bytes }: ObjectRow): Row {
  return [hash, name, bytes, name.slice(name.indexOf('.') + 1)];
}

export function jobRow({ id, kind, title, state, addedAt, endedAt }: JobRow): Row {
  return [id, kind, title, state, addedAt, endedAt];
}

export function modelRow({ id, bytes, stamp }: ModelRow): Row {
  return [id, bytes, stamp];
}

const valueSchema = z.union([z.string(), z.number(), z.null()]);
const recordSchema = z.record(z.string(), z.unknown());

/** A row as SQLite gave it, or undefined when it is not what was once written. */
export function checkedRow(table: Table, found: unknown): Row | undefined {
  const record = recordSchema.safeParse(found);
  if (!record.success) return undefined;
  const values = z.array(valueSchema).safeParse(tables[table].map((column) => record.data[column]));
  return values.success && record.data['sum'] === sumOf(table, values.data) ? values.data : undefined;
}

/** SQLite finds a damaged page, but not a damaged letter in a title. */
export function sumOf(table: Table, row: Row): string {
  return createHash('sha256')
    .update(JSON.stringify([table, ...row]))
    .digest('base64')
    .slice(0, 12);
}
