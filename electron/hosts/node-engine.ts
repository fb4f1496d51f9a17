/** Starts the engine as a plain Node child, for the command line and for tests without a window. */
import os from 'node:os';
import path from 'node:path';
import { connect, type Client } from '../contract/client';
import { AppError } from '../contract/errors';
import { type EngineStart, type HostContract, hostContract } from '../contract/host';
import { type PageContract, pageContract } from '../contract/page';
import { channelOf } from './channels';
import { createNodeHost } from './node-host';
import { temporaryBase } from '../engine/temporary';

export interface NodeEngineOptions {
  /** Folder with the bundled process files. */
  dist: string;
  /** Folder with `models` and `samples`. */
  assets: string;
  version: string;
  workspace?: string;
  device: string;
  showSamples: boolean;
  decoders?: number;
  /** For this session alone; without them the saved choice counts. */
  models?: string[];
  makesThumbs?: boolean;
  access?: 'read' | 'write';
  /** Whether waiting jobs are worked on (default: no). */
  runsJobs?: boolean;
}

export interface NodeEngine {
  studio: Client<PageContract>;
  host: Client<HostContract>;
  /** Process id of the engine. */
  pid: number | undefined;
  /** Told once, with the reason, when the engine's process has ended, for whatever cause. */
  onExit(listener: (reason: string) => void): () => void;
  /** Jobs at work are kept for the next start. */
  stop(): Promise<void>;
}

/** Documents folder by default, as in the window. */
function defaultWorkspace(): string {
  return path.join(os.homedir(), 'Documents', 'Duet');
}

export async function startNodeEngine(options: NodeEngineOptions): Promise<NodeEngine> {
  const child = await createNodeHost(options.dist).spawn('engine');
  const control = channelOf(child.transport, 'control');
  const start: EngineStart = {
    workspace: options.workspace ?? defaultWorkspace(),
    assets: options.assets,
    temporary: temporaryBase(),
    version: options.version,
    runtime: `Node ${process.versions.node}`,
    isTestRuntime: false,
    device: options.device,
    showSamples: options.showSamples,
    decoders: options.decoders ?? 0,
    runsJobs: options.runsJobs ?? false,
    ...(options.models === undefined ? {} : { models: options.models }),
    ...(options.makesThumbs === undefined ? {} : { makesThumbs: options.makesThumbs }),
    ...(options.access === undefined ? {} : { access: options.access }),
  };
  await new Promise<void>((resolve, reject) => {
    control.onMessage(() => resolve());
    child.onExit((reason) => reject(new AppError('engine/crashed', `The engine could not start (${reason}).`)));
    control.send(start);
  });
  const studio = connect(pageContract, channelOf(child.transport, 'studio'));
  const host = connect(hostContract, channelOf(child.transport, 'host'));
  const ended = new Promise<void>((resolve) => void child.onExit(() => resolve()));
  child.onExit((reason) => {
    studio.close('engine/crashed', `The engine ended unexpectedly (${reason}).`);
    host.close('engine/crashed', `The engine ended unexpectedly (${reason}).`);
  });
  return {
    studio,
    host,
    pid: child.pid,
    onExit: (listener) => child.onExit(listener),
    stop: async () => {
      await host.call('engine.stop', {});
      child.transport.close();
      await ended;
    },
  };
}
