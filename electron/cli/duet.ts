/** The command line's entry: joins the process (streams, signals, folders) to the commands. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { startNodeEngine } from '../hosts/node-engine';
import type { EngineRequest } from './engine-use';
import { run } from './run';
import { Terminal } from './terminal';

/** What a shell reports of a program whose reader has gone (SIGPIPE). */
const brokenPipe = 141;

/** Beside this file lie the other processes; above it package.json, and the assets where they are in a checkout or a package. */
const dist = __dirname;
const assets = [path.join(dist, '..', 'assets'), path.join(dist, '..', '..', 'assets')];

function versionOfDuet(): string {
  const text = readFileSync(path.join(dist, '..', 'package.json'), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

async function main(): Promise<void> {
  const abort = new AbortController();
  const version = versionOfDuet();
  const terminal = new Terminal({
    out: process.stdout,
    err: process.stderr,
    wantsColour: process.env['NO_COLOR'] === undefined && process.env['TERM'] !== 'dumb',
  });
  const pipe = { isBroken: false };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    pipe.isBroken = true;
    terminal.mute();
    abort.abort();
  });
  // npm and the shell may both deliver Ctrl+C: the first one counts, and closing down takes well under a second.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => abort.abort());
  const startEngine = ({ workspace, ...request }: EngineRequest): ReturnType<typeof startNodeEngine> =>
    startNodeEngine({
      ...request,
      dist,
      assets: assets.find((folder) => existsSync(folder)) ?? path.join(dist, '..', 'assets'),
      version,
      ...(workspace === undefined ? {} : { workspace: path.resolve(workspace) }),
      showSamples: false,
    });
  const code = await run(process.argv.slice(2), {
    terminal,
    startEngine,
    signal: abort.signal,
    version,
    now: () => performance.now(),
  });
  process.exitCode = pipe.isBroken ? brokenPipe : code;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
