/** `duet model list` and `duet model show`: what models there are, and what each says of itself. */
import { type GraphSummary, isJudgeCard, type ModelCard, shownLabel } from '../contract/model-card';
import type { ModelDetail } from '../contract/models';
import { type CommandContext, smallEngine, withEngine } from './engine-use';
import type { CommonOptions } from './options';
import { harmless, jsonLine, type Terminal } from './terminal';
import { type Column, factLines, padText, tableLine, textWidth, wrapText } from './text-table';
import { countOf, formatBytes, formatCount, formatMany } from './words';

const textColumns = 88;

export async function listModels(options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const { models, selected } = await studio.call('models.list', {}, { signal: context.signal });
    const { terminal } = context;
    if (options.json) {
      for (const model of models) terminal.print(jsonLine({ ...model, isSelected: selected.includes(model.id) }));
      return 0;
    }
    const columns: Column[] = [
      { title: 'name', width: Math.max(4, ...models.map(({ id }) => textWidth(id))), align: 'left' },
      { title: 'does', width: 8, align: 'left' },
      { title: 'classes', width: 7, align: 'right' },
      { title: 'size', width: 8, align: 'right' },
      { title: 'from', width: 8, align: 'left' },
      { title: 'title', width: 0, align: 'left' },
    ];
    const titles = columns.map(({ title }) => title);
    terminal.print(terminal.tone(tableLine(columns, titles), 'dim'));
    for (const { id, task, classes, bytes, isBuiltIn, title } of models) {
      const cells = [
        id,
        task,
        formatCount(classes),
        formatBytes(bytes),
        isBuiltIn ? 'Duet' : 'import',
        harmless(title),
      ];
      terminal.print(tableLine(columns, cells));
    }
    return 0;
  });
}

export async function showModel(name: string, options: CommonOptions, context: CommandContext): Promise<number> {
  return withEngine(context, options, smallEngine, async ({ studio }) => {
    const detail = await studio.call('models.detail', { id: name }, { signal: context.signal });
    if (options.json) context.terminal.print(jsonLine(detail));
    else for (const line of describeModel(detail, context.terminal)) context.terminal.print(line);
    return 0;
  });
}

const doing = {
  detect: 'finds objects, with boxes',
  classify: 'classifies the whole picture',
  generate: 'draws samples',
} as const;

/** How the model is fed, and what it must answer or gives. */
function useFacts(card: ModelCard): [string, string][] {
  if (isJudgeCard(card)) {
    const { name, layout, shortSide } = card.input;
    const checks = card.golden.reduce((sum, golden) => sum + golden.values.length, 0);
    return [
      ['input', `${name}, uint8 RGB ${layout}, any size; reduced to ${shortSide} px first`],
      [
        'golden',
        `${countOf(checks, 'value')} of ${countOf(card.golden.length, 'picture')} that must come out the same`,
      ],
    ];
  }
  const { noise, noiseWidth, label, controls } = card.input;
  const inputs = [`${noise} float32 [N, ${noiseWidth}]`, ...(label === null ? [] : [`${label} int64 [N]`])];
  const { samples, shape } = card.outputs;
  const form =
    shape.kind === 'image'
      ? `uint8 [N, ${shape.height}, ${shape.width}, ${shape.channels}]`
      : `float32 [N, ${shape.width}]`;
  return [
    ['input', [...inputs, ...controls.map(({ name, dtype }) => `${name} ${dtype}`)].join(', ')],
    ['output', `${samples} ${form}`],
  ];
}

/** The card and the graph, to be read. */
function describeModel({ entry, card, summary, fileHash }: ModelDetail, terminal: Terminal): string[] {
  const part = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', terminal.tone(title, 'bold'), ...lines];
  const prose = (text: string): string[] => wrapText(harmless(text), textColumns).map((line) => `  ${line}`.trimEnd());
  const facts: [string, string][] = [
    ['name', entry.id],
    ['does', doing[entry.task]],
    ['classes', `${formatCount(entry.classes)}: ${someLabels(card.labels)}`],
    ...useFacts(card),
    ['licence', harmless(card.licence.spdx)],
    ['source', harmless(`${card.source.title}, ${card.source.origin}`)],
    ['made by', harmless(card.source.madeBy)],
    ['file', `${formatBytes(entry.bytes)}, sha256 ${fileHash}`],
  ];
  return [
    terminal.tone(harmless(card.title), 'bold'),
    ...factLines(facts),
    ...part('Description', card.description === '' ? [] : prose(card.description)),
    ...part('Limits', card.limits === '' ? [] : prose(card.limits)),
    ...part('Notice', card.licence.notice === '' ? [] : prose(card.licence.notice)),
    ...part('Graph', graphLines(summary)),
  ];
}

function someLabels(labels: readonly string[]): string {
  const shown = labels.slice(0, 4).map((label) => harmless(shownLabel(label)));
  return `${shown.join(', ')}${labels.length > 4 ? ', ...' : ''}`;
}

const shownOperators = 8;

function graphLines(summary: GraphSummary): string[] {
  const operators = summary.operators.slice(0, shownOperators).map(({ name, count }) => `${name} ${count}`);
  const more = summary.operators.length - operators.length;
  const facts: [string, string][] = [
    ['nodes', formatCount(summary.nodes)],
    ['weights', `${formatMany(summary.parameters)} numbers, ${formatBytes(summary.weightBytes)}`],
    [
      'opsets',
      summary.opsets.map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : domain} ${version}`).join(', '),
    ],
    ...summary.inputs.map(({ name, type }): [string, string] => ['input', `${name}  ${type}`]),
    ...summary.outputs.map(({ name, type }): [string, string] => ['output', `${name}  ${type}`]),
    ['operators', `${operators.join(', ')}${more > 0 ? `, and ${more} more kinds` : ''}`],
  ];
  const widest = Math.max(0, ...summary.stages.map(({ title }) => textWidth(title)));
  const stages = summary.stages.map(({ title, nodes, outputShape }) =>
    `    ${padText(title, widest, 'left')}  ${padText(countOf(nodes, 'node'), 10, 'right')}  ${outputShape}`.trimEnd(),
  );
  const lines = factLines(facts).map(harmlessLine);
  return stages.length === 0 ? lines : [...lines, '  stages', ...stages.map(harmlessLine)];
}

const harmlessLine = (line: string): string => harmless(line);
