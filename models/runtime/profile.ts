/** Where the time of a run goes, operator by operator: the runtime's own profile, summed up. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModelError, reasonOf } from '../errors';
import type { HostTensor } from '../tensor/host-tensor';
import { openNative, type SessionOptions, toRuntime } from './native';

/** Time that one operator type took in one run. */
export interface OperatorTime {
  readonly op: string;
  /** Nodes of this type that ran. */
  readonly count: number;
  readonly ms: number;
}

/** One event of the runtime's profile; only kernel times are read. */
interface ProfileEvent {
  readonly cat: string;
  readonly name: string;
  readonly dur: number;
  readonly args: { readonly op_name?: string };
}

/**
 * Runs a model `runs` times after `warmUp` runs and gives the mean time a run by operator type, largest first.
 * @throws ModelError `model/load-failed`, `model/run-failed`.
 */
export async function profileRun(
  model: Uint8Array,
  feeds: Readonly<Record<string, HostTensor>>,
  options: SessionOptions & { readonly runs?: number; readonly warmUp?: number } = {},
): Promise<OperatorTime[]> {
  const { runs = 10, warmUp = 3 } = options;
  const folder = mkdtempSync(join(tmpdir(), 'duet-profile-'));
  try {
    const profiling = { enableProfiling: true, profileFilePrefix: join(folder, 'profile') };
    const session = await openNative(model, options, 'The model', profiling);
    try {
      const inputs = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toRuntime(tensor)]));
      for (let k = 0; k < warmUp + runs; k++) await session.native.run(inputs);
      session.native.endProfiling();
    } catch (error) {
      throw new ModelError(
        'model/run-failed',
        `The model failed while running: ${reasonOf(error)}`,
        {},
        { cause: error },
      );
    } finally {
      await session.dispose();
    }
    const [file = ''] = readdirSync(folder);
    return summed(parseEvents(readFileSync(join(folder, file), 'utf8')), warmUp, runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function parseEvents(text: string): ProfileEvent[] {
  const events: unknown = JSON.parse(text);
  return Array.isArray(events) ? events.filter(isKernelTime) : [];
}

function isKernelTime(event: unknown): event is ProfileEvent {
  if (typeof event !== 'object' || event === null || !('cat' in event) || !('name' in event) || !('dur' in event))
    return false;
  return (
    event.cat === 'Node' &&
    typeof event.name === 'string' &&
    event.name.endsWith('_kernel_time') &&
    typeof event.dur === 'number'
  );
}

/** The first `warmUp` events of every node are left out. */
function summed(events: readonly ProfileEvent[], warmUp: number, runs: number): OperatorTime[] {
  const seen = new Map<string, number>();
  const byOp = new Map<string, { nodes: Set<string>; microseconds: number }>();
  for (const { name, dur, args } of events) {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    const op = args.op_name ?? 'unknown';
    const entry = byOp.get(op) ?? { nodes: new Set<string>(), microseconds: 0 };
    byOp.set(op, entry);
    entry.nodes.add(name);
    if (times > warmUp) entry.microseconds += dur;
  }
  return [...byOp]
    .map(([op, { nodes, microseconds }]) => ({ op, count: nodes.size, ms: microseconds / 1000 / runs }))
    .sort((a, b) => b.ms - a.ms);
}
