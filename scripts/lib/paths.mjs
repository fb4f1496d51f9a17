/** The places every script agrees on: the checkout's root, its build output and its scratch folder. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
export const distFolder = path.join(root, 'dist');
export const scratchFolder = path.join(root, '.cache');

/** A path inside the checkout. */
export function inRoot(...parts) {
  return path.join(root, ...parts);
}

/** The script file of an installed package, started with our own Node: no shell and no .cmd shim on any system. */
export function packageScript(name, file) {
  return inRoot('node_modules', ...name.split('/'), file);
}
