/** The graph in a few seconds: its stages from input to output, and which operators do the work. */
import type { ReactNode } from 'react';
import type { GraphSummary } from '../../../electron/contract/model-card';
import { countOf, formatBytes, formatCount, formatMany } from '../../ui/format';
import { Track } from '../../ui/parts';

const shownOperators = 10;

export function GraphPanel({ summary }: { summary: GraphSummary }): ReactNode {
  const opset = summary.opsets
    .map(({ domain, version }) => `${domain === '' ? 'ai.onnx' : domain} ${version}`)
    .join(', ');
  return (
    <section className="stack graph" aria-label="Graph">
      <h3>Graph</h3>
      <p className="caption num">
        {countOf(summary.nodes, 'step')}, {formatMany(summary.parameters)} weights ({formatBytes(summary.weightBytes)}),{' '}
        {opset}
        {summary.producer === '' ? '' : `, written by ${summary.producer}`}
      </p>
      <ol className="chain">
        {summary.inputs.map((input) => (
          <End key={input.name} name={input.name} type={input.type} />
        ))}
        {summary.stages.map((stage, place) => (
          <li key={`${stage.title} ${place}`} className="chain-step">
            <span className="node">
              <span className="strong cut">{stage.title}</span>
              <span className="caption num">{countOf(stage.nodes, 'step')}</span>
            </span>
            <span className="caption num chain-note">
              {stage.operators
                .slice(0, 3)
                .map(({ name, count }) => (count === 1 ? name : `${count} ${name}`))
                .join(', ')}
              {stage.outputShape !== '' && <span className="chain-shape">{stage.outputShape}</span>}
            </span>
          </li>
        ))}
        {summary.outputs.map((output) => (
          <End key={output.name} name={output.name} type={output.type} />
        ))}
      </ol>
      <Operators summary={summary} />
    </section>
  );
}

function End({ name, type }: { name: string; type: string }): ReactNode {
  return (
    <li className="chain-step">
      <span className="node node-end">
        <span className="strong cut">{name}</span>
      </span>
      <span className="caption num chain-note">{type}</span>
    </li>
  );
}

function Operators({ summary }: { summary: GraphSummary }): ReactNode {
  const most = summary.operators[0]?.count ?? 1;
  const rest = summary.operators.length - shownOperators;
  return (
    <div>
      <h3>Operators</h3>
      <ul className="operators">
        {summary.operators.slice(0, shownOperators).map(({ name, count }) => (
          <li key={name} className="operator">
            <span className="cut soft">{name}</span>
            <Track value={count / most} tone="mute" />
            <span className="num soft">{formatCount(count)}</span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="caption">and {countOf(rest, 'other kind')}</p>}
    </div>
  );
}
