/** Runs storage code in a process of its own, which a test can kill, starve of disk, or have fail at a chosen system call. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..', '..', '..', '..');

/** Bundles modules of this folder into one file that a plain Node can load; gives the words to import from it. */
export function bundle(folder: string, ...modules: readonly string[]): string {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'storage.mjs');
  const lines = modules.map((name) => `export * from ${JSON.stringify(path.join(import.meta.dirname, '..', name))};`);
  execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules', 'esbuild', 'bin', 'esbuild'),
      '--bundle',
      '--platform=node',
      '--format=esm',
      `--banner:js=import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(path.join(root, 'x.js'))});`,
      '--external:libsql',
      `--outfile=${file}`,
      '--log-level=warning',
    ],
    { input: lines.join('\n'), cwd: root },
  );
  return JSON.stringify(file);
}

interface RunOptions {
  /** Shell commands run before, as root of a mount namespace of its own that ends with the process. */
  mounts?: string;
  /** What strace is to do, such as `fsync:error=EIO:when=2`; system calls are counted for each thread, so there is only one. */
  inject?: string;
}

export interface Ended {
  /** All that was printed. */
  out: string;
  err: string;
  code: number | null;
  signal: string | null;
}

/** Runs a module's text to its end. */
export function runNode(script: string, { mounts, inject }: RunOptions = {}): Ended {
  const node = [process.execPath, '--input-type=module', '-e', script];
  const traced = inject === undefined ? node : [...straceWords(inject), ...node];
  const words = mounts === undefined ? traced : [...namespaceWords(mounts), ...traced];
  const [command = '', ...rest] = words;
  const ended = spawnSync(command, rest, {
    encoding: 'utf8',
    cwd: root,
    env: { ...process.env, UV_THREADPOOL_SIZE: '1' },
  });
  if (ended.error !== undefined) throw ended.error;
  return { out: ended.stdout, err: ended.stderr, code: ended.status, signal: ended.signal };
}

function straceWords(inject: string): string[] {
  const calls = inject.slice(0, inject.indexOf(':'));
  return ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${calls}`, '-e', `inject=${inject}`];
}

function namespaceWords(mounts: string): string[] {
  return ['unshare', '--mount', '--map-root-user', '--user', 'sh', '-c', `${mounts} && exec "$0" "$@"`];
}
