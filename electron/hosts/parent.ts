/** A child's view of whoever started it: Electron's parent port or Node's IPC pipe, behind one transport. */
import { constants, setPriority } from 'node:os';
import { Listeners, type Transport } from '../contract/transport';

/** The part of a message port that both Electron and Node offer. */
export interface Port {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

interface ParentEvent {
  data: unknown;
  ports: Port[];
}

interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: ParentEvent) => void): unknown;
}

function isParentPort(value: unknown): value is ParentPort {
  return typeof value === 'object' && value !== null && 'postMessage' in value && 'on' in value;
}

/** Electron's parent port; undefined in a plain Node child. */
export function electronParent(): ParentPort | undefined {
  const port: unknown = Reflect.get(process, 'parentPort');
  return isParentPort(port) ? port : undefined;
}

/** A transport over a message port; starts it at once. */
export function portTransport(port: Port): Transport {
  const messages = new Listeners<unknown>();
  const closes = new Listeners<undefined>();
  port.on('message', (event) => {
    // Electron delivers null when an ArrayBuffer was put in a transfer list; nothing of ours does that.
    if (event.data !== null && event.data !== undefined) messages.tell(event.data);
  });
  port.on('close', () => closes.tell(undefined));
  port.start();
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => messages.add(listener),
    onClose: (listener) => closes.add(listener),
    close: () => port.close(),
  };
}

/** The pipe to a Node parent; the child ends itself when the parent is gone. */
export function pipeTransport(): Transport {
  const messages = new Listeners<unknown>();
  const closes = new Listeners<undefined>();
  process.on('message', (message: unknown) => messages.tell(message));
  // Ctrl+C in a terminal reaches every process of the command; the parent decides what it means and stops us in order.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => {
    closes.tell(undefined);
    process.exit(0);
  });
  return {
    send: (message) => {
      if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
    },
    onMessage: (listener) => messages.add(listener),
    onClose: (listener) => closes.add(listener),
    close: () => {
      if (process.connected) process.disconnect();
    },
  };
}

/** A third of the share of others on Linux and macOS; Windows has classes, and this is the one below normal. */
const standBackPriority = process.platform === 'win32' ? constants.priority.PRIORITY_BELOW_NORMAL : 5;

/**
 * Decoders and sessions fill every core; beside a window they stand back for whoever answers the person. On Linux this
 * holds for the calling thread and for those it starts from now on.
 */
function standBack(): void {
  try {
    setPriority(standBackPriority);
  } catch {
    // Some machines do not let a process lower itself; it works all the same.
  }
}

/** For workers: the transport on which to serve, as soon as there is one. */
export function whenConnected(serve: (transport: Transport) => void): void {
  const parent = electronParent();
  if (parent === undefined) {
    serve(pipeTransport());
    return;
  }
  standBack();
  parent.on('message', (event) => {
    const port = event.ports[0];
    if (port !== undefined) serve(portTransport(port));
  });
}
