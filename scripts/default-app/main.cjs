/**
 * What `electron .` does on the test runtime, which comes without Electron's own default app: load the modules named
 * with -r (Playwright puts its loader there), take name and version from the app's package.json, run its main file.
 */
const { app } = require('electron');
const fs = require('node:fs');
const path = require('node:path');
const Module = require('node:module');

/** Splits `[-r module]... [--switches] app ...` as Electron does; what follows the app is the app's own. */
function parse(args) {
  const preload = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '-v' || args[i] === '--version') return { preload, version: true };
    if (args[i] === '-r' || args[i] === '--require') preload.push(args[++i]);
    else if (!args[i].startsWith('-')) return { preload, target: path.resolve(args[i]) };
  }
  return { preload };
}

const { preload, target, version } = parse(process.argv.slice(1));
if (version) {
  console.log(`v${process.versions.electron}`);
  process.exit(0);
}
if (!target) {
  console.error('usage: electron [-r module] <app>');
  process.exit(1);
}

Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
if (preload.length > 0) Module._preloadModules(preload);

const manifest = path.join(target, 'package.json');
if (fs.existsSync(manifest)) {
  const { name, productName, version: appVersion } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
  if (appVersion) app.setVersion(appVersion);
  if (productName || name) app.setName(productName || name);
}
const file = Module._resolveFilename(target, null, true);
app.setAppPath(fs.existsSync(manifest) ? target : path.dirname(file));
Module._load(file, Module, true);
