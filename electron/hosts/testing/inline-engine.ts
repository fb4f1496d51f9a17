/** The whole engine inside this process with real intake, for tests: a page, the starter's side, and a workspace of its own. */
import path from 'node:path';
import { computeHandlers } from '../../engine/compute/service';
import { quarantineHandlers } from '../../engine/compute/quarantine';
import { createEngine } from '../../engine/engine';
import { trainingHandlers } from '../../engine/training/worker/service';
import { intakeHandlers } from '../../engine/intake/service';
import { type Client, connect } from '../../contract/client';
import { type HostContract, hostContract } from '../../contract/host';
import type { JobView } from '../../contract/jobs';
import { type PageContract, pageContract } from '../../contract/page';
import { serve } from '../../contract/server';
import { trainingWorkerContract } from '../../contract/training-worker';
import { memoryPair } from '../../contract/transport';
import { computeContract, intakeContract, quarantineContract } from '../../contract/workers';
import { createInlineHost } from '../inline-host';

const root = path.join(import.meta.dirname, '..', '..', '..');
const options = { threads: 2, now: () => performance.now() };

export interface InlineEngine {
  page: Client<PageContract>;
  host: Client<HostContract>;
  handlesOf(...paths: string[]): Promise<string[]>;
  /** Waits until the job has ended by itself. */
  ended(job: string): Promise<JobView>;
  stop(): Promise<void>;
}

/** `folder` gets the workspace and all temporary files. */
export async function startInlineEngine(folder: string): Promise<InlineEngine> {
  const closing: Promise<void>[] = [];
  const engine = await createEngine({
    start: {
      workspace: path.join(folder, 'workspace'),
      assets: path.join(root, 'assets'),
      temporary: path.join(folder, 'temporary'),
      version: 'test',
      runtime: 'test',
      isTestRuntime: false,
      device: 'auto',
      showSamples: false,
      decoders: 2,
    },
    host: inlineHost(closing),
    onnxruntimeVersion: 'test',
    now: () => performance.now(),
    log: (message) => {
      throw new Error(message);
    },
  });
  const [ours, theirs] = memoryPair();
  engine.attachStudio(theirs);
  const page = connect(pageContract, ours);
  const [hostOurs, hostTheirs] = memoryPair();
  engine.attachHost(hostTheirs);
  const host = connect(hostContract, hostOurs);
  const ended = new Map<string, JobView>();
  page.on('jobs.ended', ({ job }) => void ended.set(job.id, job));
  return {
    page,
    host,
    handlesOf: async (...paths) => (await host.call('handles.add', { paths })).map(({ handle }) => handle),
    ended: (job) => {
      const known = ended.get(job);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        page.on('jobs.ended', (event) => {
          if (event.job.id === job) resolve(event.job);
        });
      });
    },
    stop: async () => {
      await engine.stop();
      await Promise.all(closing);
    },
  };
}

function inlineHost(closing: Promise<void>[]): ReturnType<typeof createInlineHost> {
  return createInlineHost({
    intake: (transport) => {
      const server = serve(
        intakeContract,
        transport,
        intakeHandlers({
          found: (event) => server.emit('found', event),
          chunk: (event) => server.emit('chunk', event),
        }),
      );
      return () => server.dispose();
    },
    compute: (transport) => {
      const handlers = computeHandlers(options);
      const server = serve(computeContract, transport, handlers);
      return () => {
        server.dispose();
        closing.push(handlers.dispose());
      };
    },
    training: (transport) => {
      const handlers = trainingHandlers((name, event) => server.emit(name, event));
      const server = serve(trainingWorkerContract, transport, handlers);
      return () => {
        server.dispose();
        closing.push(handlers.dispose());
      };
    },
    quarantine: (transport) => {
      const server = serve(quarantineContract, transport, quarantineHandlers(options));
      return () => server.dispose();
    },
  });
}
