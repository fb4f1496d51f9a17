/** A line of the list: for rows of tables their values, for texts and molecules how they begin, for sounds how long. */
import { Ban } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { useData } from '../../state/use-data';
import { sampleWords } from './TileRow';
import { sampleElementId } from './use-sample-keys';
import { useSampleAt } from './use-samples';

/** What a line shows between the name and the split, and how its columns share the width. */
export interface LineShape {
  columns: readonly string[];
  template: string;
}

/** Widths of a value, and of name, split and the gaps around them. */
const valueWidth = 76;
const restWidth = 190;
/** More values than these do not come with the pages of samples. */
const mostColumns = 50;

/** As many columns as a line has room for; the rest is in the inspector. */
export function lineShape(detail: DatasetDetail, room: number): LineShape {
  if (detail.entry.kind !== 'row') {
    return { columns: [heads[detail.entry.kind]], template: 'minmax(72px, 160px) minmax(0, 1fr) 72px' };
  }
  const fitting = Math.max(1, Math.floor((room - restWidth) / valueWidth));
  const columns = detail.columns
    .filter((column) => column.role !== 'ignore' && column.role !== 'label')
    .map((column) => column.name)
    .slice(0, Math.min(mostColumns, fitting));
  return { columns, template: `minmax(72px, 0.8fr) repeat(${columns.length}, minmax(56px, 1fr)) 72px` };
}

const heads = { image: '', text: 'Text', molecule: 'SMILES', sound: 'Length', music: 'Length', row: '' } as const;

export function LineHead({ line: { columns, template } }: { line: LineShape }): ReactNode {
  return (
    <div className="sample-line sample-line-head caption" role="row" style={{ gridTemplateColumns: template }}>
      <span role="columnheader">Name</span>
      {columns.map((name) => (
        <span key={name} role="columnheader" className="cut" title={name}>
          {name}
        </span>
      ))}
      <span role="columnheader">Split</span>
    </div>
  );
}

interface LineProps {
  line: LineShape;
  index: number;
  place: number;
}

export const SampleLine = memo(function SampleLine({ line, index, place }: LineProps): ReactNode {
  const isSelected = useData((data) => data.selection.ids.has(index));
  const isActive = useData((data) => data.selection.active === index);
  const sample = useSampleAt(place, index);
  const { columns, template } = line;
  return (
    <div
      id={sampleElementId(index)}
      className="sample-line"
      role="gridcell"
      aria-selected={isSelected}
      aria-label={sample === undefined ? sampleWords(sample, index) : undefined}
      data-index={index}
      data-active={isActive || undefined}
      data-excluded={sample?.isExcluded === true || undefined}
      style={{ gridTemplateColumns: template }}
    >
      <span className="cut soft" title={sample?.name}>
        {sample?.name ?? ''}
      </span>
      {columns.map((column, at) => (
        <span key={column} className="cut num" title={sample?.excerpt[at]}>
          {sample?.excerpt[at] ?? ''}
        </span>
      ))}
      <span className="caption row row-4">
        {sample?.isExcluded === true && <Ban size={12} aria-label="excluded" />}
        {sample?.split ?? ''}
      </span>
    </div>
  );
});
