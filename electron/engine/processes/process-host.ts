/** How a process is started, whatever starts it: Electron's utility processes, plain Node children, or a pair in memory. */
import type { Transport } from '../../contract/transport';

export type Role = 'engine' | 'compute' | 'intake' | 'quarantine' | 'training';

export interface HostedProcess {
  readonly transport: Transport;
  /** Undefined where the process shares ours (tests). */
  readonly pid: number | undefined;
  /** Told once when the process has ended, for whatever reason; the exit code is not to be trusted. */
  onExit(listener: (reason: string) => void): () => void;
  /** SIGKILL: a model may block its process for good. */
  kill(): void;
}

export interface ProcessHost {
  spawn(role: Role): Promise<HostedProcess>;
}
