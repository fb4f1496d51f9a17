/** On the shelf: the models and data sets that are here, newest work first. */
import { Database } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetEntry } from '../../../electron/contract/datasets';
import type { ModelEntry } from '../../../electron/contract/models';
import { showDataset } from '../../state/data-load';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { goTo } from '../../state/view-actions';
import { countOf, formatBytes } from '../../ui/format';
import { Mark } from '../../ui/parts';

const shown = 8;
const doing = { classify: 'Judge', detect: 'Finds objects', generate: 'Generator' } as const;

export function Shelf(): ReactNode {
  const models = useStudioState((state) => state.models);
  const datasets = useData((data) => data.datasets);
  const own = models.filter(({ isBuiltIn }) => !isBuiltIn).sort((a, b) => b.madeAt - a.madeAt);
  const built = models.filter(({ isBuiltIn }) => isBuiltIn);
  const sets = datasets.filter(({ state }) => state === 'ready');
  const note =
    own.length + sets.length === 0
      ? 'Comes with Duet. Your own work appears here as you make it.'
      : 'Newest first, then what comes with Duet.';
  return (
    <section aria-label="On your shelf" className="home-shelf">
      <div className="row">
        <h2 className="text-13 strong">On your shelf</h2>
        <span className="soft">{note}</span>
      </div>
      <ul className="home-items">
        {[
          ...own.map((model) => <ModelItem key={model.id} model={model} />),
          ...sets.map((entry) => <DataItem key={`data ${entry.id}`} entry={entry} />),
          ...built.map((model) => <ModelItem key={model.id} model={model} />),
        ].slice(0, shown)}
      </ul>
    </section>
  );
}

function ModelItem({ model }: { model: ModelEntry }): ReactNode {
  const studio = useStudio();
  const { id, title, task, classes, bytes } = model;
  const known = classes === 0 ? '' : `, ${countOf(classes, 'class', 'classes')}`;
  return (
    <li>
      <button
        type="button"
        className="home-item"
        title={title}
        onClick={() => {
          studio.store.setState({ shownModel: id });
          goTo(studio, 'models');
        }}
      >
        <span className="row">
          <Mark voice={task === 'generate' ? 'gen' : 'real'} />
          <span className="strong cut">{id}</span>
        </span>
        <span className="caption num cut">
          {doing[task]}
          {known} · {formatBytes(bytes)}
        </span>
      </button>
    </li>
  );
}

function DataItem({ entry }: { entry: DatasetEntry }): ReactNode {
  const studio = useStudio();
  return (
    <li>
      <button
        type="button"
        className="home-item"
        onClick={() => {
          goTo(studio, 'data');
          showDataset(studio, entry.id);
        }}
      >
        <span className="row">
          <Database size={14} aria-hidden="true" />
          <span className="strong cut">{entry.title}</span>
        </span>
        <span className="caption num cut">
          {countOf(entry.samples, 'sample')} · {countOf(entry.classes, 'class', 'classes')}
        </span>
      </button>
    </li>
  );
}
