/** Starts other programs: npm wherever it lives, a child with its output shown or kept, a child that takes over. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './paths.mjs';

/** Command and leading arguments for npm: its own script where it can be found, since Windows' npm.cmd needs a shell. */
function npmCommand() {
  const beside = path.join(path.dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  const script = [process.env.npm_execpath, beside].find((file) => file?.endsWith('npm-cli.js') && existsSync(file));
  if (script) return { command: process.execPath, lead: [script], shell: false };
  const windows = process.platform === 'win32';
  return { command: windows ? 'npm.cmd' : 'npm', lead: [], shell: windows };
}

/** Runs npm to its end. `show` lets it talk (on stderr, so that stdout stays ours); else its output comes back. */
export function npm(args, { cwd = root, show = false } = {}) {
  const { command, lead, shell } = npmCommand();
  const stdio = show ? ['ignore', 2, 2] : ['ignore', 'pipe', 'pipe'];
  const result = spawnSync(command, [...lead, ...args], { cwd, shell, stdio, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (result.error) throw new Error(`npm could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    const why = show ? '' : `\n${result.stderr.trim()}`;
    throw new Error(`npm ${args[0]} ended with code ${String(result.status)}${why}`);
  }
  return result.stdout ?? '';
}

/** Runs a child quietly, for `timeoutMs` at most, and resolves to its exit code and all it wrote, in order. */
export function capture(command, args, { env = {}, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    const finish = (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') });
    child.on('error', (error) => {
      chunks.push(Buffer.from(`${command}: ${error.message}\n`));
      finish(127);
    });
    child.on('close', (code, signal) => finish(code ?? 128 + (os.constants.signals[signal] ?? 0)));
  });
}

/** Runs a child on our own terminal, passes Ctrl+C and kill on to it, and resolves to its exit code. */
export function handOver(command, args, { env = {}, cwd = process.cwd() } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' });
    const forward = (signal) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? 128 + (os.constants.signals[signal] ?? 0));
    });
  });
}
