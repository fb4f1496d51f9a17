/** The engine's small parts: handles, history, network guard, temporary folders, bundling, rate. */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { coalesce } from './coalesce';
import { Handles } from './handles';
import { History } from './history';
import { denyNetwork } from './network-guard';
import { Rate } from './studio/rate';
import { makeTemporaryFolders } from './temporary';

const folder = mkdtempSync(path.join(os.tmpdir(), 'duet-parts-'));
afterEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
});

test('handles stand for paths; unknown ones and relative paths are refused', async () => {
  const handles = new Handles();
  mkdirSync(path.join(folder, 'holiday'));
  writeFileSync(path.join(folder, 'a.JPG'), '');
  const paths = ['holiday', 'a.JPG', 'net.onnx', 'notes.txt'].map((name) => path.join(folder, name));
  const dropped = await handles.add(paths);
  expect(dropped.map(({ kind }) => kind)).toEqual(['folder', 'picture', 'model', 'text']);
  expect(dropped.map(({ handle }) => handles.path(handle))).toEqual(paths);
  expect(JSON.stringify(dropped)).not.toContain(folder);
  expect(() => handles.path('h999')).toThrow(expect.objectContaining({ code: 'file/unknown-handle' }));
  expect(() => handles.make('a.jpg')).toThrow(expect.objectContaining({ code: 'file/bad-name' }));
  expect(() => handles.make('/a\0b')).toThrow(expect.objectContaining({ code: 'file/bad-name' }));
});

test.each([
  ['archive', ['a.zip', 'a.tar.gz', 'a.TGZ', 'train-images-idx3-ubyte', 'train-images.idx3-ubyte.gz', 'a.csv.gz']],
  ['table', ['a.csv', 'a.TSV', 'a.parquet', 'a.jsonl', 'a.json']],
  ['text', ['a.txt', 'a.smi']],
  ['sound', ['a.wav']],
  ['music', ['a.mid', 'a.MIDI']],
  ['other', ['a', 'zip', 'a.exe', 'a.zip.exe', '.csv.part']],
])('a name tells that it is: %s', async (kind, names) => {
  const dropped = await new Handles().add(names.map((name) => path.join(folder, name)));
  expect(dropped.map((one) => one.kind)).toEqual(names.map(() => kind));
});

test('undo takes back in reverse order, a new change forgets what was undone', async () => {
  const history = new History();
  const done: string[] = [];
  const change = (what: string) => ({ what, redo: () => void done.push(what), undo: () => void done.pop() });
  await history.run(change('a'));
  await history.run(change('b'));
  expect(await history.undo()).toBe('b');
  expect(history.state()).toEqual({ undo: 'a', redo: 'b' });
  expect(await history.redo()).toBe('b');
  await history.undo();
  await history.run(change('c'));
  expect(done).toEqual(['a', 'c']);
  expect(await history.redo()).toBeNull();
});

test('with the guard on, nothing opens a connection and every attempt is counted', async () => {
  const refused: string[] = [];
  const undo = denyNetwork((what) => refused.push(what));
  try {
    expect(() => net.connect(9, '127.0.0.1')).toThrow(/refused/);
    expect(() => net.createServer().listen(0)).toThrow(/refused/);
    expect(() => dgram.createSocket('udp4').send('x', 9, '127.0.0.1')).toThrow(/refused/);
    expect(() => dns.lookup('example.invalid', () => undefined)).toThrow(/refused/);
    await expect(fetch('http://127.0.0.1:9/')).rejects.toThrow();
    const request = new Promise((_resolve, reject) => {
      http.get('http://127.0.0.1:9/').on('error', reject);
    });
    await expect(request).rejects.toThrow(/refused/);
  } finally {
    undo();
  }
  expect(refused.length).toBeGreaterThanOrEqual(5);
});

test('folders of a dead session are swept, those of a living one stay', async () => {
  const dead = path.join(folder, 'duet-session-999999999-abc');
  const living = path.join(folder, `duet-session-${process.pid}-abc`);
  const foreign = path.join(folder, 'something-else');
  for (const one of [dead, living, foreign]) mkdirSync(one);
  const folders = await makeTemporaryFolders(folder);
  const names = readdirSync(folder);
  expect(names).not.toContain(path.basename(dead));
  expect(names).toContain(path.basename(living));
  expect(names).toContain(path.basename(foreign));
  await folders.remove();
  expect(readdirSync(folder)).not.toContain(path.basename(folders.root));
});

test('a burst is told once, at the end of its interval', () => {
  const tell = vi.fn();
  let fire: (() => void) | undefined;
  const bundle = coalesce(tell, 50, (callback) => {
    fire = callback;
    return () => (fire = undefined);
  });
  for (let count = 0; count < 1000; count++) bundle.mark();
  expect(tell).not.toHaveBeenCalled();
  fire?.();
  expect(tell).toHaveBeenCalledOnce();
  bundle.mark();
  bundle.dispose();
  expect(fire).toBeUndefined();
});

test('speed is that of the last seconds, and unknown at first', () => {
  let time = 0;
  const rate = new Rate(() => time);
  expect(rate.perSecond()).toBeNull();
  for (let count = 0; count < 20; count++) {
    rate.tick();
    time += 100;
  }
  expect(rate.perSecond()).toBeCloseTo(10);
  expect(rate.remainingMs(50)).toBeCloseTo(5000);
  time += 60_000;
  expect(rate.perSecond()).toBeNull();
});
