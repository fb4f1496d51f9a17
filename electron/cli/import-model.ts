/** `duet import`: a foreign classifier through the gate and the quarantine into the workspace. */
import { AppError } from '../contract/errors';
import type { ImportOptions, ModelEntry, Proposal } from '../contract/models';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { NodeEngine } from '../hosts/node-engine';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { ImportCommandOptions } from './options';
import { harmless, jsonLine, type Terminal } from './terminal';
import { factLines } from './text-table';
import { formatBytes, formatCount } from './words';

export async function importModel(
  file: string,
  options: ImportCommandOptions,
  context: CommandContext,
): Promise<number> {
  const files = [file, ...(options.labels === undefined ? [] : [options.labels])];
  for (const one of files) await assertFile(one);
  return withEngine(context, options, { ...smallEngine, access: 'write' }, async (engine) => {
    const { signal, terminal } = context;
    const proposal = await inspect(engine, files, signal);
    const chosen = chosenOptions(proposal, options);
    const request = { proposal: proposal.id, options: chosen, name: options.name ?? proposal.suggestedName };
    const { model } = await engine.studio.call('models.import', request, { signal });
    if (options.json) terminal.print(jsonLine({ model, options: chosen, found: foundOf(proposal) }));
    else tell(terminal, proposal, chosen, model);
    return 0;
  });
}

async function assertFile(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) throw new AppError('file/missing', `There is no file ${file}.`);
  if (!found.isFile()) throw new AppError('file/not-regular', `${file} is not a file.`);
}

async function inspect(engine: NodeEngine, files: readonly string[], signal: AbortSignal): Promise<Proposal> {
  const paths = files.map((file) => path.resolve(file));
  const [model, labels] = await engine.host.call('handles.add', { paths }, { signal });
  if (model === undefined) throw new AppError('engine/internal', 'The engine gave no handle.');
  const request = { handle: model.handle, ...(labels === undefined ? {} : { labelsHandle: labels.handle }) };
  return engine.studio.call('models.inspect', request, { signal });
}

function chosenOptions({ suggested }: Proposal, { preset, layout, fit, invert }: ImportCommandOptions): ImportOptions {
  return {
    preset: preset ?? suggested.preset,
    layout: layout ?? suggested.layout,
    fit: fit ?? suggested.fit,
    invert: invert || suggested.invert,
  };
}

function foundOf({ inputs, outputs, image, classes, labels, givesProbabilities, dryRunMs }: Proposal): object {
  return { inputs, outputs, image, classes, labels: labels.source, givesProbabilities, dryRunMs };
}

const labelSources: Record<Proposal['labels']['source'], string> = {
  file: 'names from the labels file',
  metadata: 'names from the model itself',
  numbers: 'named by number; give names with --labels FILE',
};

function tell(terminal: Terminal, proposal: Proposal, chosen: ImportOptions, model: ModelEntry): void {
  const { image } = proposal;
  const colours = image.channels === 1 ? 'grey' : 'colour';
  const values = (those: Proposal['inputs']): string =>
    those.map(({ name, dtype, dims }) => harmless(`${name}  ${dtype} [${dims.join(', ')}]`)).join('; ');
  terminal.print(`Imported ${harmless(proposal.fileName)} as ${terminal.tone(model.id, 'bold')}`);
  const facts: [string, string][] = [
    ['input', values(proposal.inputs)],
    ['output', values(proposal.outputs)],
    ['picture', `${image.width} x ${image.height}, ${colours}, ${image.layout}`],
    ['prepared', `${chosen.preset}, ${chosen.fit}${chosen.invert ? ', inverted' : ''}`],
    ['classes', `${formatCount(proposal.classes)}, ${labelSources[proposal.labels.source]}`],
    ['size', formatBytes(model.bytes)],
  ];
  for (const line of factLines(facts)) terminal.print(line);
  terminal.print(`\nTry it:  duet classify PATH --model ${model.id}`);
}
