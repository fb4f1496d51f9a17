/** What is shown of a data set: by name, split, exclusion, class or finding, each a chip that goes off again. */
import { EyeOff, Grid2x2, Grid3x3, PanelRight, Search, Square, X } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { splitNames, type Split } from '../../../electron/contract/samples';
import { replaceSampleFilter, setData, setSampleFilter } from '../../state/data-load';
import { isSampleFilterOn, noSampleFilter, nounOf } from '../../state/data-state';
import { useData } from '../../state/use-data';
import { useStudio, useStudioState } from '../../state/use-studio';
import { isInspectorShown, showInspector } from '../../state/view-actions';
import { Button, IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { countOf, formatCount } from '../../ui/format';

const restMs = 150;

export function FilterBar({ detail }: { detail: DatasetDetail }): ReactNode {
  const studio = useStudio();
  const filter = useData((data) => data.filter);
  const shownCount = useData((data) => data.order?.indices.length ?? 0);
  const isOld = useData((data) => data.isOrderOld);
  const tileSize = useData((data) => data.tileSize);
  const [one, many] = nounOf(detail.entry.kind);
  const hasExcluded = [...detail.classes, detail.unlabelled].some((row) => row.excluded > 0);
  const chooseSplit = (value: Split | 'all'): void =>
    setSampleFilter(studio, { split: value === 'all' ? undefined : value });
  return (
    <div className="data-filter">
      <NameField />
      <Choice<Split | 'all'>
        label="Split"
        value={filter.split ?? 'all'}
        items={[
          { value: 'all', label: 'All' },
          ...splitNames.map((split) => ({ value: split, label: shortNames[split] })),
        ]}
        onChange={chooseSplit}
      />
      {(hasExcluded || filter.isExcluded === true) && (
        <Button
          isSmall
          tone={filter.isExcluded === true ? 'plain' : 'quiet'}
          icon={EyeOff}
          aria-pressed={filter.isExcluded === true}
          onClick={() => setSampleFilter(studio, { isExcluded: filter.isExcluded === true ? undefined : true })}
        >
          Excluded
        </Button>
      )}
      <Chips />
      <span className="caption num push filter-count" role="status">
        {isOld ? 'Looking...' : countOf(shownCount, one, many)}
      </span>
      {detail.entry.kind === 'image' && (
        <Choice
          label="Size of the pictures"
          value={tileSize}
          items={[
            { value: 'small', label: 'Small pictures', icon: Grid3x3 },
            { value: 'medium', label: 'Medium pictures', icon: Grid2x2 },
            { value: 'large', label: 'Large pictures', icon: Square },
          ]}
          onChange={(size) => setData(studio, { tileSize: size })}
        />
      )}
      <InspectorButton />
    </div>
  );
}

const shortNames: Readonly<Record<Split, string>> = { train: 'Train', validation: 'Val', test: 'Test' };

/** Only while samples are selected and their panel is closed; it closes itself. */
function InspectorButton(): ReactNode {
  const studio = useStudio();
  const isShown = useStudioState(isInspectorShown);
  const isChosen = useData((data) => data.selection.ids.size > 0);
  if (isShown || !isChosen) return null;
  return (
    <IconButton
      icon={PanelRight}
      label="Open the inspector"
      keys="Ctrl I"
      onClick={() => showInspector(studio, true)}
    />
  );
}

function NameField(): ReactNode {
  const studio = useStudio();
  const asked = useData((data) => data.filter.text ?? '');
  const [text, setText] = useState(asked);
  const [last, setLast] = useState(asked);
  if (asked !== last) {
    setLast(asked);
    if (asked === '') setText('');
  }
  useEffect(() => {
    if (text === asked) return undefined;
    const timer = setTimeout(() => setSampleFilter(studio, { text }), restMs);
    return () => clearTimeout(timer);
  }, [studio, text, asked]);
  return (
    <label className="field field-s filter-name">
      <Search size={16} aria-hidden="true" />
      <input
        type="search"
        aria-label="Find by name"
        placeholder="Find by name"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}

function Chips(): ReactNode {
  const studio = useStudio();
  const filter = useData((data) => data.filter);
  const report = useData((data) => data.report);
  const finding = report?.findings.find((one) => one.id === filter.finding);
  const histogram = report?.histograms.find((one) => one.id === filter.bin?.histogram);
  const bin = filter.bin === undefined ? undefined : histogram?.bins[filter.bin.bin];
  return (
    <>
      {filter.label !== undefined && (
        <Chip text={filter.label ?? 'no label'} onClear={() => setSampleFilter(studio, { label: undefined })} />
      )}
      {filter.finding !== undefined && (
        <Chip
          text={finding?.sentence ?? filter.finding}
          onClear={() => setSampleFilter(studio, { finding: undefined })}
        />
      )}
      {filter.bin !== undefined && (
        <Chip
          text={`${histogram?.title ?? filter.bin.histogram}: ${bin === undefined ? '' : formatCount(bin.count)}`}
          onClear={() => setSampleFilter(studio, { bin: undefined })}
        />
      )}
      {isSampleFilterOn(filter) && (
        <button type="button" className="link caption" onClick={() => replaceSampleFilter(studio, noSampleFilter)}>
          Clear
        </button>
      )}
    </>
  );
}

function Chip({ text, onClear }: { text: string; onClear: () => void }): ReactNode {
  return (
    <span className="tag filter-chip data-chip">
      <span className="cut">{text}</span>
      <button type="button" aria-label={`No longer only: ${text}`} onClick={onClear}>
        <X size={12} aria-hidden="true" />
      </button>
    </span>
  );
}
