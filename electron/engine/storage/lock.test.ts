/** The lock: one holder at a time, found again after kills and when numbers are used anew. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Lock, type LockHolder, takeLock } from './lock';
import { lifeOf, ownMark } from './process-mark';
import { bundle } from './testing/child';

const base = mkdtempSync(path.join(os.tmpdir(), 'duet-lock-'));
let bundled: ReturnType<typeof bundle>;
let root = '';
let number = 0;
beforeAll(() => {
  bundled = bundle('lock', 'lock.ts');
});
beforeEach(() => {
  root = path.join(base, String(++number));
  mkdirSync(root);
});
afterAll(() => {
  bundled.remove();
  rmSync(base, { recursive: true, force: true });
});

const isLock = (taken: Lock | LockHolder): taken is Lock => 'release' in taken;

/** A process that takes the lock, says so, and holds it until it is killed. */
async function holder(): Promise<{ child: ChildProcess; said: string }> {
  const script = `
    import { takeLock } from ${bundled.module};
    const taken = await takeLock(${JSON.stringify(root)}, 'the child');
    console.log('release' in taken ? 'held' : taken.pid);
    setInterval(() => {}, 1000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise<string>((resolve) => {
    child.stdout.once('data', (bytes: Buffer) => resolve(bytes.toString('utf8').trim()));
    child.once('exit', () => resolve('ended'));
  });
  return { child, said };
}

function killed(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGKILL');
  return gone;
}

test('the second is told who has it, until it is released', async () => {
  const first = await takeLock(root, 'the window of Duet');
  expect(isLock(first)).toBe(true);
  const second = await takeLock(root, 'the duet command');
  expect(second).toMatchObject({ pid: process.pid, program: 'the window of Duet', host: os.hostname() });
  expect(readdirSync(root)).toEqual(['lock']);
  if (isLock(first)) await first.release();
  expect(readdirSync(root)).toEqual([]);
  expect(isLock(await takeLock(root, 'again'))).toBe(true);
});

test('a living process keeps it, and a killed one loses it', async () => {
  const { child, said } = await holder();
  expect(said).toBe('held');
  expect(await takeLock(root, 'test')).toMatchObject({ pid: child.pid, program: 'the child' });
  await killed(child);
  expect(isLock(await takeLock(root, 'test'))).toBe(true);
});

test('a number that another process has now does not keep it', async () => {
  const first = await takeLock(root, 'test');
  expect(isLock(first)).toBe(true);
  const file = path.join(root, 'lock');
  const mark = JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
  writeFileSync(file, JSON.stringify({ ...mark, started: `${mark.started}1` }));
  expect(isLock(await takeLock(root, 'test'))).toBe(true);
});

test('where starts are not told, a number from before the last start of the machine does not keep it', () => {
  const mark = { ...ownMark(), started: '' };
  expect(lifeOf(mark)).toBe('alive');
  expect(lifeOf({ ...mark, uptime: os.uptime() + 1000 })).toBe('dead');
  expect(lifeOf({ ...mark, host: 'another' })).toBe('elsewhere');
});

test('a process on another computer keeps it, for nobody can look there', async () => {
  await takeLock(root, 'test');
  const file = path.join(root, 'lock');
  writeFileSync(file, readFileSync(file, 'utf8').replace(JSON.stringify(os.hostname()), '"elsewhere"'));
  expect(await takeLock(root, 'test')).toMatchObject({ host: 'elsewhere' });
});

test('a lock file that was cut short names nobody', async () => {
  for (const text of ['', '{"pid":', '{}']) {
    writeFileSync(path.join(root, 'lock'), text);
    const taken = await takeLock(root, 'test');
    expect(isLock(taken)).toBe(true);
    if (isLock(taken)) await taken.release();
  }
});

test('of many that find a dead lock at once, one gets it; also when claims of the dead lie about', async () => {
  for (let round = 0; round < 20; round++) {
    const { child } = await holder();
    await killed(child);
    const file = path.join(root, 'lock');
    const dead = JSON.parse(readFileSync(file, 'utf8')) as LockHolder;
    if (round % 2 === 1) {
      const claim = { ...dead, token: '11111111-1111-4111-8111-111111111111' };
      writeFileSync(`${file}.${dead.token}`, JSON.stringify(claim));
    }
    const all = await Promise.all(Array.from({ length: 12 }, () => takeLock(root, 'test')));
    const [one, ...more] = all.filter(isLock);
    expect(more).toEqual([]);
    await one?.release();
    expect(one).toBeDefined();
    expect(readdirSync(root)).toEqual([]);
  }
}, 120_000);

test('what another process is just writing is not swept; what was left so long ago is', async () => {
  const [fresh, old] = ['22222222-2222-4222-8222-222222222222', '33333333-3333-4333-8333-333333333333'].map((token) =>
    path.join(root, `.lock.${token}.part`),
  );
  writeFileSync(fresh!, '');
  writeFileSync(old!, '');
  utimesSync(old!, 1_000_000, 1_000_000);
  expect(isLock(await takeLock(root, 'test'))).toBe(true);
  expect(readdirSync(root).sort()).toEqual([path.basename(fresh!), 'lock']);
});

test('processes that start at once: exactly one holds it', async () => {
  const { child } = await holder();
  await killed(child);
  const all = await Promise.all(Array.from({ length: 6 }, () => holder()));
  expect(all.filter(({ said }) => said === 'held')).toHaveLength(1);
  expect(all.filter(({ said }) => said === 'ended')).toEqual([]);
  await Promise.all(all.map((one) => killed(one.child)));
}, 120_000);
