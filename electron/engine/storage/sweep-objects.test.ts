/** The sweep: what nothing names goes, whatever is named stays, and in doubt everything stays. */
import fc from 'fast-check';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test } from 'vitest';
import { type EditRecord, editRecordSchema } from '../datasets/edit-state';
import { listIds, type Manifest, writeManifest } from '../datasets/manifest';
import { listRevisions, sealRevision } from '../datasets/revision';
import { sweepRemoved } from '../datasets/sweep';
import { bundle, strikeEach } from './testing/child';
import { madeManifest } from './testing/made-workspace';
import { sweepObjects, type SweepOptions } from './sweep-objects';
import { verify } from './verify';
import { Workspace } from './workspace';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-sweep-'));
let root = '';
let workspace: Workspace;
let number = 0;

beforeEach(async () => {
  root = path.join(base, String(++number));
  workspace = await Workspace.open(root);
});
afterEach(() => workspace.close());
afterAll(() => rmSync(base, { recursive: true, force: true }));

const { signal } = new AbortController();
const sweep = (options: Partial<SweepOptions> = {}) =>
  sweepObjects(workspace, { isDryRun: false, inUse: () => [], isBusy: () => false, signal, ...options });
const put = (text: string) => workspace.objects.put(Buffer.from(text), 'bin');

async function reopen(): Promise<void> {
  await workspace.close();
  workspace = await Workspace.open(root);
}

async function made(which: number, change: Partial<Manifest> = {}): Promise<Manifest> {
  const manifest = { ...(await madeManifest(workspace, which)), ...change };
  await writeManifest(workspace.datasetsFolder, manifest);
  await workspace.index.upsertDataset(manifest.id);
  return manifest;
}

/** As the service does at the opening. */
async function openWithout(...ids: string[]): Promise<void> {
  await reopen();
  await sweepRemoved(workspace, ids);
}

async function clean(): Promise<void> {
  const { findings } = await verify(root, { signal, progress: () => undefined });
  expect(findings).toEqual([]);
}

test('the objects of a removed data set are freed after the next opening, those that another one has too stay', async () => {
  const first = await made(0);
  const second = await made(1);
  const [part] = first.parts;
  const third = { ...second, id: 'third', parts: [{ ...second.parts[0]!, samples: part!.samples }] };
  await writeManifest(workspace.datasetsFolder, third);
  await openWithout(first.id);
  expect(await sweep({ isDryRun: true })).toMatchObject({ objects: 2 });
  const { bytes } = await sweep();
  expect(bytes).toBe('pack 0 '.length * 50 + 'splits 0 '.length * 50);
  expect(await workspace.objects.has(part!.pack)).toBe(false);
  expect(await workspace.objects.has(part!.samples)).toBe(true);
  expect(await sweep()).toEqual({ objects: 0, bytes: 0 });
  await clean();
  expect(workspace.index.counts()).toMatchObject({ datasets: 2, objects: 4 });
  await reopen();
  expect(workspace.findings).toEqual([]);
});

test('a replaced report goes; what a job names, in its result or to work on, stays', async () => {
  const [old, done, given] = [await put('old report'), await put('done'), await put('given')];
  await made(0, { report: await put('new report') });
  await reopen();
  expect(await sweep({ inUse: () => [done, JSON.stringify({ from: given })] })).toMatchObject({ objects: 1 });
  expect(await workspace.objects.has(old)).toBe(false);
  await clean();
});

test('what was put in this session stays, also when it was there before', async () => {
  const before = await put('before');
  await reopen();
  const [fresh, again] = [await put('fresh'), await put('before')];
  const adopted = path.join(root, 'adopted');
  writeFileSync(adopted, 'adopted');
  const { hash } = await workspace.objects.adopt(adopted, 'bin');
  expect(await sweep()).toEqual({ objects: 0, bytes: 0 });
  for (const one of [fresh, again, before, hash]) expect(await workspace.objects.has(one)).toBe(true);
  // Not by its bytes, but by who has put it: another process's copy from elsewhere is nobody's to sweep either.
  const foreign = 'a'.repeat(64);
  mkdirSync(path.join(root, 'objects', 'aa'), { recursive: true });
  writeFileSync(path.join(root, 'objects', 'aa', `${foreign}.bin`), 'put back by a person');
  expect(await sweep()).toEqual({ objects: 0, bytes: 0 });
});

test('a data set that was removed in this session keeps everything: it may come back', async () => {
  await made(0, { isRemoved: true });
  await reopen();
  expect(await sweep()).toEqual({ objects: 0, bytes: 0 });
  await clean();
});

test('while a job is at work nothing goes; one that begins in between ends the sweep', async () => {
  const hashes = [await put('a'), await put('b'), await put('c')];
  await reopen();
  await expect(sweep({ isBusy: () => true })).rejects.toMatchObject({ code: 'job/bad-state' });
  let asked = 0;
  await expect(sweep({ isBusy: () => ++asked > 2 })).rejects.toMatchObject({ code: 'job/bad-state' });
  const left = await Promise.all(hashes.map((hash) => workspace.objects.has(hash)));
  expect(left.filter(Boolean)).toHaveLength(2);
  expect(await sweep()).toMatchObject({ objects: 2 });
  const stop = new AbortController();
  stop.abort();
  await expect(sweep({ signal: stop.signal })).rejects.toMatchObject({ code: 'call/cancelled' });
});

test('a workspace that is only read is not swept', async () => {
  await put('a');
  await workspace.close();
  workspace = await Workspace.open(root, { access: 'read' });
  await expect(sweep()).rejects.toMatchObject({ code: 'workspace/read-only' });
});

const at = (name: string) => path.join(root, name);
const own = 'datasets/tissue-slides-0';
const hex = 'b'.repeat(64);

const damage: Record<string, { file: string; make: (manifest: Manifest) => void }> = {
  'a damaged manifest': { file: `${own}/dataset.json`, make: () => writeFileSync(at(`${own}/dataset.json`), '{"for') },
  'a lost manifest': { file: `${own}/dataset.json`, make: () => rmSync(at(`${own}/dataset.json`)) },
  'a damaged revision': {
    file: `${own}/revisions/${hex}.json`,
    make: () => writeFileSync(at(`${own}/revisions/${hex}.json`), '{"format":1'),
  },
  'a damaged line of edits': {
    file: `${own}/edits.jsonl`,
    make: () => appendFileSync(at(`${own}/edits.jsonl`), '["0123456789abcdef",{"parts":1}]\n'),
  },
  'lines kept aside': {
    file: `${own}/edits.jsonl.damaged-1`,
    make: () => writeFileSync(at(`${own}/edits.jsonl.damaged-1`), ''),
  },
  'lines of the queue kept aside': {
    file: 'jobs/journal.jsonl.damaged-1',
    make: () => writeFileSync(at('jobs/journal.jsonl.damaged-1'), ''),
  },
  'a link to a data set elsewhere': {
    file: 'datasets/elsewhere',
    make: () => symlinkSync(base, at('datasets/elsewhere')),
  },
  'a manifest that names what is not there': {
    file: `objects/${hex.slice(0, 2)}/${hex}`,
    make: (manifest) => {
      const json = JSON.stringify({ ...manifest, report: hex });
      writeFileSync(at(`${own}/dataset.json`), json);
    },
  },
};

test.each(Object.keys(damage))('%s: nothing is deleted, and it is said why', async (what) => {
  const manifest = await made(0);
  await sealed(manifest, [0]);
  await edited(manifest, null);
  await put('unnamed');
  await reopen();
  damage[what]!.make(manifest);
  const { file } = damage[what]!;
  await expect(sweep()).rejects.toMatchObject({
    code: expect.stringMatching(/^workspace\/(damaged|missing)$/) as string,
    message: expect.stringContaining(`Nothing was swept, because ${file} `) as string,
    details: { file },
  });
  expect(workspace.index.counts().objects).toBe(5);
  expect(await workspace.objects.has(manifest.parts[0]!.pack)).toBe(true);
});

function sealed(manifest: Manifest, labels: number[]): Promise<string> {
  const content = {
    packs: manifest.parts.map(({ pack }) => pack),
    classes: ['healthy', 'ill'],
    label: Int32Array.from(labels),
    split: new Uint8Array(labels.length),
    excluded: new Uint8Array(labels.length),
  };
  const folder = path.join(workspace.datasetsFolder, manifest.id);
  return sealRevision(folder, workspace.objects, manifest, content, { note: '', at: 0 });
}

async function edited({ id }: Manifest, drawn: string | null): Promise<void> {
  const plan: NonNullable<EditRecord['patch']['plan']> = {
    plan: { method: 'stratified', seed: 1, validation: 0.1, test: 0.1 },
    drawn,
  };
  const { journal } = await workspace.openJournal(`datasets/${id}/edits.jsonl`, editRecordSchema);
  await journal.append({ parts: 1, what: 'Splits drawn anew', patch: { plan } });
  await journal.close();
}

/** Which of ten objects is what in one data set. */
const place = fc.integer({ min: 0, max: 9 });
const shape = fc.record({
  parts: fc.array(fc.tuple(place, place, place), { minLength: 1, maxLength: 3 }),
  report: fc.option(place),
  drawn: fc.array(place, { maxLength: 2 }),
  isSealed: fc.boolean(),
  /** The sealed revision is of what the data set no longer names. */
  sealedParts: fc.array(fc.tuple(place, place, place), { minLength: 1, maxLength: 2 }),
  isRemoved: fc.boolean(),
});

test('whatever data sets, revisions and edits name, of any sets of them, stays; all else goes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(shape, { maxLength: 4 }), async (shapes) => {
      await workspace.close();
      root = path.join(base, String(++number));
      workspace = await Workspace.open(root);
      const pool = await Promise.all(Array.from({ length: 10 }, (_, one) => put(`object ${one}`)));
      const expected = new Set<string>();
      const removed: string[] = [];
      for (const [which, { parts, report, drawn, isSealed, sealedParts, isRemoved }] of shapes.entries()) {
        const start = await madeManifest(workspace, which);
        const partOf = ([pack, samples, splits]: [number, number, number]) => ({
          ...{ ...start.parts[0]!, pack: pool[pack]!, samples: pool[samples]!, splits: pool[splits]! },
        });
        const manifest = { ...start, parts: parts.map(partOf), report: report === null ? null : pool[report]! };
        await writeManifest(workspace.datasetsFolder, { ...manifest, isRemoved });
        for (const one of drawn) await edited(manifest, pool[one]!);
        const before = { ...manifest, parts: sealedParts.map(partOf) };
        if (isSealed) await sealed(before, [which]);
        if (isRemoved) removed.push(manifest.id);
        else {
          for (const { pack, samples, splits } of manifest.parts)
            [pack, samples, splits].forEach((h) => expected.add(h));
          if (manifest.report !== null) expected.add(manifest.report);
          drawn.forEach((one) => expected.add(pool[one]!));
          if (isSealed) for (const { pack, samples } of before.parts) [pack, samples].forEach((h) => expected.add(h));
        }
      }
      await openWithout(...removed);
      await sweep();
      const folders = await listIds(workspace.datasetsFolder);
      for (const id of folders) {
        for (const { columns } of await listRevisions(path.join(workspace.datasetsFolder, id)))
          expect(await workspace.objects.has(columns)).toBe(true);
      }
      expect(folders).toHaveLength(shapes.length - removed.length);
      const left = await Promise.all(pool.map((hash) => workspace.objects.has(hash)));
      expect(pool.filter((_, one) => left[one])).toEqual(pool.filter((hash) => expected.has(hash)));
      await clean();
    }),
    { numRuns: 40, seed: 11 },
  );
});

test('a second copy of a manifest, and what a later Duet writes beside, count too', async () => {
  const [copy, later, gone] = [await put('copy'), await put('later'), await put('gone')];
  const manifest = await made(0);
  writeFileSync(at(`${own}/dataset (1).json`), JSON.stringify({ ...manifest, report: copy }));
  mkdirSync(at('models'));
  writeFileSync(at('models/mine.json'), JSON.stringify({ data: later }));
  await reopen();
  expect(await sweep()).toMatchObject({ objects: 1 });
  for (const [hash, isThere] of [
    [copy, true],
    [later, true],
    [gone, false],
  ] as const)
    // prettier-ignore
    expect(await workspace.objects.has(hash)).toBe(isThere);
});

test('killed at every deletion, what is named is there, and the next sweep ends it', async () => {
  const bundled = bundle('sweep', 'workspace.ts', 'sweep-objects.ts', '../datasets/sweep.ts');
  let kept: Manifest | undefined;
  const prepare = async (): Promise<void> => {
    kept = await made(0);
    const gone = await made(1, { isRemoved: true });
    await sealed(gone, [1]);
    await workspace.close();
  };
  await prepare();
  const template = root;
  const strikes = strikeEach(['rename', 'unlink', 'unlinkat', 'rmdir'], 'signal=KILL', {
    prepare: () => {
      root = path.join(base, String(++number));
      cpSync(template, root, { recursive: true });
    },
    script: () => `
      import { Workspace, sweepRemoved, sweepObjects } from ${bundled.module};
      const workspace = await Workspace.open(${JSON.stringify(root)});
      if (workspace.index.counts().datasets > 1) await sweepRemoved(workspace, ['tissue-slides-1']);
      const { signal } = new AbortController();
      await sweepObjects(workspace, { isDryRun: false, inUse: () => [], isBusy: () => false, signal });
      await workspace.close();`,
    check: ({ ended }) => {
      expect(ended.err).toBe('');
      for (const hash of [kept!.parts[0]!.pack, kept!.parts[0]!.samples, kept!.parts[0]!.splits])
        expect(existsSync(at(`objects/${hash.slice(0, 2)}/${hash}.safetensors`))).toBe(true);
    },
  });
  bundled.remove();
  expect(strikes).toBeGreaterThan(6);
  workspace = await Workspace.open(root);
  expect(await sweep()).toMatchObject({ objects: 0 });
  await clean();
}, 120_000);
