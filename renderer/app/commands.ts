/** Every command of the application as data: the palette, the menu and the keyboard read this table and nothing else. */
import type { CommandId } from '../../electron/contract/bridge';
import { checkDataset, excludeMeant, removeDataset, sealDataset } from '../state/data-actions';
import { chooseData } from '../state/data-import';
import { startLabelling } from '../state/data-labelling';
import { loadGallery, setData } from '../state/data-load';
import { exportFolders, exportTable } from '../state/export-actions';
import { chooseModelFile, selectModels } from '../state/import-actions';
import { isQueueBusy, setGentle, setQueuePaused } from '../state/jobs-actions';
import { judgesOf } from '../state/judges';
import { addSamples, openDetail, openPictures, redo, removePhotos, setRunning, undo } from '../state/photo-actions';
import { selectAll } from '../state/selection';
import type { Studio } from '../state/studio';
import type { StudioState } from '../state/studio-state';
import { applyTheme, goTo, nextTheme, setSort, toggle, toggleInspector } from '../state/view-actions';
import {
  backUpWorkspace,
  createWorkspace,
  openWorkspace,
  revealWorkspace,
  showWorkspaceMenu,
  verifyWorkspace,
} from '../state/workspace-actions';
import { type Command, command, later } from './command';
import { trainCommands } from './train-commands';

const onClassify =
  (run: (studio: Studio) => void) =>
  (studio: Studio): void => {
    goTo(studio, 'classify');
    run(studio);
  };
const set =
  (change: Partial<StudioState>) =>
  (studio: Studio): void =>
    studio.store.setState(change);
/** Commands on pictures mean those of the Classify screen; on others they would change what nobody sees. */
function needsClassify(state: StudioState): string | null {
  return state.screen === 'classify' ? null : 'The pictures are on the Classify screen.';
}
function needsPhotos(state: StudioState): string | null {
  return state.photos.size === 0 ? 'There are no pictures yet.' : null;
}
function needsSelection(state: StudioState): string | null {
  return needsClassify(state) ?? (state.selection.ids.size === 0 ? 'No picture is selected.' : null);
}
function needsVerdicts(state: StudioState): string | null {
  const { sure, unsure, corrected } = state.list.counts;
  return sure + unsure + corrected === 0 ? 'No picture has been judged yet.' : null;
}
function needsTwoModels(state: StudioState): string | null {
  return state.selected.length < 2 ? 'Choose a second model first.' : null;
}
function needsAnother(state: StudioState): string | null {
  return judgesOf(state.models).length < 2 ? 'There is only one model.' : null;
}
function needsRunning(state: StudioState): string | null {
  return state.run.state === 'running' ? null : 'Nothing is being judged.';
}
function needsStopped(state: StudioState): string | null {
  return state.run.state === 'stopped' ? null : 'Nothing was stopped.';
}

function needsQueue(state: StudioState): string | null {
  return isQueueBusy(state.queue) ? null : 'No job is running or waiting.';
}

/** Adds the first other model beside the chosen one, or goes back to one. */
function compareModels(studio: Studio): void {
  const { models, selected } = studio.store.getState();
  const [first] = selected;
  if (first === undefined) return;
  const other = models.find((model) => model.id !== first);
  if (selected.length === 2) void selectModels(studio, [first]);
  else if (other !== undefined) void selectModels(studio, [first, other.id]);
}

function removeSelected(studio: Studio): void {
  void removePhotos(studio, [...studio.store.getState().selection.ids]);
}

function openSelected(studio: Studio): void {
  const { selection } = studio.store.getState();
  const id = selection.active ?? [...selection.ids][0];
  if (id !== undefined) openDetail(studio, id);
}

function selectEverything(studio: Studio): void {
  studio.store.setState((state) => ({ selection: selectAll(state.list.order, state.selection) }));
}

function needsDataset(state: StudioState): string | null {
  if (state.screen !== 'data') return 'Open a data set first.';
  return state.data.detail === null ? 'No data set is open.' : null;
}
function needsSamples(state: StudioState): string | null {
  const { selection, opened } = state.data;
  const isAny = selection.ids.size > 0 || selection.active !== null || opened !== null;
  return needsDataset(state) ?? (isAny ? null : 'No sample is selected.');
}

function selectAllSamples(studio: Studio): void {
  const { order, selection } = studio.store.getState().data;
  if (order !== null) setData(studio, { selection: selectAll<number>(order.indices, selection) });
}

function removeShown(studio: Studio): void {
  const { shown } = studio.store.getState().data;
  if (shown !== null) void removeDataset(studio, shown);
}

/** Del, Ctrl A and the like mean what is on the screen: the Data screen takes these keys itself. */
const dataCommands = {
  'home.show': command('View', 'Go to Home', (s) => goTo(s, 'home')),
  'data.show': command('Data', 'Show data sets', (s) => goTo(s, 'data')),
  'data.import': command(
    'Data',
    'Import data files...',
    later((s) => chooseData(s, 'data')),
    { shortcuts: ['Mod+D'] },
  ),
  'data.importFolder': command(
    'Data',
    'Import a folder of data...',
    later((s) => chooseData(s, 'dataFolder')),
    { shortcuts: ['Mod+Shift+D'] },
  ),
  'data.gallery': command('Data', 'Add a built-in data set', (s) => {
    goTo(s, 'data');
    void loadGallery(s);
  }),
  'data.check': command('Data', 'Check the data set', later(checkDataset), { whyNot: needsDataset }),
  'data.label': command('Data', 'Give labels by key', later(startLabelling), { whyNot: needsDataset }),
  'data.exclude': command('Data', 'Exclude the selected samples', excludeMeant, { whyNot: needsSamples }),
  'data.selectAll': command('Data', 'Select all samples', selectAllSamples, { whyNot: needsDataset }),
  'data.seal': command('Data', 'Seal a revision', later(sealDataset), { whyNot: needsDataset }),
  'data.remove': command('Data', 'Remove the data set', removeShown, { whyNot: needsDataset }),
};

export const commands: Readonly<Record<CommandId, Command>> = {
  'photos.open': command(
    'Pictures',
    'Add pictures...',
    later((s) => openPictures(s, 'pictures')),
    {
      shortcuts: ['Mod+O'],
    },
  ),
  'photos.openFolder': command(
    'Pictures',
    'Add folder...',
    later((s) => openPictures(s, 'folder')),
    {
      shortcuts: ['Mod+Shift+O'],
    },
  ),
  'photos.samples': command('Pictures', 'Show the sample photos', later(addSamples)),
  'photos.clear': command(
    'Pictures',
    'Clear the list',
    later((s) => removePhotos(s, null)),
    { whyNot: needsPhotos },
  ),
  'photos.removeSelected': command('Pictures', 'Remove selected pictures', removeSelected, {
    shortcuts: ['Delete', 'Backspace'],
    whyNot: needsSelection,
  }),
  'photos.selectAll': command('Edit', 'Select all', onClassify(selectEverything), {
    shortcuts: ['Mod+A'],
    whyNot: (state) => needsClassify(state) ?? needsPhotos(state),
  }),
  ...dataCommands,
  ...trainCommands,
  'run.stop': command(
    'Judging',
    'Stop judging',
    later((s) => setRunning(s, 'run.stop')),
    { whyNot: needsRunning },
  ),
  'run.resume': command(
    'Judging',
    'Go on judging',
    later((s) => setRunning(s, 'run.resume')),
    { whyNot: needsStopped },
  ),
  'edit.undo': command('Edit', 'Undo', later(undo), {
    shortcuts: ['Mod+Z'],
    whyNot: (state) => (state.history.undo === null ? 'There is nothing to undo.' : null),
  }),
  'edit.redo': command('Edit', 'Redo', later(redo), {
    shortcuts: ['Mod+Shift+Z', 'Mod+Y'],
    whyNot: (state) => (state.history.redo === null ? 'There is nothing to do again.' : null),
  }),
  'models.import': command('Models', 'Import a model...', later(chooseModelFile)),
  'models.show': command('Models', 'Show models', (studio) => goTo(studio, 'models')),
  'models.compare': command('Models', 'Compare two models', onClassify(compareModels), { whyNot: needsAnother }),
  'export.csv': command(
    'Export',
    'Export as CSV...',
    later((s) => exportTable(s, 'csv')),
    {
      shortcuts: ['Mod+E'],
      whyNot: needsVerdicts,
    },
  ),
  'export.jsonl': command(
    'Export',
    'Export as JSON lines...',
    later((s) => exportTable(s, 'jsonl')),
    {
      whyNot: needsVerdicts,
    },
  ),
  'export.parquet': command(
    'Export',
    'Export as Parquet...',
    later((s) => exportTable(s, 'parquet')),
    {
      whyNot: needsVerdicts,
    },
  ),
  'export.folders': command('Export', 'Copy into label folders...', later(exportFolders), { whyNot: needsVerdicts }),
  'view.palette': command('View', 'Find a command...', set({ overlay: 'palette' }), { shortcuts: ['Mod+K'] }),
  'view.inspector': command('View', 'Inspector', toggleInspector, { shortcuts: ['Mod+I'] }),
  'view.grid': command('View', 'Show as grid', onClassify(set({ layout: 'grid' })), { shortcuts: ['Mod+1'] }),
  'view.list': command('View', 'Show as list', onClassify(set({ layout: 'list' })), { shortcuts: ['Mod+2'] }),
  'view.boxes': command('View', 'Boxes on pictures', (s) => toggle(s, 'showsBoxes'), { shortcuts: ['B'] }),
  'view.theme': command('View', 'Light, dark or as the system', (studio) =>
    applyTheme(studio, nextTheme(studio.store.getState().theme)),
  ),
  'view.jobs': command('View', 'Jobs', (s) => toggle(s, 'isJobsOpen'), { shortcuts: ['Mod+J'] }),
  'jobs.pauseAll': command(
    'Jobs',
    'Pause all jobs',
    later((s) => setQueuePaused(s, true)),
    { whyNot: (state) => (state.queue.isPaused ? 'All jobs are paused already.' : needsQueue(state)) },
  ),
  'jobs.resumeAll': command(
    'Jobs',
    'Go on with all jobs',
    later((s) => setQueuePaused(s, false)),
    { whyNot: (state) => (state.queue.isPaused ? null : 'The jobs are not paused.') },
  ),
  'jobs.gentle': command(
    'Jobs',
    'Go easy while I work, or at full speed',
    later((s) => setGentle(s, !s.store.getState().queue.isGentle)),
  ),
  'workspace.show': command('Workspace', 'Workspace', (s) => showWorkspaceMenu(s, true)),
  'workspace.open': command(
    'Workspace',
    'Open another workspace...',
    later((s) => openWorkspace(s, null)),
  ),
  'workspace.create': command('Workspace', 'New workspace...', later(createWorkspace)),
  'workspace.reveal': command('Workspace', 'Show the workspace folder', revealWorkspace),
  'workspace.verify': command('Workspace', 'Check every file of the workspace', later(verifyWorkspace)),
  'workspace.backup': command('Workspace', 'Back up the workspace...', later(backUpWorkspace)),
  'view.detail': command('View', 'Open picture', onClassify(openSelected), {
    shortcuts: ['Enter', 'Space'],
    whyNot: needsSelection,
  }),
  'sort.confidence': command(
    'Sort',
    'Sort by confidence',
    onClassify((s) => setSort(s, 'confidence')),
  ),
  'sort.doubtful': command(
    'Sort',
    'Sort by doubt',
    onClassify((s) => setSort(s, 'doubtful')),
  ),
  'sort.name': command(
    'Sort',
    'Sort by name',
    onClassify((s) => setSort(s, 'name')),
  ),
  'sort.disagreement': command(
    'Sort',
    'Sort by disagreement',
    onClassify((s) => setSort(s, 'disagreement')),
    {
      whyNot: needsTwoModels,
    },
  ),
  'help.shortcuts': command('Help', 'Keyboard shortcuts', set({ overlay: 'shortcuts' }), { shortcuts: ['?'] }),
  'help.network': command('Help', 'Outbound requests', set({ isNetworkOpen: true })),
  'help.about': command('Help', 'About Duet', set({ overlay: 'about' })),
};

/** Runs a command unless it cannot be used now; says whether it ran. */
export function runCommand(studio: Studio, id: CommandId): boolean {
  const chosen = commands[id];
  if (chosen.whyNot(studio.store.getState()) !== null) return false;
  chosen.run(studio);
  return true;
}
