/** Where things lie, in a checkout and in the packaged application. */
import { app } from 'electron';
import path from 'node:path';

/** The bundled process files, beside main itself. */
export function distFolder(): string {
  return __dirname;
}

/** Models and samples lie outside the archive: the runtime maps model files into memory. */
export function assetsFolder(): string {
  return app.isPackaged ? path.join(process.resourcesPath, 'assets') : path.join(app.getAppPath(), 'assets');
}

/** The runtime that packages are built with; any other one is for tests. */
const pinnedElectronMajor = 45;

export function isTestRuntime(): boolean {
  return Number.parseInt(process.versions.electron, 10) < pinnedElectronMajor;
}
