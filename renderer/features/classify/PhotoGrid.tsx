/** The grid: sections of tiles, only those near the view exist; arrows move, Shift extends, Enter opens. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { columnsFor, type GridRow, gridRows, stepPlace } from '../../state/grid-rows';
import { type DerivedList, noFilter } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { useSize } from '../../ui/use-size';
import { NothingFound } from './EmptyState';
import { FailedRow } from './FailedRow';
import { PhotoTile } from './PhotoTile';
import { sectionLooks, sectionNote } from './section-words';
import { Mark } from '../../ui/parts';
import { formatCount } from '../../ui/format';
import { Rush, RushContext } from '../../ui/rush';
import { isCalmEnough, useGlide } from './use-glide';
import { pictureElementId, usePictureKeys } from './use-picture-keys';

const gap = 12;
const padding = 24;
/** Always kept free, so that nothing moves when the scrollbar comes. */
const scrollbar = 12;
const headerHeight = 40;
const failedHeight = 44;

/** Label line, bar and the spaces between them, under the picture; a second model adds a line. */
function tileHeight(width: number, isPair: boolean): number {
  return (width * 2) / 3 + 4 + 16 + 4 + 3 + (isPair ? 4 + 16 : 0);
}

function rowHeight(row: GridRow | undefined, width: number, isPair: boolean): number {
  if (row === undefined) return 0;
  if (row.type === 'header') return headerHeight;
  if (row.type === 'failed') return failedHeight;
  return tileHeight(width, isPair) + (row.isLast ? 8 : 16);
}

export function PhotoGrid(): ReactNode {
  const studio = useStudio();
  // Fifty tiles at once take longer than a frame: they are drawn in slices, between which the page answers.
  const list = useDeferredValue(useStudioState((state) => state.list));
  if (list.sections.length > 0) return <Tiles list={list} />;
  return <NothingFound onClear={() => studio.store.setState({ filter: noFilter })} />;
}

const Tiles = memo(function Tiles({ list: { sections, order } }: { list: DerivedList }): ReactNode {
  const scroller = useRef<HTMLDivElement | null>(null);
  const [measure, size] = useSize();
  const hold = useCallback(
    (element: HTMLDivElement | null) => {
      scroller.current = element;
      return measure(element);
    },
    [measure],
  );
  const isPair = useStudioState((state) => state.selected.length === 2);
  const active = useStudioState((state) => state.selection.active);
  const width = Math.max(0, size.width - 2 * padding + scrollbar);
  const columns = columnsFor(width, gap);
  const tileWidth = Math.max(0, (width - gap * (columns - 1)) / columns);
  const rows = useMemo(() => gridRows(sections, columns), [sections, columns]);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => rowHeight(rows.rowAt(index), tileWidth, isPair),
    overscan: 2,
    paddingStart: 0,
    paddingEnd: padding,
    scrollPaddingStart: headerHeight,
    scrollPaddingEnd: 8,
  });
  useEffect(() => virtual.measure(), [virtual, rows, tileWidth, isPair]);

  const isMeasured = width > 0;
  const place = active === null ? -1 : order.indexOf(active);
  const row = place < 0 ? -1 : rows.rowOf(place);
  useEffect(() => {
    // Follows the keyboard and clicks on dots; a list that changes under a resting selection does not pull the view along.
    if (isMeasured && row >= 0) virtual.scrollToIndex(row, { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active, isMeasured]);

  const isRunning = useStudioState((state) => state.run.state === 'running');
  const items = virtual.getVirtualItems();
  const seen = items.map((item) => ({ row: rows.rowAt(item.index), top: item.start }));
  useGlide(seen, tileWidth + gap, sections, isCalmEnough(order.length, isRunning));
  const press = usePictureKeys((from, step) => stepPlace(sections, columns, from, step));
  const [rush] = useState(() => new Rush());
  return (
    <div
      ref={hold}
      className="grid-scroller"
      role="grid"
      aria-label="Pictures"
      aria-multiselectable="true"
      aria-rowcount={rows.count}
      aria-activedescendant={active === null || row < 0 ? undefined : pictureElementId(active)}
      tabIndex={0}
      onKeyDown={press}
      onScroll={(event) => rush.step(event.currentTarget.scrollTop, event.timeStamp)}
    >
      <div className="grid-canvas" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map((item, at) => (
          <div
            key={item.key}
            className="grid-row"
            role="row"
            aria-rowindex={item.index + 1}
            style={{
              transform: `translateY(${item.start}px)`,
              gridTemplateColumns: `repeat(${columns}, ${tileWidth}px)`,
            }}
          >
            <RushContext value={rush}>
              <RowContent row={seen[at]?.row} tileWidth={tileWidth} />
            </RushContext>
          </div>
        ))}
      </div>
    </div>
  );
});

function RowContent({ row, tileWidth }: { row: GridRow | undefined; tileWidth: number }): ReactNode {
  if (row === undefined) return null;
  if (row.type === 'header') return <SectionHeader row={row} />;
  if (row.type === 'failed') return <FailedRow photo={row.photo} />;
  return row.photos.map((photo) => <PhotoTile key={photo.id} photo={photo} width={tileWidth} />);
}

function SectionHeader({ row }: { row: Extract<GridRow, { type: 'header' }> }): ReactNode {
  const sort = useStudioState((state) => state.sort);
  const threshold = useStudioState((state) => state.threshold);
  const model = useStudioState((state) => state.selected[0] ?? '');
  const photos = useStudioState((state) => state.list.sections.find((one) => one.kind === row.kind)?.photos);
  const { title, voice } = sectionLooks[row.kind];
  return (
    <div className="section-head" role="rowheader">
      <Mark voice={voice} />
      <span>{title}</span>
      <span className="num faint section-count">{formatCount(row.count)}</span>
      <span className="section-rule" />
      <span className="caption num">{sectionNote(row.kind, { sort, threshold, model, photos: photos ?? [] })}</span>
    </div>
  );
}
