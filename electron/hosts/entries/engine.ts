/** The engine process, inside Electron (ports from main) or as a plain Node child (one pipe, several channels). */
import path from 'node:path';
import { engineStartSchema } from '../../contract/host';
import { createEngine, type Engine } from '../../engine/engine';
import { denyNetwork } from '../../engine/network-guard';
import type { ProcessHost } from '../../engine/processes/process-host';
import { runtimeVersion } from '../../../models/runtime/version';
import { channelOf } from '../channels';
import { createNodeHost } from '../node-host';
import { electronParent, pipeTransport, portTransport } from '../parent';
import { createPortHost, spawnReplySchema } from '../port-host';

function log(message: string): void {
  process.stderr.write(`engine: ${message}\n`);
}

async function start(message: unknown, host: ProcessHost): Promise<Engine> {
  const engine = await createEngine({
    start: engineStartSchema.parse(message),
    host,
    onnxruntimeVersion: runtimeVersion(),
    now: () => performance.now(),
    log,
  });
  denyNetwork(() => engine.countNetwork(1));
  return engine;
}

/** Electron: `{ start }` with main's port, later `{ window }` with a page's port each, and answers to spawn requests. */
function runInElectron(parent: NonNullable<ReturnType<typeof electronParent>>): void {
  const host = createPortHost((request) => parent.postMessage(request));
  let engine: Promise<Engine> | undefined;
  parent.on('message', ({ data, ports: [port] }) => {
    const reply = spawnReplySchema.safeParse(data);
    if (reply.success) host.receive(reply.data, port === undefined ? undefined : portTransport(port));
    if (port === undefined) return;
    // A port keeps what arrives until it is started, so it is started only once somebody listens.
    if (isTagged(data, 'start')) {
      engine = start(data.start, host);
      engine.then((running) => running.attachHost(portTransport(port)), fail);
    } else if (isTagged(data, 'window')) {
      engine?.then((running) => running.attachStudio(portTransport(port)), fail);
    }
  });
}

/** Plain Node: the starter sends the options on `control` and nothing else before it hears `ready`. */
function runInNode(): void {
  const pipe = pipeTransport();
  const control = channelOf(pipe, 'control');
  const studio = channelOf(pipe, 'studio');
  const hostChannel = channelOf(pipe, 'host');
  control.onMessage((message) => {
    start(message, createNodeHost(path.dirname(process.argv[1] ?? __dirname))).then((engine) => {
      engine.attachHost(hostChannel);
      engine.attachStudio(studio);
      control.send({ t: 'ready' });
    }, fail);
  });
}

function isTagged<Tag extends string>(data: unknown, tag: Tag): data is Record<Tag, unknown> {
  return typeof data === 'object' && data !== null && tag in data;
}

function fail(error: unknown): void {
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}

const parent = electronParent();
if (parent === undefined) runInNode();
else runInElectron(parent);
