/** A line of the list: for rows of tables their values, for texts and molecules how they begin, for sounds how long. */
import { Ban } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { useData } from '../../state/use-data';
import { sampleWords } from './TileRow';
import { sampleElementId } from './use-sample-keys';
import { useSampleAt } from './use-samples';

/** As many columns as a line has room for; the rest is in the inspector. */
const mostColumns = 8;

function columnsOf(detail: DatasetDetail): readonly string[] {
  if (detail.entry.kind !== 'row') return [heads[detail.entry.kind]];
  return detail.columns
    .filter((column) => column.role !== 'ignore' && column.role !== 'label')
    .map((column) => column.name)
    .slice(0, mostColumns);
}

const heads = { image: '', text: 'Text', molecule: 'SMILES', sound: 'Length', music: 'Length', row: '' } as const;

function template(detail: DatasetDetail, count: number): string {
  if (detail.entry.kind !== 'row') return 'minmax(72px, 160px) minmax(0, 1fr) 88px';
  return `minmax(72px, 0.6fr) repeat(${count}, minmax(56px, 1fr)) minmax(64px, 0.5fr)`;
}

export function LineHead({ detail }: { detail: DatasetDetail }): ReactNode {
  const columns = columnsOf(detail);
  return (
    <div
      className="sample-line sample-line-head caption"
      role="row"
      style={{ gridTemplateColumns: template(detail, columns.length) }}
    >
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
  detail: DatasetDetail;
  index: number;
  place: number;
}

export const SampleLine = memo(function SampleLine({ detail, index, place }: LineProps): ReactNode {
  const isSelected = useData((data) => data.selection.ids.has(index));
  const isActive = useData((data) => data.selection.active === index);
  const sample = useSampleAt(place, index);
  const columns = columnsOf(detail);
  const kind = detail.entry.kind;
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
      style={{ gridTemplateColumns: template(detail, columns.length) }}
    >
      <span className="cut soft" title={sample?.name}>
        {sample?.name ?? ''}
      </span>
      {columns.map((column, at) => (
        <span key={column} className={`cut ${kind === 'row' ? 'num' : ''}`} title={sample?.excerpt[at]}>
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
