/** The system libraries that Debian and its relatives need: which are missing, and how to install them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { say } from './say.mjs';

// A window needs what Chromium links to; the tests also need a display of their own, fonts, an archiver, ONNX cases
// to read, `ip` to bring up the loopback of an empty network namespace, strace to see every connection, and a Vulkan loader for
// WebGPU without a card.
const windowPackages = ['libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1'];
const testPackages = [
  'xvfb',
  'xauth',
  'fonts-liberation',
  'p7zip-full',
  'libonnx-testdata',
  'iproute2',
  'util-linux',
  'strace',
  'libvulkan1',
];

/** True on Debian and on systems that say they are like it. */
export function isDebianLike(osRelease = '/etc/os-release') {
  if (!existsSync(osRelease)) return false;
  return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync(osRelease, 'utf8'));
}

/** The 64-bit-time names of newer releases stand for the older ones: libgtk-3-0t64 is libgtk-3-0. */
function installed(names) {
  const all = names.flatMap((name) => [name, `${name}t64`]);
  const format = '${Package} ${db:Status-Status}\n';
  const { stdout } = spawnSync('dpkg-query', ['-W', '-f', format, ...all], { encoding: 'utf8' });
  const lines = (stdout ?? '').split('\n').filter((line) => line.endsWith(' installed'));
  return new Set(lines.map((line) => line.split(' ')[0].replace(/t64$/, '')));
}

/** Of the packages for a window (and for the tests), those that are not installed. */
export function missingPackages({ tests }) {
  const wanted = tests ? [...windowPackages, ...testPackages] : windowPackages;
  const there = installed(wanted);
  return wanted.filter((name) => !there.has(name));
}

function nameHere(name) {
  const known = spawnSync('apt-cache', ['show', '--no-all-versions', `${name}t64`], { stdio: 'ignore' });
  return known.status === 0 ? `${name}t64` : name;
}

function apt(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { env, stdio: ['ignore', 2, 2] }).status === 0;
}

/** Installs the packages as root; anyone else is told the exact command. Returns the packages still missing. */
export function installPackages(names, { isRoot }) {
  if (names.length === 0) return [];
  if (!isRoot) {
    say(`Missing system packages. To install them:\n  sudo apt-get install -y ${names.map(nameHere).join(' ')}`);
    return names;
  }
  say(`Installing system packages: ${names.join(', ')}`);
  apt(['update', '-qq']);
  const args = ['install', '-y', '-qq', '--no-install-recommends', '-o', 'Dpkg::Use-Pty=0', ...names.map(nameHere)];
  if (apt(args)) return [];
  say('apt-get could not install all of them (its reason is above).');
  return names;
}
