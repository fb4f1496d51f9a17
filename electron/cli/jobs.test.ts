/** `duet jobs` on a real engine in this process: what it shows, changes, works on, and with which exit code it ends. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { connect } from '../contract/client';
import { hostContract } from '../contract/host';
import type { JobView } from '../contract/jobs';
import { pageContract } from '../contract/page';
import { serve } from '../contract/server';
import { memoryPair } from '../contract/transport';
import { computeContract, intakeContract } from '../contract/workers';
import { computeHandlers } from '../engine/compute/service';
import { createEngine } from '../engine/engine';
import { intakeHandlers } from '../engine/intake/service';
import { openJobs } from '../engine/jobs/open-jobs';
import { Workspace } from '../engine/storage/workspace';
import { createInlineHost } from '../hosts/inline-host';
import type { NodeEngine } from '../hosts/node-engine';
import type { EngineRequest } from './engine-use';
import { run } from './run';
import { Terminal } from './terminal';

const root = path.join(import.meta.dirname, '..', '..');
const base = mkdtempSync(path.join(os.tmpdir(), 'duet-cli-jobs-'));
let workspace = '';
let number = 0;
beforeEach(() => (workspace = path.join(base, String(++number))));
afterAll(() => rmSync(base, { recursive: true, force: true }));

const now = () => performance.now();
const host = createInlineHost({
  intake: (transport) => {
    const server = serve(
      intakeContract,
      transport,
      intakeHandlers({
        found: (event) => server.emit('found', event),
        chunk: (event) => server.emit('chunk', event),
      }),
    );
    return () => server.dispose();
  },
  compute: (transport) => {
    const handlers = computeHandlers({ threads: 2, now });
    const server = serve(computeContract, transport, handlers);
    return () => {
      server.dispose();
      void handlers.dispose();
    };
  },
});

/** An engine for one command, without a process of its own. */
async function startEngine(request: EngineRequest): Promise<NodeEngine> {
  const engine = await createEngine({
    start: {
      workspace,
      assets: path.join(root, 'assets'),
      temporary: path.join(base, 'temporary'),
      version: 'test',
      runtime: 'test',
      isTestRuntime: false,
      device: 'auto',
      showSamples: false,
      decoders: 1,
      access: request.access,
      runsJobs: request.runsJobs ?? false,
    },
    host,
    onnxruntimeVersion: 'test',
    now,
    log: () => undefined,
  });
  const [ours, theirs] = memoryPair();
  engine.attachStudio(theirs);
  const [hostOurs, hostTheirs] = memoryPair();
  engine.attachHost(hostTheirs);
  const client = connect(hostContract, hostOurs);
  return {
    studio: connect(pageContract, ours),
    host: client,
    pid: undefined,
    onExit: () => () => undefined,
    stop: async () => {
      await client.call('engine.stop', {});
    },
  };
}

async function duet(line: string, signal = new AbortController().signal) {
  const [out, err]: [string[], string[]] = [[], []];
  const stream = (texts: string[]) => ({ write: (text: string) => texts.push(text) > 0 });
  const terminal = new Terminal({ out: stream(out), err: stream(err), wantsColour: false });
  const code = await run(line.split(' '), { terminal, startEngine, signal, version: 'test', now });
  return { code, out: out.join(''), err: err.join('') };
}

const json = (text: string): JobView[] =>
  text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as JobView]));

/** A workspace with jobs that an earlier session left: one done, one that failed, and those that wait. */
async function leave(...waiting: string[]): Promise<Record<string, string>> {
  const opened = await Workspace.open(workspace);
  const queue = await openJobs(opened, now);
  queue.register({
    kind: 'workspace.backup',
    lane: 'disk',
    // Too much for the kind that the engine itself has.
    parameters: z.strictObject({ isGood: z.boolean(), notForDuet: z.literal(true) }),
    run: ({ parameters, log }) => {
      log('looking');
      return parameters.isGood
        ? Promise.resolve({ summary: '12 files', files: [] })
        : Promise.reject(new Error('no such disk'));
    },
  });
  const ids: Record<string, string> = {};
  const add = async (title: string, isGood: boolean) => {
    const parameters = { isGood, notForDuet: true };
    ids[title] = (
      await queue.add({ kind: 'workspace.backup', title, parameters, inputs: [], seed: 0, nonce: title })
    ).id;
  };
  const ended = new Promise<void>((resolve) => {
    let left = 2;
    queue.ended.add(() => --left === 0 && resolve());
  });
  queue.start();
  await add('good', true);
  await add('bad\u001b[2J', false);
  await ended;
  await queue.pauseAll();
  for (const title of waiting) await add(title, true);
  await queue.close('keep');
  await opened.close();
  return ids;
}

test('list and show tell everything, one object a line, and nothing in a title steers the terminal', async () => {
  const ids = await leave('a', 'b');
  const { code, out, err } = await duet('jobs list --json');
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(json(out).map(({ title, state, position }) => [title, state, position])).toEqual([
    ['a', 'waiting', 0],
    ['b', 'waiting', 1],
    ['bad\u001b[2J', 'failed', null],
    ['good', 'done', null],
  ]);
  const table = await duet('jobs list');
  expect(table.err).toBe('The queue is paused. Let it go on: duet jobs resume\n');
  expect(table.out).toMatch(/^id +state +progress +left +title\n/);
  expect(table.out).toContain('bad\\u{1b}[2J');
  expect(table.out).not.toContain('\u001b');
  const shown = await duet(`jobs show ${ids['good']!.slice(0, 9)}`);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/^good\n/);
  expect(shown.out).toMatch(/state +done\n/);
  expect(shown.out).toMatch(/result +12 files\n/);
  expect(shown.out).toMatch(/Log\n.*Started\.\n.*looking\n.*Done: 12 files\n/);
  const [whole] = json((await duet(`jobs show ${ids['good']!} --json`)).out);
  expect(whole).toMatchObject({ id: ids['good'], log: [{ text: 'Started.' }, { text: 'looking' }, {}] });
  expect(await duet('jobs show jzzz')).toMatchObject({ code: 1, out: '' });
  expect((await duet('jobs show j')).err).toContain('Several jobs begin with j');
});

test('jobs are put first, paused, resumed, cancelled, tried again and forgotten', async () => {
  const ids = await leave('a', 'b', 'c');
  const titles = async () =>
    json((await duet('jobs list --json')).out).map(({ title, state }) => `${title.slice(0, 4)} ${state}`);
  expect(json((await duet(`jobs next ${ids['c']!} --json`)).out)).toMatchObject([{ title: 'c', position: 0 }]);
  expect((await duet(`jobs pause ${ids['a']!}`)).out).toContain('paused');
  expect((await duet(`jobs cancel ${ids['b']!} ${ids['b']!}`)).code).toBe(0);
  expect(await titles()).toEqual(['c waiting', 'a paused', 'b cancelled', 'bad\u001b failed', 'good done']);
  await duet(`jobs resume ${ids['a']!}`);
  await duet(`jobs retry ${ids['b']!}`);
  await duet(`jobs forget ${ids['good']!}`);
  expect(await titles()).toEqual(['c waiting', 'a waiting', 'b waiting', 'bad\u001b failed']);
  const refused = await duet(`jobs forget ${ids['a']!}`);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.err).toContain('"a" is waiting');
  expect((await duet('jobs resume')).out).toBe('The queue goes on.\n');
  expect((await duet('jobs pause')).out).toBe('The queue is paused.\n');
});

test('run works until nothing waits, tells each end, and fails when one failed', async () => {
  await leave('a');
  const paused = await duet('jobs run');
  expect(paused).toMatchObject({ code: 1, out: '' });
  expect(paused.err).toContain('duet jobs resume');
  await duet('jobs resume');
  const { code, out } = await duet('jobs run --json');
  // Queued by something else with parameters that Duet itself does not know.
  expect(code).toBe(1);
  expect(json(out)).toMatchObject([{ title: 'a', state: 'failed', failure: { code: 'job/unusable' } }]);
  expect(await duet('jobs run')).toEqual({ code: 0, out: 'Nothing was waiting.\n', err: '' });
});

test('Ctrl+C keeps the queue', async () => {
  await leave('a');
  const before = readFileSync(path.join(workspace, 'jobs', 'journal.jsonl'), 'utf8');
  const abort = new AbortController();
  abort.abort();
  expect(await duet('jobs list', abort.signal)).toMatchObject({ code: 0 });
  await duet('jobs resume');
  const { code, err } = await duet('jobs run', abort.signal);
  expect({ code, err }).toEqual({ code: 130, err: 'Cancelled.\n' });
  expect(readFileSync(path.join(workspace, 'jobs', 'journal.jsonl'), 'utf8').startsWith(before)).toBe(true);
});
