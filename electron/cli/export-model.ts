/** `duet export`: a copy of a model's file, for whoever else wants to use it. */
import path from 'node:path';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { ExportModelOptions } from './options';
import { harmless, jsonLine } from './terminal';
import { formatBytes } from './words';

export async function exportModel(
  name: string,
  file: string,
  options: ExportModelOptions,
  context: CommandContext,
): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio, host }) => {
    const { signal, terminal } = context;
    const target = path.resolve(file);
    const { handle } = await host.call('handles.target', { path: target }, { signal });
    const request = { id: name, target: handle, replace: options.force };
    const { bytes } = await studio.call('models.export', request, { signal });
    if (options.json) terminal.print(jsonLine({ model: name, file: target, bytes }));
    else terminal.print(`${harmless(name)} written to ${harmless(file)}, ${formatBytes(bytes)}`);
    return 0;
  });
}
