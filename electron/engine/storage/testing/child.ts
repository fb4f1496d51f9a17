/** Runs storage code in a process of its own, which a test can kill, starve of disk, or have fail at a chosen system call. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..', '..', '..');

interface Bundle {
  /** The file's name as a JavaScript string, to import from. */
  module: string;
  remove(): void;
}

/** Bundles modules of this folder into one file that a plain Node can load; it lies where packages are found. */
export function bundle(name: string, ...modules: readonly string[]): Bundle {
  const folder = path.join(root, '.cache', 'storage-tests', `${name}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'storage.mjs');
  const words = ['--bundle', '--platform=node', '--format=esm', '--packages=external', `--outfile=${file}`];
  execFileSync(
    process.execPath,
    [path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild'), ...words, '--log-level=warning'],
    { input: modules.map((one) => `export * from './electron/engine/storage/${one}';`).join('\n'), cwd: root },
  );
  return { module: JSON.stringify(file), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

interface RunOptions {
  /** Shell commands run before, as root of a mount namespace of its own that ends with the process. */
  mounts?: string;
  /** What strace is to do at which call, such as `fsync:error=EIO:when=2`. */
  inject?: string;
}

interface Ended {
  /** All that was printed, line by line. */
  lines: string[];
  err: string;
  signal: string | null;
}

/** Runs a module's text to its end. Calls are counted for each thread, so all work with files is done by one. */
export function runNode(script: string, { mounts, inject }: RunOptions = {}): Ended {
  const node = [process.execPath, '--input-type=module', '-e', script];
  const traced = inject === undefined ? node : [...straceWords(inject), ...node];
  const [command = '', ...words] = mounts === undefined ? traced : [...namespaceWords(mounts), ...traced];
  const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
  const ended = spawnSync(command, words, { encoding: 'utf8', cwd: root, env });
  if (ended.error !== undefined) throw ended.error;
  // strace dies of the signal that its child died of; a shell would say 137.
  const signal = ended.status === 137 ? 'SIGKILL' : ended.signal;
  return { lines: ended.stdout.split('\n').filter((line) => line !== ''), err: ended.stderr, signal };
}

/** Not with --seccomp-bpf, under which strace 6.1 injects errors but no signals. */
function straceWords(inject: string): string[] {
  const calls = inject.slice(0, inject.indexOf(':'));
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${inject}`];
}

function namespaceWords(mounts: string): string[] {
  return ['unshare', '--mount', '--map-root-user', '--user', 'sh', '-c', `${mounts} && exec "$0" "$@"`];
}

interface Fault {
  /** As strace names it. */
  inject: string;
  ended: Ended;
}

/**
 * Has `run` once for each call of each kind, in order, until one ends without the fault having struck. `prepare` puts everything
 * back before each. Gives how often it struck.
 */
export function strikeEach(
  calls: readonly string[],
  fault: string,
  { prepare, script, check }: { prepare: () => void; script: () => string; check: (fault: Fault) => void },
): number {
  let strikes = 0;
  for (const call of calls) {
    for (let when = 1; ; when++) {
      prepare();
      const inject = `${call}:${fault}:when=${when}`;
      const ended = runNode(script(), { inject });
      check({ inject, ended });
      if (!hasStruck(ended)) break;
      strikes += 1;
    }
  }
  return strikes;
}

/** The last run of each kind meets no fault: it is neither killed nor refused anything. */
function hasStruck({ signal, lines }: Ended): boolean {
  return signal !== null || lines.some((line) => line.startsWith('refused'));
}
