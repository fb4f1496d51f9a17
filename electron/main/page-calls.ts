/** What main does for the page: handles, dialogs, reveal, theme, clipboard, a port to the engine, workspaces. */
import { clipboard, dialog, nativeTheme, shell } from 'electron';
import { access } from 'node:fs/promises';
import type { Dropped } from '../contract/bridge';
import type { BridgeHandlers } from './bridge';
import type { Closing } from './closing';
import { chooseFile, chooseFolder, openOptions, windowOf } from './dialogs';
import type { EngineLink } from './engine-link';
import type { PreferencesFile } from './preferences';
import { workspaceCalls, type Workspaces } from './workspaces';

export interface PageParts {
  engine: EngineLink;
  preferences: PreferencesFile;
  workspaces: Workspaces;
  closing: Closing;
}

export function pageCalls({ engine, preferences, workspaces, closing }: PageParts): BridgeHandlers {
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
    'close.answer': ({ answer }) => {
      closing.answer(answer);
      return null;
    },
    ...workspaceCalls(workspaces, () => engine.restart()),
  };
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
