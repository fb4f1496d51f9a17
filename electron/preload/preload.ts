/** The page's bridge: a port to the engine and a few verbs; nothing of Electron itself is exposed. */
import electron, { contextBridge, ipcRenderer, webUtils } from 'electron';
import * as z from 'zod';
import {
  type BridgeChannel,
  bridgeChannels,
  commandMessage,
  droppedSchema,
  type DuetBridge,
  engineHealthMessage,
  openedMessage,
  portMessage,
} from '../contract/bridge';
import { failureSchema } from '../contract/errors';
import { processHealthSchema } from '../contract/studio';

const answerSchema = z.discriminatedUnion('ok', [
  z.strictObject({ ok: z.literal(true), reply: z.unknown() }),
  z.strictObject({ ok: z.literal(false), failure: failureSchema }),
]);

/** Main answers with data; a failure is thrown as JSON, which crosses the bridge unharmed. */
async function ask(channel: BridgeChannel, request: unknown): Promise<unknown> {
  const answer = answerSchema.parse(await ipcRenderer.invoke(channel, request));
  if (answer.ok) return answer.reply;
  throw new Error(JSON.stringify(answer.failure));
}

const hasWebUtils = Reflect.has(electron, 'webUtils');

/** Newer runtimes tell a file's path only here; the test runtime still has it on the file. */
function pathOf(file: unknown): string {
  if (!(file instanceof File)) return '';
  // `webUtils` is missing in old runtimes, whatever the current types say.
  const path: unknown = hasWebUtils ? webUtils.getPathForFile(file) : Reflect.get(file, 'path');
  return typeof path === 'string' ? path : '';
}

function subscribe(channel: string, listener: (value: unknown) => void): () => void {
  const receive = (_event: unknown, value: unknown): void => listener(value);
  ipcRenderer.on(channel, receive);
  return () => {
    ipcRenderer.removeListener(channel, receive);
  };
}

const replies = {
  handles: bridgeChannels['files.handles'].reply,
  opened: bridgeChannels['dialog.open'].reply,
  saved: bridgeChannels['dialog.save'].reply,
};

const bridge: DuetBridge = {
  platform: process.platform,
  handlesFor: async (files) => {
    const paths = files.map(pathOf).filter((path) => path !== '');
    return paths.length === 0 ? [] : replies.handles.parse(await ask('files.handles', { paths }));
  },
  openDialog: async (kind) => replies.opened.parse(await ask('dialog.open', { kind })),
  saveDialog: async (kind, name) => replies.saved.parse(await ask('dialog.save', { kind, name })),
  reveal: async (handle) => {
    await ask('files.reveal', { handle });
  },
  setTheme: async (theme) => {
    await ask('theme.set', { theme });
  },
  copyText: async (text) => {
    await ask('text.copy', { text });
  },
  connectEngine: async () => {
    await ask('engine.connect', {});
  },
  onEngineHealth: (listener) => subscribe(engineHealthMessage, (health) => listener(processHealthSchema.parse(health))),
  retryEngine: async () => {
    await ask('engine.retry', {});
  },
  onCommand: (listener) => subscribe(commandMessage, (id) => listener(z.string().parse(id))),
  onOpened: (listener) => subscribe(openedMessage, (dropped) => listener(z.array(droppedSchema).parse(dropped))),
};

contextBridge.exposeInMainWorld('duet', bridge);

// Ports cannot cross the bridge as values; they travel as a message to the page itself.
ipcRenderer.on(portMessage, (event) => {
  window.postMessage({ type: 'duet-port' }, window.location.origin, event.ports);
});
