/** Starts the roles as plain Node children of this process, for the command line. */
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { Listeners, type Transport } from '../contract/transport';
import type { HostedProcess, ProcessHost, Role } from '../engine/processes/process-host';
import { makeEnding } from './ended';

/** Only what a child needs: no secrets of the person's shell. */
export function childEnvironment(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const kept = [
    'PATH',
    'HOME',
    'LANG',
    'LC_ALL',
    'TMPDIR',
    'TMP',
    'TEMP',
    'SystemRoot',
    'LD_LIBRARY_PATH',
    'XDG_CACHE_HOME',
  ];
  const environment: NodeJS.ProcessEnv = {};
  for (const name of kept) if (source[name] !== undefined) environment[name] = source[name];
  // From 1.29 on ONNX Runtime reports to its makers, from native code that no guard of ours sees; read once, at its start.
  environment['ORT_DISABLE_TELEMETRY'] = '1';
  return environment;
}

/** Children are `<folder>/<role>.cjs`. */
export function createNodeHost(folder: string): ProcessHost {
  return { spawn: (role) => Promise.resolve(hostChild(forkRole(folder, role))) };
}

function forkRole(folder: string, role: Role): ChildProcess {
  return fork(path.join(folder, `${role}.cjs`), [], {
    serialization: 'advanced',
    env: childEnvironment(),
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

function hostChild(child: ChildProcess): HostedProcess {
  const ending = makeEnding(childTransport(child));
  child.once('error', (error) => ending.ended(error.message));
  child.once('exit', (code, signal) => ending.ended(signal ?? `exit code ${String(code)}`));
  return {
    transport: ending.transport,
    pid: child.pid,
    onExit: ending.onExit,
    kill: () => void child.kill('SIGKILL'),
  };
}

function childTransport(child: ChildProcess): Transport {
  const messages = new Listeners<unknown>();
  const closes = new Listeners<undefined>();
  child.on('message', (message: unknown) => messages.tell(message));
  child.once('disconnect', () => closes.tell(undefined));
  return {
    // A child that is just dying refuses messages; its exit rejects what was pending.
    send: (message) => {
      if (child.connected && isSendable(message)) child.send(message, () => undefined);
    },
    onMessage: (listener) => messages.add(listener),
    onClose: (listener) => closes.add(listener),
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

function isSendable(message: unknown): message is object {
  return typeof message === 'object' && message !== null;
}
