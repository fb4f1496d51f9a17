/** Boot: reads as a list of what is set up. Main parses nothing and runs no model. */
import { app, type BrowserWindow, Menu, nativeTheme, session } from 'electron';
import path from 'node:path';
import { openedMessage } from '../contract/bridge-messages';
import { denyNetwork } from '../engine/network-guard';
import { temporaryBase } from '../engine/temporary';
import { answerBridge } from './bridge';
import { Closing } from './closing';
import { EngineLink } from './engine-link';
import { guardContents, guardSession, silenceChromium } from './guards';
import { JobWatch } from './job-watch';
import { buildMenu } from './menu';
import { filesAmong } from './opened-files';
import { pageCalls, type PageParts } from './page-calls';
import { assetsFolder, distFolder, isTestRuntime } from './paths';
import { PreferencesFile } from './preferences';
import { registerScheme, servePage } from './protocol';
import { createEngineHost } from './utility-host';
import { createWindow } from './window';
import { Workspaces } from './workspaces';

let window: BrowserWindow | undefined;
let waitingFiles = filesAmong(process.argv.slice(1), process.cwd());

function makeEngine(workspaces: Workspaces, jobs: JobWatch): EngineLink {
  const host = createEngineHost({
    folder: distFolder(),
    start: () => ({
      workspace: workspaces.current(),
      assets: assetsFolder(),
      temporary: temporaryBase(),
      version: app.getVersion(),
      runtime: `Electron ${process.versions.electron}, Chromium ${process.versions.chrome}, Node ${process.versions.node}`,
      isTestRuntime: isTestRuntime(),
      device: app.commandLine.getSwitchValue('device') || 'auto',
      showSamples: true,
      decoders: 0,
    }),
  });
  return new EngineLink(
    host,
    () => performance.now(),
    (client) => jobs.follow(client),
  );
}

/** Gives the page what was opened from outside, once it is there to take it. */
async function tellOpened(engine: EngineLink): Promise<void> {
  if (window === undefined || waitingFiles.length === 0) return;
  const paths = waitingFiles;
  waitingFiles = [];
  window.webContents.send(openedMessage, await engine.call('handles.add', { paths }));
}

function openWindow({ engine, preferences, closing }: PageParts): void {
  window = createWindow(preferences, app.isPackaged);
  closing.guard(window);
  window.on('closed', () => (window = undefined));
  window.webContents.on('did-finish-load', () => void tellOpened(engine));
}

function onReady(): void {
  const preferences = new PreferencesFile();
  nativeTheme.themeSource = preferences.get().theme;
  const workspaces = new Workspaces(preferences);
  const jobs = new JobWatch(() => window);
  const engine = makeEngine(workspaces, jobs);
  const parts: PageParts = { engine, preferences, workspaces, closing: new Closing(() => jobs.running()) };
  const count = (counted: { refused: number; letOut: number }): void => {
    engine.call('network.count', counted).catch(() => undefined);
  };
  guardSession(session.defaultSession, count);
  servePage(session.defaultSession, path.join(distFolder(), 'renderer'), engine);
  // The page's process starts by itself meanwhile; nothing of it is heard before this turn of the loop is over.
  openWindow(parts);
  denyNetwork(() => count({ refused: 1, letOut: 0 }));
  answerBridge(pageCalls(parts));
  Menu.setApplicationMenu(buildMenu(() => window));

  app.on('activate', () => {
    if (window === undefined) openWindow(parts);
  });
  app.on('second-instance', (_event, argv, workingFolder) => {
    waitingFiles.push(...filesAmong(argv.slice(1), workingFolder));
    window?.show();
    window?.focus();
    void tellOpened(engine);
  });
  app.on('open-file', (event, file) => {
    event.preventDefault();
    waitingFiles.push(file);
    void tellOpened(engine);
  });
  parts.closing.stopInOrder(engine);
}

function main(): void {
  silenceChromium();
  registerScheme();
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return;
  }
  // Chromium has no sandbox for root (containers, tests); the window asks for its own in any case.
  if (process.getuid?.() !== 0) app.enableSandbox();
  app.on('web-contents-created', (_event, contents) => guardContents(contents));
  app.on('window-all-closed', () => app.quit());
  void app.whenReady().then(onReady);
}

main();
