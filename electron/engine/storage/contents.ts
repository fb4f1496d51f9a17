/** What lies in the workspace, read from the files alone: the truth that the index follows. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { listIds, manifestFile, objectsOf, readManifest } from '../datasets/manifest';
import { isMissing } from './durable-write';
import type { DatasetRow, ModelRow, ObjectRow } from './index-rows';
import { hashInName } from './objects';

/** Which things there are, and a stamp of each that changes with its files: quick, for nothing is opened. */
export interface Survey {
  datasets: Map<string, string>;
  /** File names by hash. */
  objects: Map<string, string>;
  models: Map<string, ModelRow>;
}

export async function survey(root: string): Promise<Survey> {
  const [datasets, objects, models] = await Promise.all([datasetStamps(root), objectNames(root), modelRows(root)]);
  return { datasets, objects, models };
}

export async function readDataset(root: string, id: string, stamp: string): Promise<DatasetRow> {
  const folder = path.join(root, 'datasets');
  const manifest = await readManifest(folder, id);
  const { title, kind, origin, parts, classCount, createdAt, isRemoved } = manifest;
  const samples = parts.reduce((sum, { count }) => sum + count, 0);
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  const revisions = (await namesIn(path.join(folder, id, 'revisions'))).flatMap((name) =>
    /^[0-9a-f]{64}\.json$/.test(name) ? [name.slice(0, 64)] : [],
  );
  const needs = objectsOf(manifest);
  return {
    id,
    title,
    kind,
    origin,
    samples,
    classes: classCount,
    bytes,
    createdAt,
    isRemoved,
    stamp,
    revisions,
    needs,
  };
}

export async function readObject(root: string, hash: string, name: string): Promise<ObjectRow> {
  const { size } = await stat(path.join(root, 'objects', hash.slice(0, 2), name));
  return { hash, name, bytes: size };
}

/** Undefined without a manifest: there is no data set yet, its import was killed or is under way. */
export async function datasetStamp(root: string, id: string): Promise<string | undefined> {
  const folder = path.join(root, 'datasets');
  const manifest = await stampOf(manifestFile(folder, id));
  if (manifest === undefined) return undefined;
  return `${manifest} ${(await stampOf(path.join(folder, id, 'revisions'))) ?? ''}`;
}

/** The file names of those objects that are there, by hash. */
export async function namesOfObjects(root: string, hashes: Iterable<string>): Promise<Map<string, string>> {
  const names = new Map<string, string>();
  for (const hash of new Set(hashes)) {
    const found = await namesIn(path.join(root, 'objects', hash.slice(0, 2)));
    const name = found.find((one) => hashInName(one) === hash);
    if (name !== undefined) names.set(hash, name);
  }
  return names;
}

async function datasetStamps(root: string): Promise<Map<string, string>> {
  const folder = path.join(root, 'datasets');
  const stamps = new Map<string, string>();
  for (const id of await listIds(folder)) {
    const stamp = await datasetStamp(root, id);
    if (stamp !== undefined) stamps.set(id, stamp);
  }
  return stamps;
}

/** File names of all objects, by hash. */
export async function objectNames(root: string): Promise<Map<string, string>> {
  const folder = path.join(root, 'objects');
  const names = new Map<string, string>();
  for (const prefix of await namesIn(folder)) {
    if (!/^[0-9a-f]{2}$/.test(prefix)) continue;
    for (const name of await namesIn(path.join(folder, prefix))) {
      const hash = hashInName(name);
      if (hash?.startsWith(prefix) === true) names.set(hash, name);
    }
  }
  return names;
}

async function modelRows(root: string): Promise<Map<string, ModelRow>> {
  const folder = path.join(root, 'models');
  const models = new Map<string, ModelRow>();
  for (const name of await namesIn(folder)) {
    if (!name.endsWith('.onnx')) continue;
    const file = path.join(folder, name);
    const stamp = await stampOf(file);
    if (stamp === undefined) continue;
    const id = name.slice(0, -'.onnx'.length);
    models.set(id, { id, bytes: (await stat(file)).size, stamp });
  }
  return models;
}

async function stampOf(file: string): Promise<string | undefined> {
  const stats = await stat(file).catch(() => undefined);
  return stats === undefined ? undefined : `${stats.mtimeMs} ${stats.size} ${stats.ino}`;
}

/** Names in a folder; none where there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
