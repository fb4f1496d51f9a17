/** Which workspace is open, which were before, and how the window goes over to another one. */
import { app, dialog, shell, type WebContents } from 'electron';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { access, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { WorkspacePlace } from '../contract/bridge';
import { AppError } from '../contract/errors';
import type { BridgeHandlers } from './bridge';
import { windowOf } from './dialogs';
import type { PreferencesFile } from './preferences';

const mostRecent = 10;
const manifest = 'duet.json';

/** A name for a folder that tells nothing of it. */
function idOf(folder: string): string {
  return `w${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`;
}

export class Workspaces {
  private open: string;

  constructor(private readonly preferences: PreferencesFile) {
    this.open = firstFolder(preferences.get().workspaces);
    this.remember(this.open);
  }

  current(): string {
    return this.open;
  }

  /** The one that is open, then the others, newest first. */
  async list(): Promise<WorkspacePlace[]> {
    return Promise.all(
      this.preferences.get().workspaces.map(async (folder) => ({
        id: idOf(folder),
        name: path.basename(folder),
        path: folder,
        isOpen: folder === this.open,
        isThere: await isWorkspace(folder),
      })),
    );
  }

  find(id: string): string {
    const found = this.preferences.get().workspaces.find((folder) => idOf(folder) === id);
    if (found !== undefined) return found;
    throw new AppError('workspace/missing', 'That workspace is not on the list any more. Open it by its folder.');
  }

  /** Goes over by `restart`; when that fails, the workspace that was open is opened again. */
  async change(folder: string, restart: () => Promise<void>): Promise<void> {
    const before = this.open;
    this.open = folder;
    try {
      await restart();
    } catch (error) {
      this.open = before;
      await restart();
      const cause = error instanceof Error ? error.message : String(error);
      const message = `The workspace “${path.basename(folder)}” could not be opened: ${cause} The one that was open is open again.`;
      throw new AppError('workspace/damaged', message, { folder, cause });
    }
    this.remember(folder);
  }

  private remember(folder: string): void {
    const { workspaces } = this.preferences.get();
    if (workspaces[0] === folder) return;
    this.preferences.set({ workspaces: [folder, ...workspaces.filter((one) => one !== folder)].slice(0, mostRecent) });
  }
}

/** What the command line says, else the last one that is still there, else the one in the documents folder. */
function firstFolder(recent: readonly string[]): string {
  const given = app.commandLine.getSwitchValue('workspace');
  if (given !== '') return path.resolve(given);
  const last = recent.find((folder) => existsSync(path.join(folder, manifest)));
  return last ?? path.join(app.getPath('documents'), 'Duet');
}

function isWorkspace(folder: string): Promise<boolean> {
  return access(path.join(folder, manifest)).then(
    () => true,
    () => false,
  );
}

async function assertWorkspace(folder: string): Promise<void> {
  if (await isWorkspace(folder)) return;
  const message = `“${path.basename(folder)}” is no workspace of Duet: there is no ${manifest} in it. Choose another folder, or make a new workspace.`;
  throw new AppError('workspace/missing', message, { folder });
}

/** A new workspace is made in a folder of its own: among other files it would look as if they belonged to it. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.length === 0) return;
  const message = `The folder “${path.basename(folder)}” is not empty. Choose another name for the new workspace.`;
  throw new AppError('file/exists', message, { folder });
}

type WorkspaceCalls = Pick<BridgeHandlers, Extract<keyof BridgeHandlers, `workspaces.${string}`>>;

/** `restart` ends the engine in order and starts it for the workspace that is current then. */
export function workspaceCalls(workspaces: Workspaces, restart: () => Promise<void>): WorkspaceCalls {
  const goTo = async (folder: string, page: WebContents): Promise<{ isChanged: boolean }> => {
    if (folder === workspaces.current()) return { isChanged: false };
    await workspaces.change(folder, restart);
    // The page begins anew: nothing that it shows or remembers belongs to the other workspace.
    setImmediate(() => page.reload());
    return { isChanged: true };
  };
  return {
    'workspaces.list': () => workspaces.list(),
    'workspaces.open': async ({ id }, event) => {
      const folder = id === null ? await chooseFolder(event) : workspaces.find(id);
      if (folder === undefined) return { isChanged: false };
      await assertWorkspace(folder);
      return goTo(folder, event.sender);
    },
    'workspaces.create': async (_request, event) => {
      const folder = await nameFolder(event);
      if (folder === undefined) return { isChanged: false };
      await makeFolder(folder);
      return goTo(folder, event.sender);
    },
    'workspaces.reveal': async () => {
      const problem = await shell.openPath(workspaces.current());
      if (problem !== '') throw new AppError('file/missing', `The folder could not be shown: ${problem}.`);
      return null;
    },
  };
}

async function chooseFolder(event: Electron.IpcMainInvokeEvent): Promise<string | undefined> {
  const chosen = await dialog.showOpenDialog(windowOf(event), {
    title: 'Open a workspace',
    buttonLabel: 'Open',
    properties: ['openDirectory'],
  });
  return chosen.canceled ? undefined : chosen.filePaths[0];
}

async function nameFolder(event: Electron.IpcMainInvokeEvent): Promise<string | undefined> {
  const chosen = await dialog.showSaveDialog(windowOf(event), {
    title: 'New workspace',
    buttonLabel: 'Make it',
    defaultPath: path.join(app.getPath('documents'), 'My workspace'),
    properties: ['createDirectory'],
  });
  return chosen.canceled || chosen.filePath === '' ? undefined : chosen.filePath;
}
