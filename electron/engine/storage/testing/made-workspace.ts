/** A workspace with data sets, jobs and models in it, as tests need one: small, seeded, true to the formats. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Manifest, writeManifest } from '../../datasets/manifest';
import type { Workspace } from '../workspace';

/** Fills an open, writable workspace; gives the hashes of all objects. */
export async function fill(workspace: Workspace, datasets: number): Promise<string[]> {
  const hashes: string[] = [];
  for (let number = 0; number < datasets; number++) {
    const manifest = await madeManifest(workspace, number);
    await writeManifest(workspace.datasetsFolder, manifest);
    hashes.push(...manifest.parts.flatMap(({ pack, samples, splits }) => [pack, samples, splits]));
    await workspace.index.upsertDataset(manifest.id);
  }
  const models = path.join(workspace.root, 'models');
  mkdirSync(models, { recursive: true });
  writeFileSync(path.join(models, 'colours.onnx'), 'a model');
  await workspace.index.rebuild();
  return hashes;
}

export async function madeManifest({ objects }: Workspace, number: number): Promise<Manifest> {
  const put = (what: string): Promise<string> =>
    objects.put(Buffer.from(`${what} ${number} `.repeat(50)), 'safetensors');
  const part = {
    pack: await put('pack'),
    samples: await put('samples'),
    thumbs: null,
    splits: await put('splits'),
    leftOut: null,
    leftOutCount: 0,
    count: 2000,
    bytes: 1500,
    job: `j${number}`,
  };
  return {
    format: 1,
    id: `tissue-slides-${number}`,
    title: `Tissue slides ${number}`,
    kind: 'image',
    origin: 'real',
    createdAt: 1_700_000_000_000 + number,
    parts: [part],
    classes: ['healthy', 'ill'],
    classCount: 2,
    plan: { method: 'stratified', seed: number, validation: 0.1, test: 0.1 },
    image: { height: 28, width: 28, fit: 'crop', channels: 1 },
    columns: [],
    sampleRate: null,
    provenance: 'made for a test',
    licence: 'CC0-1.0',
    report: null,
    toLookAt: null,
    isRemoved: false,
  };
}
