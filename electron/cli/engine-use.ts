/** An engine for the length of one command: started, used, always stopped. */
import type { NodeEngine } from '../hosts/node-engine';
import type { CommonOptions } from './options';
import type { Terminal } from './terminal';

export interface EngineRequest {
  workspace?: string;
  device: string;
  /** Decoding processes; 0 lets the engine choose. */
  decoders: number;
}

/** What every command is given. */
export interface CommandContext {
  terminal: Terminal;
  startEngine(request: EngineRequest): Promise<NodeEngine>;
  /** Aborted by Ctrl+C, and when the reader of stdout has gone. */
  signal: AbortSignal;
  /** Of this build of Duet. */
  version: string;
  /** Milliseconds from any origin. */
  now(): number;
}

export async function withEngine<Result>(
  context: CommandContext,
  options: CommonOptions,
  decoders: number,
  use: (engine: NodeEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await context.startEngine({
    ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
    device: options.device,
    decoders,
  });
  const life = { hasEnded: false };
  engine.onExit(() => (life.hasEnded = true));
  try {
    return await use(engine);
  } finally {
    if (!life.hasEnded) await engine.stop().catch(() => undefined);
  }
}
