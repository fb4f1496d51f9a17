/** An engine for the length of one command: started, used, always stopped. */
import type { NodeEngine } from '../hosts/node-engine';
import type { CommonOptions } from './options';
import type { Terminal } from './terminal';

export interface EngineRequest extends EngineNeeds {
  workspace?: string;
  device: string;
}

/** What a command wants of its engine. */
interface EngineNeeds {
  /** Decoding processes; 0 lets the engine choose. */
  decoders: number;
  /** The models to use, whatever the window has chosen; nothing is saved. */
  models?: string[];
  /** Whether pictures get thumbnails. */
  makesThumbs: boolean;
  /** Only what changes the workspace asks to write: it must wait for the window to be closed, the others need not. */
  access: 'read' | 'write';
  /** Whether the queue is worked on meanwhile: only by commands that are about it (default: no). */
  runsJobs?: boolean;
}

/** For commands that judge no pictures. */
export const smallEngine: EngineNeeds = { decoders: 1, makesThumbs: false, access: 'read' };

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
  needs: EngineNeeds,
  use: (engine: NodeEngine) => Promise<Result>,
): Promise<Result> {
  const engine = await context.startEngine({
    ...(options.workspace === undefined ? {} : { workspace: options.workspace }),
    device: options.device,
    ...needs,
  });
  const life = { hasEnded: false };
  engine.onExit(() => (life.hasEnded = true));
  try {
    return await use(engine);
  } finally {
    if (!life.hasEnded) await engine.stop().catch(() => undefined);
  }
}
