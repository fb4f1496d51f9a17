/** The intake process as the engine meets it: over a transport, with files that change behind its back. */
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Client, connect } from '../../contract/client';
import { type Server, serve } from '../../contract/server';
import { memoryPair } from '../../contract/transport';
import { type FoundFile, type IntakeContract, intakeContract } from '../../contract/workers';
import { closeSlots, readSlot } from '../exchange';
import { intakeHandlers } from './service';
import { draw, quadrants, readQuadrants } from './testing/pictures';

let dir: string;
let client: Client<IntakeContract>;
let server: Server<IntakeContract>;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'intake-'));
  const [ours, theirs] = memoryPair();
  const started = serve(
    intakeContract,
    theirs,
    intakeHandlers({ found: (event) => started.emit('found', event), chunk: (event) => started.emit('chunk', event) }),
  );
  server = started;
  client = connect(intakeContract, ours);
});
afterEach(() => {
  server.dispose();
  closeSlots();
  rmSync(dir, { recursive: true });
});

const picture = (letters: string): Promise<Uint8Array> => draw(60, 40, 'jpeg', quadrants(letters));
const decode = (name: string, slot = 0) =>
  client.call('decode', { path: join(dir, name), exchange: dir, renditions: [{ slot, shortSide: 20 }] });

test('lists, then decodes what was listed, into the slots that were asked for', async () => {
  for (const [i, letters] of ['RGBW', 'WBGR', 'GGGG'].entries())
    writeFileSync(join(dir, `${i}.jpg`), await picture(letters));
  const found: FoundFile[] = [];
  client.on('found', ({ ticket, files }) => {
    expect(ticket).toBe(7);
    found.push(...files);
  });
  const reply = await client.call('list', { ticket: 7, roots: [dir], maxFiles: 10 });
  expect(reply).toEqual({ files: 3, ignored: 0 });
  const replies = await Promise.all(found.map(({ name }, slot) => decode(name, slot)));
  const seen = replies.map(({ slots: [shape] }) => readQuadrants(readSlot(dir, shape!), shape!.width, shape!.height));
  expect(seen).toEqual(['RGBW', 'WBGR', 'GGGG']);
  expect(replies[0]).toMatchObject({
    format: 'jpeg',
    width: 60,
    height: 40,
    slots: [{ slot: 0, height: 20, width: 30 }],
  });
});

test('a file that was deleted, cut or replaced since it was listed fails alone', async () => {
  const file = await picture('RGBW');
  writeFileSync(join(dir, 'cut.jpg'), file);
  writeFileSync(join(dir, 'good.jpg'), file);
  truncateSync(join(dir, 'cut.jpg'), file.length / 2);
  writeFileSync(join(dir, 'replaced.jpg'), '<html></html>');
  const results = await Promise.allSettled(
    ['gone.jpg', 'cut.jpg', 'replaced.jpg', 'good.jpg'].map((one) => decode(one)),
  );
  const codes = results.map((one) => (one.status === 'fulfilled' ? 'ok' : (one.reason as { code: string }).code));
  expect(codes).toEqual(['file/missing', 'image/damaged', 'image/unsupported', 'ok']);
});

test('a failed or cancelled picture does not hold up the next', async () => {
  writeFileSync(join(dir, 'good.jpg'), await picture('RGBW'));
  const abort = new AbortController();
  const cancelled = client.call(
    'decode',
    { path: join(dir, 'good.jpg'), exchange: dir, renditions: [] },
    { signal: abort.signal },
  );
  abort.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'call/cancelled' });
  await expect(decode('good.jpg')).resolves.toMatchObject({ format: 'jpeg' });
});

test('reads labels and sends models through the gate', async () => {
  writeFileSync(join(dir, 'labels.txt'), 'cat\ndog\n');
  expect(await client.call('labels', { path: join(dir, 'labels.txt') })).toEqual({ labels: ['cat', 'dog'] });
  writeFileSync(join(dir, 'model.onnx'), 'not a model');
  await expect(client.call('gate', { path: join(dir, 'model.onnx') })).rejects.toMatchObject({
    code: 'model/not-onnx',
  });
  truncateSync(join(dir, 'model.onnx'), 2 ** 32);
  await expect(client.call('gate', { path: join(dir, 'model.onnx') })).rejects.toMatchObject({
    code: 'model/too-large',
  });
  const shipped = fileURLToPath(new URL('../../../assets/models/everyday-1000.onnx', import.meta.url));
  const { nodes, operators } = await client.call('gate', { path: shipped });
  expect(nodes).toBeGreaterThan(50);
  expect(operators).toContain('Conv');
});
