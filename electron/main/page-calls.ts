/** What main does for the page: handles, dialogs, reveal, theme, clipboard, a port to the engine. */
import { BrowserWindow, clipboard, dialog, type IpcMainInvokeEvent, nativeTheme, shell } from 'electron';
import { access } from 'node:fs/promises';
import type { Dropped } from '../contract/bridge';
import type { BridgeHandlers } from './bridge';
import type { EngineLink } from './engine-link';
import type { PreferencesFile } from './preferences';

const pictures = { name: 'Pictures', extensions: ['jpg', 'jpeg', 'png', 'webp', 'gif', 'avif'] };
const tables = ['csv', 'tsv', 'parquet', 'jsonl', 'ndjson', 'json'];
const data = {
  name: 'Data',
  extensions: ['zip', 'gz', 'tgz', 'tar', ...tables, 'txt', 'smi', 'wav', 'mid', 'midi', ...pictures.extensions],
};
// IDX files have no extension of their own.
const everything = { name: 'All files', extensions: ['*'] };
const openOptions = {
  pictures: { title: 'Add pictures', filters: [pictures], properties: ['openFile', 'multiSelections'] },
  folder: { title: 'Add a folder', filters: [], properties: ['openDirectory', 'multiSelections'] },
  data: { title: 'Import a data set', filters: [everything, data], properties: ['openFile', 'multiSelections'] },
  dataFolder: { title: 'Import a folder as a data set', filters: [], properties: ['openDirectory'] },
  model: { title: 'Import a model', filters: [{ name: 'ONNX model', extensions: ['onnx'] }], properties: ['openFile'] },
  labels: {
    title: 'Choose class names',
    filters: [{ name: 'Labels', extensions: ['txt', 'json'] }],
    properties: ['openFile'],
  },
} satisfies Record<string, Electron.OpenDialogOptions>;

const saveFilters = {
  csv: { name: 'CSV', extensions: ['csv'] },
  jsonl: { name: 'JSON lines', extensions: ['jsonl'] },
  parquet: { name: 'Parquet', extensions: ['parquet'] },
  zip: { name: 'Zip archive', extensions: ['zip'] },
};

export function pageCalls(engine: EngineLink, preferences: PreferencesFile): BridgeHandlers {
  const handles = async (paths: string[]): Promise<Dropped[]> =>
    paths.length === 0 ? [] : engine.call('handles.add', { paths });
  return {
    'files.handles': ({ paths }) => handles(paths),
    'dialog.open': async ({ kind }, event) => {
      const chosen = await dialog.showOpenDialog(windowOf(event), openOptions[kind]);
      return chosen.canceled ? [] : handles(chosen.filePaths);
    },
    'dialog.save': async ({ kind, name }, event) => {
      const target = kind === 'folder' ? await chooseFolder(event) : await chooseFile(event, kind, name);
      if (target === undefined) return null;
      const { handle } = await engine.call('handles.target', { path: target });
      // The dialog has asked about an existing file; a file that appears later is not replaced.
      return { handle, replace: await exists(target) };
    },
    'files.reveal': async ({ handle }) => {
      const { path } = await engine.call('handles.path', { handle });
      shell.showItemInFolder(path);
      return null;
    },
    'theme.set': ({ theme }) => {
      nativeTheme.themeSource = theme;
      preferences.set({ theme });
      return null;
    },
    'text.copy': async ({ text }) => {
      await clipboard.writeText(text);
      return null;
    },
    'engine.connect': (_request, event) => {
      engine.attach(event.sender);
      return null;
    },
    'engine.retry': async () => {
      await engine.retry();
      return null;
    },
  };
}

function windowOf(event: IpcMainInvokeEvent): BrowserWindow {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (window === null) throw new Error('the window is gone');
  return window;
}

async function chooseFolder(event: IpcMainInvokeEvent): Promise<string | undefined> {
  const chosen = await dialog.showOpenDialog(windowOf(event), {
    title: 'Copy into label folders',
    buttonLabel: 'Copy here',
    properties: ['openDirectory', 'createDirectory'],
  });
  return chosen.canceled ? undefined : chosen.filePaths[0];
}

async function chooseFile(
  event: IpcMainInvokeEvent,
  kind: keyof typeof saveFilters | 'newFolder',
  name: string,
): Promise<string | undefined> {
  const chosen = await dialog.showSaveDialog(windowOf(event), {
    title: kind === 'newFolder' ? 'Name the folder' : 'Export',
    defaultPath: name,
    filters: kind === 'newFolder' ? [] : [saveFilters[kind]],
    properties: ['createDirectory', 'showOverwriteConfirmation'],
  });
  return chosen.canceled || chosen.filePath === '' ? undefined : chosen.filePath;
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
