/**
 * The page's bridge: a port to the engine and a few verbs; nothing of Electron itself is exposed. It parses nothing: main
 * parses what the page asks, the page what main answers, and every start of the window is spared the schemas here.
 */
import electron, { contextBridge, ipcRenderer, webUtils } from 'electron';
import type { BridgeChannel, RawBridge } from '../contract/bridge';
import {
  closeAskedMessage,
  commandMessage,
  engineHealthMessage,
  openedMessage,
  openJobMessage,
  portMessage,
} from '../contract/bridge-messages';

/** Main answers `{ ok: true, reply }` or `{ ok: false, failure }`; a failure is thrown as JSON, which crosses the bridge unharmed. */
async function ask(channel: BridgeChannel, request: unknown): Promise<unknown> {
  const answer: unknown = await ipcRenderer.invoke(channel, request);
  if (isObject(answer) && answer['ok'] === true) return answer['reply'];
  throw new Error(JSON.stringify(isObject(answer) ? answer['failure'] : null));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
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

const bridge: RawBridge = {
  platform: process.platform,
  handlesFor: (files) => {
    const paths = files.map(pathOf).filter((path) => path !== '');
    return paths.length === 0 ? Promise.resolve([]) : ask('files.handles', { paths });
  },
  openDialog: (kind) => ask('dialog.open', { kind }),
  saveDialog: (kind, name) => ask('dialog.save', { kind, name }),
  reveal: (handle) => ask('files.reveal', { handle }),
  setTheme: (theme) => ask('theme.set', { theme }),
  copyText: (text) => ask('text.copy', { text }),
  connectEngine: () => ask('engine.connect', {}),
  onEngineHealth: (listener) => subscribe(engineHealthMessage, listener),
  retryEngine: () => ask('engine.retry', {}),
  onCommand: (listener) => subscribe(commandMessage, listener),
  onOpened: (listener) => subscribe(openedMessage, listener),
  listWorkspaces: () => ask('workspaces.list', {}),
  openWorkspace: (id) => ask('workspaces.open', { id }),
  createWorkspace: () => ask('workspaces.create', {}),
  revealWorkspace: () => ask('workspaces.reveal', {}),
  onCloseAsked: (listener) => subscribe(closeAskedMessage, listener),
  answerClose: (answer) => ask('close.answer', { answer }),
  onOpenJob: (listener) => subscribe(openJobMessage, listener),
};

contextBridge.exposeInMainWorld('duet', bridge);

// Ports cannot cross the bridge as values; they travel as a message to the page itself.
ipcRenderer.on(portMessage, (event) => {
  window.postMessage({ type: 'duet-port' }, window.location.origin, event.ports);
});
