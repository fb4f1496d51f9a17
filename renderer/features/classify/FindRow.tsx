/** Finding pictures: by text, by label, in which order; what is filtered stands there and can be taken off. */
import { Command } from 'cmdk';
import { ArrowDownWideNarrow, ChevronDown, Search, Tags, X } from 'lucide-react';
import { type ReactNode, useMemo, useState } from 'react';
import { formatConfidence } from '../../../electron/contract/photo';
import { countLabels, type SectionKind, type SortBy } from '../../state/photo-list';
import { noFilter } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { isFiltered, setFilter, setSort } from '../../state/view-actions';
import { countOf, formatCount } from '../../ui/format';
import { Menu, MenuChoice, Pop } from '../../ui/Menu';

const sortNames: Record<SortBy, string> = {
  confidence: 'Surest first',
  doubtful: 'Most doubtful first',
  name: 'By file name',
  disagreement: 'Disagreements first',
};

const standingNames: Record<SectionKind, string> = {
  differ: 'Only disagreements',
  sure: 'Only sure',
  unsure: 'Only unsure',
  corrected: 'Only by you',
  waiting: 'Only waiting',
  failed: 'Only not read',
};

export function FindRow(): ReactNode {
  const studio = useStudio();
  const filter = useStudioState((state) => state.filter);
  const shown = useStudioState((state) => state.list.shown);
  const total = useStudioState((state) => state.photos.size);
  return (
    <div className="find">
      <label className="field field-s find-field">
        <Search size={14} aria-hidden="true" />
        <input
          type="text"
          aria-label="Find by label or file name"
          placeholder="Find by label or file name"
          value={filter.text}
          spellCheck={false}
          onChange={(event) => setFilter(studio, { text: event.target.value })}
        />
      </label>
      <LabelFilter />
      <SortMenu />
      {filter.standing !== null && (
        <FilterChip text={standingNames[filter.standing]} onRemove={() => setFilter(studio, { standing: null })} />
      )}
      {filter.range !== null && (
        <FilterChip
          text={`${formatConfidence(filter.range[0])} to ${formatConfidence(filter.range[1])}`}
          onRemove={() => setFilter(studio, { range: null })}
        />
      )}
      <span className="push caption num find-count" role="status">
        {isFiltered(filter) ? `${formatCount(shown)} of ${countOf(total, 'picture')}` : countOf(total, 'picture')}
      </span>
      {isFiltered(filter) && (
        <button type="button" className="link caption" onClick={() => studio.store.setState({ filter: noFilter })}>
          Show all
        </button>
      )}
    </div>
  );
}

function FilterChip({ text, onRemove }: { text: string; onRemove: () => void }): ReactNode {
  return (
    <span className="tag filter-chip">
      {text}
      <button type="button" aria-label={`Take off: ${text}`} onClick={onRemove}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}

function SortMenu(): ReactNode {
  const studio = useStudio();
  const sort = useStudioState((state) => state.sort);
  const isPair = useStudioState((state) => state.selected.length === 2);
  const kinds: SortBy[] = isPair
    ? ['disagreement', 'confidence', 'doubtful', 'name']
    : ['confidence', 'doubtful', 'name'];
  const trigger = (
    <button type="button" className="btn btn-s btn-quiet" aria-label={`Order: ${sortNames[sort]}`}>
      <ArrowDownWideNarrow size={14} aria-hidden="true" />
      {sortNames[sort]}
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  return (
    <Menu label="Order" trigger={trigger}>
      <MenuChoice
        value={sort}
        items={kinds.map((kind) => ({ value: kind, label: sortNames[kind] }))}
        onChange={(kind) => setSort(studio, kind)}
      />
    </Menu>
  );
}

function LabelFilter(): ReactNode {
  const studio = useStudio();
  const [isOpen, setOpen] = useState(false);
  const label = useStudioState((state) => state.filter.label);
  const trigger = (
    <button
      type="button"
      className="btn btn-s btn-quiet"
      aria-label={label === null ? 'All labels' : `Label: ${label}`}
    >
      <Tags size={14} aria-hidden="true" />
      <span className="cut find-label">{label ?? 'All labels'}</span>
      <ChevronDown size={14} aria-hidden="true" />
    </button>
  );
  const choose = (chosen: string | null): void => {
    setFilter(studio, { label: chosen });
    setOpen(false);
  };
  return (
    <Pop label="Filter by label" trigger={trigger} align="start" isOpen={isOpen} onOpenChange={setOpen}>
      <LabelList onChoose={choose} />
    </Pop>
  );
}

function LabelList({ onChoose }: { onChoose: (label: string | null) => void }): ReactNode {
  const [text, setText] = useState('');
  const all = useStudioState((state) => state.list.all);
  const model = useStudioState((state) => state.selected[0] ?? '');
  const labels = useMemo(() => countLabels(all, model), [all, model]);
  const needle = text.toLowerCase();
  const found = labels.filter(({ label }) => label.toLowerCase().includes(needle)).slice(0, 200);
  return (
    <Command shouldFilter={false} loop label="Labels" className="picker">
      <Command.Input className="picker-input" value={text} onValueChange={setText} placeholder="Find a label" />
      {found.length === 0 ? (
        <p className="soft">No picture has such a label.</p>
      ) : (
        <Command.List className="picker-list" label="Labels">
          {text === '' && (
            <Command.Item className="menu-item" value="(all labels)" onSelect={() => onChoose(null)}>
              All labels
            </Command.Item>
          )}
          {found.map(({ label, count }) => (
            <Command.Item key={label} className="menu-item" value={`= ${label}`} onSelect={() => onChoose(label)}>
              <span className="cut">{label}</span>
              <span className="push caption num">{formatCount(count)}</span>
            </Command.Item>
          ))}
        </Command.List>
      )}
    </Command>
  );
}
