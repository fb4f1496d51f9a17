/** The heading of a class among the samples: how many, in which splits, and what can be done with the class. */
import { Ellipsis } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { edit } from '../../state/data-actions';
import { getData, setData, setSampleFilter } from '../../state/data-load';
import type { SampleRun } from '../../state/data-state';
import type { Studio } from '../../state/studio';
import { useStudio } from '../../state/use-studio';
import { IconButton } from '../../ui/Button';
import { formatCount } from '../../ui/format';
import { Menu, MenuItem, MenuRule } from '../../ui/Menu';

function selectRun(studio: Studio, label: string | null): void {
  const { order } = getData(studio);
  if (order === null) return;
  let from = 0;
  for (const run of order.runs) {
    if (run.label === label) {
      const ids = new Set(order.indices.slice(from, from + run.count));
      const [first = null] = ids;
      setData(studio, { selection: { ids, active: first, anchor: first } });
    }
    from += run.count;
  }
}

export function ClassHeader({ detail, run }: { detail: DatasetDetail; run: SampleRun }): ReactNode {
  const studio = useStudio();
  const [isNaming, setNaming] = useState(false);
  const { label, count } = run;
  const row = label === null ? detail.unlabelled : detail.classes.find((one) => one.name === label);
  const name = label ?? 'No label';
  return (
    <div className="section-head class-head" role="rowheader">
      {isNaming && label !== null ? (
        <ClassNameField name={label} onDone={() => setNaming(false)} />
      ) : (
        <span className="cut">{name}</span>
      )}
      <span className="num faint section-count">{formatCount(count)}</span>
      <Menu label={name} trigger={<IconButton icon={Ellipsis} label={`More for ${name}`} className="class-more" />}>
        <MenuItem onSelect={() => selectRun(studio, label)}>Select all {formatCount(count)}</MenuItem>
        <MenuItem onSelect={() => setSampleFilter(studio, { label })}>Show only these</MenuItem>
        {label !== null && <MenuRule />}
        {label !== null && <MenuItem onSelect={() => setNaming(true)}>Rename the class</MenuItem>}
        {label !== null && (
          <MenuItem onSelect={() => void edit(studio, { edit: 'removeClass', name: label })}>
            Take this label from all of them
          </MenuItem>
        )}
      </Menu>
      <span className="section-rule" />
      {row !== undefined && (
        <span className="caption num">
          train {formatCount(row.train)} · val {formatCount(row.validation)} · test {formatCount(row.test)}
        </span>
      )}
    </div>
  );
}

function ClassNameField({ name, onDone }: { name: string; onDone: () => void }): ReactNode {
  const studio = useStudio();
  const [text, setText] = useState(name);
  const done = (): void => {
    onDone();
    const to = text.trim();
    if (to !== '' && to !== name) void edit(studio, { edit: 'renameClass', from: name, to });
  };
  return (
    <span className="field field-s">
      <input
        autoFocus
        aria-label={`New name of ${name}`}
        maxLength={300}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={done}
        onKeyDown={(event) => {
          event.stopPropagation();
          if (event.key === 'Enter') done();
          if (event.key === 'Escape') onDone();
        }}
      />
    </span>
  );
}
