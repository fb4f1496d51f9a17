/** The dialogs that choose files and folders: the only thing in Duet that is modal. */
import { BrowserWindow, dialog, type IpcMainInvokeEvent } from 'electron';

const pictures = { name: 'Pictures', extensions: ['jpg', 'jpeg', 'png', 'webp', 'gif', 'avif'] };
const tables = ['csv', 'tsv', 'parquet', 'jsonl', 'ndjson', 'json'];
const data = {
  name: 'Data',
  extensions: ['zip', 'gz', 'tgz', 'tar', ...tables, 'txt', 'smi', 'wav', 'mid', 'midi', ...pictures.extensions],
};
// IDX files have no extension of their own.
const everything = { name: 'All files', extensions: ['*'] };
export const openOptions = {
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
  onnx: { name: 'ONNX model', extensions: ['onnx'] },
  csv: { name: 'CSV', extensions: ['csv'] },
  jsonl: { name: 'JSON lines', extensions: ['jsonl'] },
  parquet: { name: 'Parquet', extensions: ['parquet'] },
  zip: { name: 'Zip archive', extensions: ['zip'] },
};

export function windowOf(event: IpcMainInvokeEvent): BrowserWindow {
  const window = BrowserWindow.fromWebContents(event.sender);
  if (window === null) throw new Error('the window is gone');
  return window;
}

export async function chooseFolder(event: IpcMainInvokeEvent): Promise<string | undefined> {
  const chosen = await dialog.showOpenDialog(windowOf(event), {
    title: 'Copy into label folders',
    buttonLabel: 'Copy here',
    properties: ['openDirectory', 'createDirectory'],
  });
  return chosen.canceled ? undefined : chosen.filePaths[0];
}

export async function chooseFile(
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
