/** Takes the files of a Debian package without installing it: no root needed, only apt-get and dpkg-deb. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

function must(command, args, cwd) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (error || status !== 0) throw new Error(`${command} ${args.join(' ')} failed: this needs Debian's tools`);
}

/** A fresh machine has no lists of packages yet; only root can fetch them. */
function download(name, folder) {
  const args = ['download', '-qq', '-o', 'APT::Sandbox::User=root', name];
  try {
    must('apt-get', args, folder);
  } catch (error) {
    if (process.getuid?.() !== 0) throw error;
    must('apt-get', ['update', '-qq'], folder);
    must('apt-get', args, folder);
  }
}

/**
 * Downloads a package into `folder`, unpacks it there, and returns the tree of its files.
 * @param {string} name
 * @param {string} folder
 * @returns {string}
 */
export function unpackDebianPackage(name, folder) {
  const tree = path.join(folder, 'tree');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  download(name, folder);
  const archive = readdirSync(folder).find((file) => file.startsWith(`${name}_`) && file.endsWith('.deb'));
  must('dpkg-deb', ['-x', archive, tree], folder);
  return tree;
}
