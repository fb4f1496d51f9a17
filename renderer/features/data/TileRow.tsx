/** One row of pictures: drawn on one canvas, under cells that hold selection, marks and names. */
import { Ban } from 'lucide-react';
import { memo, type ReactNode, useMemo } from 'react';
import type { Sample } from '../../../electron/contract/datasets';
import { tileGap, type TileShape } from '../../state/data-rows';
import { useData } from '../../state/use-data';
import { Mark } from '../../ui/parts';
import { TileCanvas } from './TileCanvas';
import { sampleElementId } from './use-sample-keys';
import { useSampleAt } from './use-samples';

interface TileRowProps {
  id: string;
  indices: Int32Array;
  first: number;
  end: number;
  shape: TileShape;
}

export const TileRow = memo(function TileRow({ id, indices, first, end, shape }: TileRowProps): ReactNode {
  const own = useMemo(() => indices.slice(first, end), [indices, first, end]);
  return (
    <div className="tile-row" style={{ height: shape.height }}>
      <TileCanvas id={id} indices={own} columns={shape.columns} tile={shape} gap={tileGap} />
      <div
        className="tile-cells"
        role="presentation"
        style={{ gridTemplateColumns: `repeat(${shape.columns}, ${shape.width}px)`, columnGap: tileGap }}
      >
        {Array.from(own, (index, at) => (
          <TileCell key={index} index={index} place={first + at} />
        ))}
      </div>
    </div>
  );
});

const TileCell = memo(function TileCell({ index, place }: { index: number; place: number }): ReactNode {
  const isSelected = useData((data) => data.selection.ids.has(index));
  const isActive = useData((data) => data.selection.active === index);
  const sample = useSampleAt(place, index);
  return (
    <div
      id={sampleElementId(index)}
      className="tile-cell"
      role="gridcell"
      aria-selected={isSelected}
      aria-label={sampleWords(sample, index)}
      title={sample?.name}
      data-index={index}
      data-active={isActive || undefined}
      data-excluded={sample?.isExcluded === true || undefined}
    >
      {sample?.isExcluded === true && (
        <span className="corner">
          <Ban size={12} aria-hidden="true" />
        </span>
      )}
      {sample?.isExcluded !== true && sample?.isMarkedSynthetic === true && (
        <span className="corner">
          <Mark voice="gen" />
        </span>
      )}
    </div>
  );
});

export function sampleWords(sample: Sample | undefined, index: number): string {
  if (sample === undefined) return `Sample ${index}`;
  const { name, label, split, isExcluded, isMarkedSynthetic } = sample;
  const rest = [label ?? 'no label', split, isExcluded ? 'excluded' : '', isMarkedSynthetic ? 'generated' : ''];
  return [name, ...rest.filter((word) => word !== '')].join(', ');
}
