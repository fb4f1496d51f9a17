/** The application menu: every item is a command with an id; what it does is decided in the page's command table. */
import { app, type BrowserWindow, Menu, type MenuItemConstructorOptions } from 'electron';
import type { CommandId } from '../contract/bridge';
import { commandMessage } from '../contract/bridge-messages';

type Item = MenuItemConstructorOptions;

export function buildMenu(window: () => BrowserWindow | undefined): Menu {
  const command = (id: CommandId, label: string, accelerator?: string): Item => ({
    id,
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    // The page handles its own keys, also those without a menu; the menu only shows them.
    registerAccelerator: false,
    click: () => window()?.webContents.send(commandMessage, id),
  });
  const line: Item = { type: 'separator' };
  const isMac = process.platform === 'darwin';
  const template: Item[] = [
    ...(isMac ? [macMenu(command)] : []),
    fileMenu(command, line, isMac),
    editMenu(command, line),
    viewMenu(command, line),
    {
      label: '&Data',
      submenu: [
        command('data.show', 'Show data sets'),
        command('data.import', 'Import files...', 'CmdOrCtrl+D'),
        command('data.importFolder', 'Import a folder...', 'CmdOrCtrl+Shift+D'),
        command('data.gallery', 'Add a built-in data set'),
        line,
        command('data.label', 'Give labels by key'),
        command('data.check', 'Check the data set'),
        command('data.seal', 'Seal a revision'),
        line,
        command('data.remove', 'Remove the data set'),
      ],
    },
    trainMenu(command, line),
    {
      label: '&Models',
      submenu: [
        command('models.show', 'Show models'),
        command('models.compare', 'Compare two models'),
        command('models.import', 'Import model...'),
      ],
    },
    {
      label: '&Help',
      role: 'help',
      submenu: [
        command('help.shortcuts', 'Keyboard shortcuts', '?'),
        command('help.network', 'Outbound requests'),
        command('help.about', 'About Duet'),
      ],
    },
  ];
  return Menu.buildFromTemplate(template);
}

function trainMenu(command: MakeItem, line: Item): Item {
  return {
    label: '&Train',
    submenu: [
      command('train.show', 'Show training'),
      command('train.new', 'Set up a new run'),
      command('train.start', 'Train', 'CmdOrCtrl+Enter'),
      line,
      command('train.pause', 'Pause or go on'),
      command('train.keep', 'Stop and keep'),
    ],
  };
}

type MakeItem = (id: CommandId, label: string, accelerator?: string) => Item;

function macMenu(command: MakeItem): Item {
  return {
    label: app.name,
    submenu: [
      command('help.about', 'About Duet'),
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  };
}

function fileMenu(command: MakeItem, line: Item, isMac: boolean): Item {
  return {
    label: '&File',
    submenu: [
      command('photos.open', 'Add pictures...', 'CmdOrCtrl+O'),
      command('photos.openFolder', 'Add folder...', 'CmdOrCtrl+Shift+O'),
      command('photos.samples', 'Show the sample photos'),
      line,
      command('export.csv', 'Export as CSV...', 'CmdOrCtrl+E'),
      command('export.jsonl', 'Export as JSON lines...'),
      command('export.parquet', 'Export as Parquet...'),
      command('export.folders', 'Copy into label folders...'),
      line,
      command('run.stop', 'Stop judging'),
      command('run.resume', 'Go on judging'),
      line,
      {
        label: 'Workspace',
        submenu: [
          command('workspace.show', 'About this workspace'),
          command('workspace.open', 'Open another...'),
          command('workspace.create', 'New...'),
          line,
          command('workspace.reveal', 'Show the folder'),
          command('workspace.verify', 'Check every file'),
          command('workspace.backup', 'Back up...'),
        ],
      },
      line,
      isMac ? { role: 'close' } : { role: 'quit' },
    ],
  };
}

function editMenu(command: MakeItem, line: Item): Item {
  return {
    label: '&Edit',
    submenu: [
      command('edit.undo', 'Undo', 'CmdOrCtrl+Z'),
      command('edit.redo', 'Redo', 'CmdOrCtrl+Shift+Z'),
      line,
      { role: 'cut' },
      { role: 'copy' },
      { role: 'paste' },
      command('photos.selectAll', 'Select all', 'CmdOrCtrl+A'),
      line,
      command('photos.removeSelected', 'Remove selected', 'Delete'),
      command('photos.clear', 'Clear the list'),
    ],
  };
}

function viewMenu(command: MakeItem, line: Item): Item {
  return {
    label: '&View',
    submenu: [
      command('view.palette', 'Find a command...', 'CmdOrCtrl+K'),
      command('view.inspector', 'Inspector', 'CmdOrCtrl+I'),
      command('view.jobs', 'Jobs', 'CmdOrCtrl+J'),
      command('jobs.pauseAll', 'Pause all jobs'),
      command('jobs.resumeAll', 'Go on with all jobs'),
      command('jobs.gentle', 'Go easy while I work'),
      line,
      command('view.grid', 'Grid'),
      command('view.list', 'List'),
      command('view.detail', 'Open picture', 'Enter'),
      command('view.boxes', 'Boxes on pictures'),
      line,
      command('sort.confidence', 'Sort by confidence'),
      command('sort.doubtful', 'Sort by doubt'),
      command('sort.name', 'Sort by name'),
      command('sort.disagreement', 'Sort by disagreement'),
      line,
      command('view.theme', 'Light or dark'),
      { role: 'zoomIn' },
      { role: 'zoomOut' },
      { role: 'resetZoom' },
      { role: 'togglefullscreen' },
    ],
  };
}
