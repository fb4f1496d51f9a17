/** The one window: literal, locked-down preferences, its last place, shown when it has something to show. */
import { BrowserWindow, nativeTheme, screen, type Rectangle } from 'electron';
import path from 'node:path';
import { startAddress } from './guards';
import { revivePage } from './page-revival';
import { distFolder } from './paths';
import type { PreferencesFile } from './preferences';

const defaultSize = { width: 1280, height: 800 };
const minimumSize = { minWidth: 960, minHeight: 640 };
/** `surface-0` of the two themes, so that no flash of another colour comes first. */
const grounds = { light: '#f4f4f6', dark: '#101013' };

export function createWindow(preferences: PreferencesFile, isPackaged: boolean): BrowserWindow {
  const { bounds, isMaximized } = preferences.get();
  const window = new BrowserWindow({
    ...defaultSize,
    ...(bounds !== null && isVisible(bounds) ? bounds : {}),
    ...minimumSize,
    show: false,
    title: 'Duet',
    backgroundColor: nativeTheme.shouldUseDarkColors ? grounds.dark : grounds.light,
    autoHideMenuBar: true,
    webPreferences: {
      preload: path.join(distFolder(), 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      spellcheck: false,
      devTools: !isPackaged,
      disableDialogs: true,
      enableWebSQL: false,
      navigateOnDragDrop: false,
    },
  });
  window.once('ready-to-show', () => {
    if (isMaximized) window.maximize();
    window.show();
  });
  window.on('close', () => preferences.set({ bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }));
  revivePage(window, () => performance.now());
  window.loadURL(startAddress).catch(() => undefined);
  return window;
}

/** A place saved on a screen that is gone would hide the window. */
function isVisible(bounds: Rectangle): boolean {
  return screen.getAllDisplays().some(({ workArea }) => {
    const width = Math.min(bounds.x + bounds.width, workArea.x + workArea.width) - Math.max(bounds.x, workArea.x);
    const height = Math.min(bounds.y + bounds.height, workArea.y + workArea.height) - Math.max(bounds.y, workArea.y);
    return width > 100 && height > 100;
  });
}
