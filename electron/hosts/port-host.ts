/** For an engine inside Electron: asks main to start a process and gets a port to it, since only main can fork. */
import type { Transport } from '../contract/transport';
import type { HostedProcess, ProcessHost, Role } from '../engine/processes/process-host';
import * as z from 'zod';
import { type Ending, makeEnding } from './ended';

/** Engine to main. */
export const spawnRequestSchema = z.discriminatedUnion('t', [
  z.strictObject({
    t: z.literal('spawn'),
    key: z.int(),
    role: z.enum(['compute', 'intake', 'quarantine', 'training']),
  }),
  z.strictObject({ t: z.literal('kill'), key: z.int() }),
]);
type SpawnRequest = z.infer<typeof spawnRequestSchema>;

/** Main to engine; `spawned` comes with the port. */
export const spawnReplySchema = z.discriminatedUnion('t', [
  z.strictObject({ t: z.literal('spawned'), key: z.int(), pid: z.int().optional() }),
  z.strictObject({ t: z.literal('exited'), key: z.int(), reason: z.string() }),
]);
export type SpawnReply = z.infer<typeof spawnReplySchema>;

interface Waiting {
  resolve(process: HostedProcess): void;
  reject(error: Error): void;
  ending: Ending | undefined;
}

export interface PortHost extends ProcessHost {
  /** Hands in what main answered, with the transport of the port that came along. */
  receive(reply: SpawnReply, transport: Transport | undefined): void;
}

export function createPortHost(send: (request: SpawnRequest) => void): PortHost {
  const processes = new Map<number, Waiting>();
  let nextKey = 1;

  function spawn(role: Role): Promise<HostedProcess> {
    if (role === 'engine') return Promise.reject(new Error('an engine does not start engines'));
    const key = nextKey++;
    return new Promise((resolve, reject) => {
      processes.set(key, { resolve, reject, ending: undefined });
      send({ t: 'spawn', key, role });
    });
  }

  function receive(reply: SpawnReply, transport: Transport | undefined): void {
    const waiting = processes.get(reply.key);
    if (waiting === undefined) return;
    if (reply.t === 'exited') {
      processes.delete(reply.key);
      waiting.reject(new Error(reply.reason));
      waiting.ending?.ended(reply.reason);
    } else if (transport !== undefined) {
      const ending = makeEnding(transport);
      waiting.ending = ending;
      waiting.resolve({
        transport: ending.transport,
        pid: reply.pid,
        onExit: ending.onExit,
        kill: () => send({ t: 'kill', key: reply.key }),
      });
    }
  }
  return { spawn, receive };
}
