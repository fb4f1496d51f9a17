/** One row of pictures: drawn on one canvas, under cells that hold selection, marks and names. */
import { Ban } from 'lucide-react';
import { memo, type ReactNode, useMemo, useSyncExternalStore } from 'react';
import type { Sample } from '../../../electron/contract/datasets';
import { tileGap, type TileShape } from '../../state/data-rows';
import { bookOf } from '../../state/sample-book';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Mark } from '../../ui/parts';
import { useIsSeen } from '../../ui/rush';
import { TileCanvas } from './TileCanvas';
import { sampleElementId } from './use-sample-keys';

interface TileRowProps {
  id: string;
  indices: Int32Array;
  first: number;
  end: number;
  shape: TileShape;
}

export const TileRow = memo(function TileRow(props: TileRowProps): ReactNode {
  const { shape, first, end } = props;
  // Rows that fly by are wells: nobody could see more of them, and the frame stays short.
  const isSeen = useIsSeen();
  if (isSeen) return <SeenRow {...props} />;
  const width = (end - first) * (shape.width + tileGap) - tileGap;
  const well = `repeating-linear-gradient(90deg, var(--surface-2) 0 ${shape.width}px, transparent ${shape.width}px ${shape.width + tileGap}px)`;
  return <div style={{ height: shape.height, width, background: well }} />;
});

/** One subscription for the whole row: a hundred cells with their own would cost more than the drawing. */
function SeenRow({ id, indices, first, end, shape }: TileRowProps): ReactNode {
  const own = useMemo(() => indices.slice(first, end), [indices, first, end]);
  const selection = useData((data) => data.selection);
  const book = bookOf(useStudio());
  useSyncExternalStore(book.subscribe, book.version);
  return (
    <div className="tile-row" style={{ height: shape.height }}>
      <TileCanvas id={id} indices={own} columns={shape.columns} tile={shape} gap={tileGap} />
      <div
        className="tile-cells"
        role="presentation"
        style={{ gridTemplateColumns: `repeat(${shape.columns}, ${shape.width}px)`, columnGap: tileGap }}
      >
        {Array.from(own, (index, at) => {
          const sample = book.at(first + at);
          return (
            <TileCell
              key={index}
              index={index}
              sample={sample?.index === index ? sample : undefined}
              isSelected={selection.ids.has(index)}
              isActive={selection.active === index}
            />
          );
        })}
      </div>
    </div>
  );
}

interface TileCellProps {
  index: number;
  sample: Sample | undefined;
  isSelected: boolean;
  isActive: boolean;
}

const TileCell = memo(function TileCell({ index, sample, isSelected, isActive }: TileCellProps): ReactNode {
  const isExcluded = sample?.isExcluded === true;
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
      data-excluded={isExcluded || undefined}
    >
      {isExcluded && (
        <span className="corner">
          <Ban size={12} aria-hidden="true" />
        </span>
      )}
      {!isExcluded && sample?.isMarkedSynthetic === true && (
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
