/** `duet workspace`: the folder with everything in it, looked at, verified, mended, copied. */
import path from 'node:path';
import type { WorkspaceFinding } from '../contract/workspace';
import type { NodeEngine } from '../hosts/node-engine';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { CommonOptions, SweepOptions } from './options';
import { harmless, jsonLine, type Terminal } from './terminal';
import { factLines } from './text-table';
import { countOf, formatBytes } from './words';

type Studio = NodeEngine['studio'];

export async function showWorkspace(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { terminal, signal } = context;
    const info = await studio.call('workspace.info', {}, { signal });
    const space = await studio.call('workspace.space', {}, { signal });
    if (options.json) {
      terminal.print(jsonLine({ ...info, ...space }));
      return 0;
    }
    const facts: [string, string][] = [
      ['name', harmless(info.name)],
      ['folder', harmless(info.path)],
      ['format', String(info.format)],
      ['holds', formatBytes(space.usedBytes)],
      ['free', formatBytes(space.freeBytes)],
    ];
    for (const line of factLines(facts)) terminal.print(line);
    tellFindings(info.findings, terminal);
    return 0;
  });
}

export async function verifyWorkspace(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { terminal } = context;
    const verified = await studio.call('workspace.verify', {}, watching('Verifying', options, context));
    terminal.progress('');
    const { objects, bytes, findings } = verified;
    if (options.json) terminal.print(jsonLine(verified));
    else {
      tellFindings(findings, terminal);
      const read = `Read ${countOf(objects, 'object')}, ${formatBytes(bytes)}`;
      const what = findings.length === 0 ? 'all as written' : countOf(findings.length, 'finding');
      terminal.print(`${read}: ${what}.`);
    }
    return findings.length === 0 ? 0 : 1;
  });
}

export async function rebuildWorkspace(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, { ...smallEngine, access: 'write' }, async ({ studio }) => {
    const { terminal, signal } = context;
    const rebuilt = await studio.call('workspace.rebuild', {}, { signal });
    const { datasets, jobs, objects, findings } = rebuilt;
    if (options.json) terminal.print(jsonLine(rebuilt));
    else {
      tellFindings(findings, terminal);
      const counts = [countOf(datasets, 'data set'), countOf(jobs, 'job'), countOf(objects, 'object')];
      terminal.print(`Made the index anew: ${counts.join(', ')}.`);
    }
    return findings.length === 0 ? 0 : 1;
  });
}

export async function sweepWorkspace(options: SweepOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, { ...smallEngine, access: 'write' }, async ({ studio }) => {
    const { terminal, signal } = context;
    const swept = await studio.call('workspace.sweep', { isDryRun: options.dryRun }, { signal });
    const { objects, bytes } = swept;
    if (options.json) terminal.print(jsonLine(swept));
    else {
      const what = `${countOf(objects, 'object')}, ${formatBytes(bytes)}`;
      terminal.print(options.dryRun ? `Would delete ${what}.` : `Deleted ${what}.`);
    }
    return 0;
  });
}

export async function backUpWorkspace(
  target: string,
  options: CommonOptions,
  context: CommandContext,
): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio, host }) => {
    const { terminal } = context;
    const { handle } = await host.call('handles.target', { path: path.resolve(target) });
    const copied = await copy(studio, handle, options, context);
    terminal.progress('');
    const { files, bytes, findings } = copied;
    if (options.json) terminal.print(jsonLine(copied));
    else {
      tellFindings(findings, terminal);
      terminal.print(`Copied ${countOf(files, 'file')}, ${formatBytes(bytes)}, to ${harmless(target)}.`);
    }
    return findings.length === 0 ? 0 : 1;
  });
}

function copy(studio: Studio, target: string, options: CommonOptions, context: CommandContext) {
  return studio.call('workspace.backup', { target }, watching('Copying', options, context));
}

/** Shows progress where it was asked for or a person looks. */
function watching(doing: string, options: CommonOptions, { terminal, signal }: CommandContext) {
  if (!options.progress && !terminal.isErrTty) return { signal };
  const onProgress = (fraction: number): void => terminal.progress(`${doing}: ${Math.floor(fraction * 100)} %`);
  return { signal, onProgress };
}

function tellFindings(findings: readonly WorkspaceFinding[], terminal: Terminal): void {
  for (const { kind, failure } of findings) {
    terminal.print(`${terminal.tone(kind.padEnd(8), 'bold')} ${harmless(failure.message)}`);
  }
}
