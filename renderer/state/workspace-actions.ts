/** The workspace as a person handles it: look, go over to another one, check its files, back it up. */
import type { StudioClient } from '../engine/engine-link';
import { countOf, formatBytes } from '../ui/format';
import { failureOf, runJob, say, sayFailure } from './messages';
import type { Studio } from './studio';
import type { WorkspaceState } from './workspace-state';

function setWorkspace(studio: Studio, change: Partial<WorkspaceState>): void {
  studio.store.setState((state) => ({ workspace: { ...state.workspace, ...change } }));
}

export function mirrorWorkspace(studio: Studio, client: StudioClient): void {
  client.on('workspace.changed', (info) => setWorkspace(studio, { info }));
  client
    .call('workspace.info', {})
    .then((info) => setWorkspace(studio, { info }))
    .catch((error: unknown) => {
      const { code } = failureOf(error);
      // The next port reads it again.
      if (code !== 'engine/crashed' && code !== 'engine/closed')
        sayFailure(studio, 'The workspace could not be read.', error);
    });
}

/** Opens or closes the menu; what it shows beside the name is asked for each time. */
export function showWorkspaceMenu(studio: Studio, isMenuOpen: boolean): void {
  setWorkspace(studio, { isMenuOpen });
  if (!isMenuOpen) return;
  studio.bridge
    .listWorkspaces()
    .then((places) => setWorkspace(studio, { places }))
    .catch((error: unknown) => sayFailure(studio, 'The recent workspaces could not be listed.', error));
  studio.engine
    .call('workspace.space', {})
    .then((space) => setWorkspace(studio, { space }))
    .catch(() => setWorkspace(studio, { space: null }));
}

/** The page begins anew once another one is open; until then it says so. */
async function change(studio: Studio, open: () => Promise<boolean>): Promise<void> {
  setWorkspace(studio, { isMenuOpen: false, isChanging: true });
  try {
    await open();
  } catch (error) {
    sayFailure(studio, 'The workspace was not opened.', error);
  } finally {
    setWorkspace(studio, { isChanging: false });
  }
}

export function openWorkspace(studio: Studio, id: string | null): Promise<void> {
  return change(studio, () => studio.bridge.openWorkspace(id));
}

export function createWorkspace(studio: Studio): Promise<void> {
  return change(studio, () => studio.bridge.createWorkspace());
}

export function revealWorkspace(studio: Studio): void {
  studio.bridge
    .revealWorkspace()
    .catch((error: unknown) => sayFailure(studio, 'The folder could not be shown.', error));
}

export function copyWorkspacePath(studio: Studio): void {
  const { info } = studio.store.getState().workspace;
  if (info === null) return;
  studio.bridge
    .copyText(info.path)
    .then(() => say(studio, 'Path copied'))
    .catch((error: unknown) => sayFailure(studio, 'The path was not copied.', error));
}

/** Reads every file of the workspace against its name; takes as long as reading it does. */
export async function verifyWorkspace(studio: Studio): Promise<void> {
  setWorkspace(studio, { isMenuOpen: false });
  await runJob(studio, 'Check the workspace', 'Reading every file', async (job) => {
    const { objects, bytes, findings } = await studio.engine.call('workspace.verify', {}, job);
    const read = `${countOf(objects, 'file')} read, ${formatBytes(bytes)}`;
    const [first] = findings;
    if (first === undefined) {
      const detail = `${read}: all as they were written`;
      say(studio, detail);
      return { value: 0, detail };
    }
    const detail = `${read}: ${countOf(findings.length, 'finding')}. ${first.file}: ${first.failure.message}`;
    say(studio, detail, { label: 'Jobs', keys: null, run: () => studio.store.setState({ isJobsOpen: true }) });
    return { value: findings.length, detail };
  });
}

/** Copies the whole workspace into a new folder, every copy checked. */
export async function backUpWorkspace(studio: Studio): Promise<void> {
  setWorkspace(studio, { isMenuOpen: false });
  try {
    const name = studio.store.getState().workspace.info?.name ?? 'Workspace';
    const target = await studio.bridge.saveDialog('newFolder', `${name} backup`);
    if (target === null) return;
    await runJob(studio, 'Back up the workspace', 'Copying', async (job) => {
      const done = await studio.engine.call('workspace.backup', { target: target.handle }, job);
      const detail = `${countOf(done.files, 'file')}, ${formatBytes(done.bytes)}, copied to ${done.name} and checked`;
      say(studio, detail);
      return { value: done.files, detail, written: target.handle };
    });
  } catch (error) {
    sayFailure(studio, 'The workspace was not backed up.', error);
  }
}
