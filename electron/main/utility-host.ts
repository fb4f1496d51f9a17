/** Starts the roles as Electron utility processes, and hands the engine ports to the workers it asks for. */
import { MessageChannelMain, type MessagePortMain, type UtilityProcess, utilityProcess } from 'electron';
import path from 'node:path';
import type { EngineStart } from '../contract/host';
import type { Transport } from '../contract/transport';
import type { HostedProcess, ProcessHost, Role } from '../engine/processes/process-host';
import { makeEnding } from '../hosts/ended';
import { childEnvironment } from '../hosts/node-host';
import { portTransport } from '../hosts/parent';
import { type SpawnReply, spawnRequestSchema } from '../hosts/port-host';

export interface EngineHost extends ProcessHost {
  /** Sends the running engine a port for a page. */
  giveWindow(port: MessagePortMain): void;
}

export interface EngineHostOptions {
  folder: string;
  start(): EngineStart;
}

export function createEngineHost(options: EngineHostOptions): EngineHost {
  let engine: UtilityProcess | undefined;

  function fork(role: Role): UtilityProcess {
    return utilityProcess.fork(path.join(options.folder, `${role}.cjs`), [], {
      serviceName: `duet-${role}`,
      env: childEnvironment(),
      stdio: 'inherit',
    });
  }

  function spawnEngine(): HostedProcess {
    const child = fork('engine');
    const { port1, port2 } = new MessageChannelMain();
    const workers = serveSpawns(child, fork);
    engine = child;
    child.once('exit', () => {
      if (engine === child) engine = undefined;
      for (const worker of workers.values()) worker.kill();
    });
    child.postMessage({ start: options.start() }, [port1]);
    return hosted(child, portTransport(port2));
  }

  return {
    spawn: (role) => {
      if (role !== 'engine')
        return Promise.reject(new Error('main starts the engine; the engine asks for its workers'));
      return Promise.resolve(spawnEngine());
    },
    giveWindow: (port) => engine?.postMessage({ window: true }, [port]),
  };
}

function hosted(child: UtilityProcess, transport: Transport): HostedProcess {
  const ending = makeEnding(transport);
  // The exit code says nothing (0 came for SIGSEGV too): any exit nobody asked for is a crash.
  child.once('exit', () => ending.ended('it ended'));
  return {
    transport: ending.transport,
    pid: child.pid,
    onExit: ending.onExit,
    kill: () => killHard(child),
  };
}

/** `kill()` asks politely; a process that computes does not listen. */
function killHard(child: UtilityProcess): void {
  if (child.pid === undefined) {
    child.kill();
    return;
  }
  try {
    process.kill(child.pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}

/** Answers the engine's spawn requests. */
function serveSpawns(engine: UtilityProcess, fork: (role: Role) => UtilityProcess): Map<number, UtilityProcess> {
  const workers = new Map<number, UtilityProcess>();
  const reply = (message: SpawnReply, ports: MessagePortMain[] = []): void => engine.postMessage(message, ports);
  engine.on('message', (message: unknown) => {
    const request = spawnRequestSchema.safeParse(message);
    if (!request.success) return;
    const { key } = request.data;
    if (request.data.t === 'kill') {
      const worker = workers.get(key);
      if (worker !== undefined) killHard(worker);
      return;
    }
    const worker = fork(request.data.role);
    workers.set(key, worker);
    const { port1, port2 } = new MessageChannelMain();
    worker.once('spawn', () => {
      worker.postMessage({ connect: true }, [port1]);
      reply({ t: 'spawned', key, ...(worker.pid === undefined ? {} : { pid: worker.pid }) }, [port2]);
    });
    worker.once('exit', () => {
      workers.delete(key);
      reply({ t: 'exited', key, reason: 'it ended' });
    });
  });
  return workers;
}
