/** Closes every way out of the page: other addresses, new windows, permissions, and the network, which is counted. */
import { app, type Session, type WebContents } from 'electron';
import { pageOrigin } from './content-policy';

/** Schemes that never leave the machine. */
const localSchemes = new Set(['duet:', 'devtools:', 'data:', 'blob:', 'chrome-extension:']);

/** Switches that keep Chromium from talking to anyone by itself; before the application is ready. */
export function silenceChromium(): void {
  const { commandLine } = app;
  for (const name of [
    'disable-background-networking',
    'disable-component-update',
    'disable-domain-reliability',
    'disable-sync',
    'disable-quic',
    'no-first-run',
    'no-pings',
    'no-proxy-server',
  ]) {
    commandLine.appendSwitch(name);
  }
  commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => event.preventDefault());
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => event.preventDefault());
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Denies every permission, and cancels and counts every request that would leave the machine. */
export function guardSession(session: Session, onRequest: (count: { refused: number; letOut: number }) => void): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest((details, callback) => {
    const isLocal = isLocalAddress(details.url);
    if (!isLocal) onRequest({ refused: 1, letOut: 0 });
    callback({ cancel: !isLocal });
  });
  // Counted for itself, so that the figure on screen is what happened and not what was intended.
  session.webRequest.onSendHeaders((details) => {
    if (!isLocalAddress(details.url)) onRequest({ refused: 0, letOut: 1 });
  });
}

function isLocalAddress(address: string): boolean {
  try {
    return localSchemes.has(new URL(address).protocol);
  } catch {
    return false;
  }
}

export const startAddress = `${pageOrigin}/index.html`;
