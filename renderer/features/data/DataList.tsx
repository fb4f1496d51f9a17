/** The list of data sets: a small picture of each, how many samples it has, and how far one that is coming in has got. */
import { Library, Plus, Search, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DatasetEntry } from '../../../electron/contract/datasets';
import { chooseData } from '../../state/data-import';
import { loadGallery, setData, showDataset } from '../../state/data-load';
import { nounOf } from '../../state/data-state';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';
import { countOf, formatCount } from '../../ui/format';
import { Menu, MenuItem } from '../../ui/Menu';
import { Mark, Progress } from '../../ui/parts';
import { PreviewSquare } from '../../ui/PreviewSquare';

export function DataList(): ReactNode {
  const studio = useStudio();
  const isNarrow = useStudioState((state) => state.isNarrow);
  const datasets = useData((data) => data.datasets);
  const shown = useData((data) => data.shown);
  const query = useData((data) => data.query);
  const needle = query.trim().toLowerCase();
  const found = datasets.filter((entry) => entry.title.toLowerCase().includes(needle));
  return (
    <section className="data-list" aria-label="Data sets">
      <div className="row data-list-head">
        <h1 className="text-15 grow">Data sets</h1>
        <AddMenu />
        {isNarrow && (
          <IconButton icon={X} label="Close the list" onClick={() => setData(studio, { isListOpen: false })} />
        )}
      </div>
      <label className="field field-s data-list-find">
        <Search size={16} aria-hidden="true" />
        <input
          type="search"
          aria-label="Find a data set"
          placeholder="Find a data set"
          value={query}
          onChange={(event) => setData(studio, { query: event.target.value })}
        />
      </label>
      <ul className="data-items" aria-label="Data sets found">
        {found.map((entry) => (
          <li key={entry.id}>
            <DataItem entry={entry} isShown={entry.id === shown} />
          </li>
        ))}
        {found.length === 0 && <li className="caption data-none">Nothing is called “{query.trim()}”.</li>}
      </ul>
      <button type="button" className="data-well caption" onClick={() => void chooseData(studio, 'dataFolder')}>
        Drop a folder, an archive or a table anywhere in the window
      </button>
    </section>
  );
}

function AddMenu(): ReactNode {
  const studio = useStudio();
  const trigger = <IconButton icon={Plus} label="Add a data set" />;
  return (
    <Menu label="Add a data set" trigger={trigger} align="end">
      <MenuItem keys="Ctrl Shift D" onSelect={() => void chooseData(studio, 'dataFolder')}>
        A folder...
      </MenuItem>
      <MenuItem keys="Ctrl D" onSelect={() => void chooseData(studio, 'data')}>
        Files, an archive or a table...
      </MenuItem>
      <MenuItem icon={Library} onSelect={() => void loadGallery(studio)}>
        A built-in data set
      </MenuItem>
    </Menu>
  );
}

function DataItem({ entry, isShown }: { entry: DatasetEntry; isShown: boolean }): ReactNode {
  const studio = useStudio();
  return (
    <button
      type="button"
      className="data-item"
      aria-current={isShown ? 'true' : undefined}
      onClick={() => showDataset(studio, entry.id)}
    >
      <PreviewSquare entry={entry} />
      <span className="stack grow">
        <span className="row">
          <Mark voice={entry.state === 'broken' ? 'bad' : entry.origin === 'generated' ? 'gen' : 'real'} />
          <span className="strong cut">{entry.title}</span>
        </span>
        <Facts entry={entry} />
      </span>
    </button>
  );
}

function Facts({ entry }: { entry: DatasetEntry }): ReactNode {
  const job = useStudioState((state) => (entry.job === null ? undefined : state.queue.jobs[entry.job]));
  if (entry.state === 'broken') return <span className="caption danger cut">cannot be read</span>;
  if (entry.state === 'importing') {
    const { done, total } = job?.progress ?? { done: 0, total: null };
    const words = total === null ? 'waiting' : `${formatCount(done)} of ${formatCount(total)}`;
    return (
      <span className="stack data-progress">
        <span className="caption num cut">{job?.state === 'paused' ? `paused at ${words}` : words}</span>
        <Progress value={total === null || total === 0 ? null : done / total} label={`${entry.title} imported`} />
      </span>
    );
  }
  const [, many] = nounOf(entry.kind);
  const classes = entry.classes === 0 ? 'no classes' : countOf(entry.classes, 'class', 'classes');
  const last = entry.origin === 'generated' ? 'generated' : classes;
  return (
    <span className="caption num cut" title={`${formatCount(entry.samples)} ${many}, ${classes}`}>
      {formatCount(entry.samples)} · {last}
    </span>
  );
}
