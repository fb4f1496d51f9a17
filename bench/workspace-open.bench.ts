/** Opening a workspace with 100,000 images in 20 data sets and 1,000 ended jobs: closed in order, killed, and only to look. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { writeManifest } from '../electron/engine/datasets/manifest';
import { jobEventSchema, type JobEvent } from '../electron/engine/jobs/events';
import { openJobs } from '../electron/engine/jobs/open-jobs';
import { Workspace } from '../electron/engine/storage/workspace';
import { indexJobs } from '../electron/engine/workspace-handlers';

const [datasets, imagesEach, runs, rounds] = [20, 5000, 1000, 7];
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-bench-workspace-'));
const root = path.join(base, 'Duet');

/** Bytes that no two data sets share, made without keeping a random generator's promise: only their number matters. */
function bytesFor(what: string, length: number): Buffer {
  const block = createHash('sha512').update(what).digest();
  return Buffer.alloc(length, block);
}

async function addDataset({ objects, datasetsFolder }: Workspace, number: number): Promise<void> {
  const put = (what: string, length: number): Promise<string> =>
    objects.put(bytesFor(`${what} ${number}`, length), 'safetensors');
  const part = {
    pack: await put('pack', imagesEach * 28 * 28),
    samples: await put('samples', imagesEach * 60),
    thumbs: null,
    splits: await put('splits', imagesEach),
    leftOut: null,
    leftOutCount: 0,
    count: imagesEach,
    bytes: imagesEach * 845,
    job: `j${number}`,
  };
  await writeManifest(datasetsFolder, {
    format: 1,
    id: `data-set-${number}`,
    title: `Data set ${number}`,
    kind: 'image',
    origin: 'real',
    createdAt: number,
    parts: [part],
    classes: Array.from({ length: 50 }, (_, i) => `class ${i}`),
    classCount: 50,
    plan: { method: 'given', seed: 1, validation: 0.1, test: 0.1 },
    image: { height: 28, width: 28, fit: 'crop', channels: 1 },
    columns: [],
    sampleRate: null,
    provenance: '',
    licence: '',
    report: null,
    toLookAt: null,
    isRemoved: false,
  });
}

/** What a job leaves in the journal: its begin, twenty slices, its end. */
function eventsOf(number: number): JobEvent[] {
  const id = `j${number.toString(36)}`;
  const soFar = (done: number) => ({ id, progress: { done, total: 20, unit: 'images' }, workedMs: done * 100 });
  return [
    {
      event: 'added',
      id,
      at: number,
      kind: 'dataset.import',
      title: `Import ${number}`,
      parameters: { id: `data-set-${number % datasets}` },
      inputs: [],
      seed: 0,
      key: `key ${number}`,
      expected: null,
    },
    { event: 'started', id },
    ...Array.from({ length: 20 }, (_, i): JobEvent => ({ event: 'slice', ...soFar(i + 1) })),
    { event: 'done', ...soFar(20), at: number, result: { summary: '5,000 images', files: [] } },
  ];
}

async function make(): Promise<void> {
  const workspace = await Workspace.open(root);
  for (let number = 0; number < datasets; number++) await addDataset(workspace, number);
  const { journal } = await workspace.openJournal('jobs/journal.jsonl', jobEventSchema);
  const events = Array.from({ length: runs }, (_, number) => eventsOf(number)).flat();
  await Promise.all(events.map((event) => journal.append(event)));
  await workspace.close();
}

/** As the engine does it: workspace, journal of the queue, index of both. */
async function open(access: 'read' | 'write'): Promise<{ ms: number; counts: string; close: () => Promise<void> }> {
  const begin = performance.now();
  const workspace = await Workspace.open(root, { access });
  const jobs = await openJobs(workspace, () => performance.now());
  indexJobs(workspace.index, jobs);
  const ms = performance.now() - begin;
  return {
    ms,
    counts: JSON.stringify(workspace.index.counts()),
    close: async () => {
      await jobs.close('keep');
      await workspace.close();
    },
  };
}

async function measure(name: string, access: 'read' | 'write', before: () => void): Promise<void> {
  const times: number[] = [];
  let counts = '';
  for (let round = 0; round < rounds; round++) {
    before();
    const opened = await open(access);
    times.push(opened.ms);
    ({ counts } = opened);
    await opened.close();
  }
  times.sort((a, b) => a - b);
  const [fastest = 0, median = 0] = [times[0], times[Math.floor(rounds / 2)]];
  console.log(`${name}: median ${median.toFixed(0)} ms, fastest ${fastest.toFixed(0)} ms (${counts})`);
}

try {
  await make();
  await measure('closed in order', 'write', () => undefined);
  await measure('killed, or the index deleted', 'write', () => rmSync(path.join(root, 'index.seal'), { force: true }));
  const damaged = (): void => cpSync(path.join(root, 'duet.json'), path.join(root, 'index.sqlite'));
  await measure('the index damaged', 'write', damaged);
  await measure('only to look', 'read', () => undefined);
} finally {
  rmSync(base, { recursive: true, force: true });
}
