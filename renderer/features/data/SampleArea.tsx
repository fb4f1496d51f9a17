/** The samples: only the rows near the view exist, as tiles for pictures and as lines for everything else. */
import { useVirtualizer } from '@tanstack/react-virtual';
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { DatasetDetail } from '../../../electron/contract/datasets';
import { getData, setData } from '../../state/data-load';
import { type SampleRow, SampleRows, tileShape, type TileShape } from '../../state/data-rows';
import type { SampleOrder } from '../../state/data-state';
import { bookOf } from '../../state/sample-book';
import { select, selectOne } from '../../state/selection';
import { useData } from '../../state/use-data';
import { useStudio } from '../../state/use-studio';
import { Rush, RushContext } from '../../ui/rush';
import { ClassHeader } from './ClassHeader';
import { sampleElementId, useMoveKeys } from './use-sample-keys';
import { LineHead, type LineShape, lineShape, SampleLine } from './SampleLine';
import { TileRow } from './TileRow';

const left = 24;
const right = 12;
const headerHeight = 40;
const lineHeight = 36;
const rowGap = 8;
const lastGap = 12;

interface AreaProps {
  detail: DatasetDetail;
  order: SampleOrder;
  scroller: RefObject<HTMLDivElement | null>;
  width: number;
}

function heightOf(row: SampleRow | undefined, shape: TileShape | null): number {
  if (row === undefined) return 0;
  if (row.type === 'header') return headerHeight;
  if (shape === null) return lineHeight;
  return shape.height + (row.isLast ? lastGap : rowGap);
}

export function SampleArea({ detail, order, scroller, width }: AreaProps): ReactNode {
  const studio = useStudio();
  const tileSize = useData((data) => data.tileSize);
  const active = useData((data) => data.selection.active);
  const isImage = detail.entry.kind === 'image';
  const room = Math.max(0, width - left - right);
  const shape = useMemo(
    () => (isImage ? tileShape(room, tileSize, detail.image) : null),
    [isImage, room, tileSize, detail.image],
  );
  const line = useMemo(() => lineShape(detail, room), [detail, room]);
  const hasHeaders = order.runs.some((run) => run.label !== null);
  const columns = shape?.columns ?? 1;
  const rows = useMemo(() => new SampleRows(order.runs, columns, hasHeaders), [order, columns, hasHeaders]);
  const area = useRef<HTMLDivElement | null>(null);
  const top = useTop(area, scroller);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(rows.rowAt(index), shape),
    overscan: 3,
    scrollMargin: top,
    paddingEnd: left,
    scrollPaddingStart: 56 + headerHeight,
    scrollPaddingEnd: 16,
  });
  useLayoutEffect(() => virtual.measure(), [virtual, rows, shape]);
  useMoveKeys(rows, area);
  useFollow(virtual.scrollToIndex, active, order, rows, width);

  const rush = useRush(scroller);
  const items = virtual.getVirtualItems();
  useSamples(detail, order, rows, items[0]?.index ?? 0, items[items.length - 1]?.index ?? 0);
  return (
    <div
      ref={area}
      className="sample-area"
      role="grid"
      aria-label="Samples"
      aria-multiselectable="true"
      aria-rowcount={rows.count}
      aria-activedescendant={active === null ? undefined : sampleElementId(active)}
      tabIndex={0}
      data-kind={detail.entry.kind}
      {...mouseOf(studio)}
    >
      {!isImage && <LineHead line={line} />}
      <div className="sample-canvas" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => (
          <div
            key={item.key}
            className="sample-row"
            role="row"
            aria-rowindex={item.index + 1}
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <RushContext value={rush}>
              <RowContent detail={detail} order={order} row={rows.rowAt(item.index)} shape={shape} line={line} />
            </RushContext>
          </div>
        ))}
      </div>
    </div>
  );
}

interface RowContentProps {
  detail: DatasetDetail;
  order: SampleOrder;
  row: SampleRow | undefined;
  shape: TileShape | null;
  line: LineShape;
}

function RowContent({ detail, order, row, shape, line }: RowContentProps): ReactNode {
  if (row === undefined) return null;
  if (row.type === 'header') return <ClassHeader detail={detail} run={row.run} />;
  if (shape === null) return <SampleLine line={line} index={order.indices[row.first] ?? 0} place={row.first} />;
  return <TileRow id={detail.entry.id} indices={order.indices} first={row.first} end={row.end} shape={shape} />;
}

/** Where the rows begin in the scroller: the bars and the report above them change their height. */
function useTop(area: RefObject<HTMLElement | null>, scroller: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => setTop(area.current?.offsetTop ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    for (const part of scroller.current?.children ?? []) if (part !== area.current) observer.observe(part);
    return () => observer.disconnect();
  }, [area, scroller]);
  return top;
}

/** Tells the rows whether they fly by. */
function useRush(scroller: RefObject<HTMLElement | null>): Rush {
  const [rush] = useState(() => new Rush());
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return undefined;
    const step = (event: Event): void => rush.step(element.scrollTop, event.timeStamp);
    element.addEventListener('scroll', step, { passive: true });
    return () => element.removeEventListener('scroll', step);
  }, [rush, scroller]);
  return rush;
}

/** Follows the keyboard and jumps; a list that changes under a resting selection does not pull the view along. */
function useFollow(
  scrollTo: (row: number, options: { align: 'auto' }) => void,
  active: number | null,
  order: SampleOrder,
  rows: SampleRows,
  width: number,
): void {
  useEffect(() => {
    if (active === null || width === 0) return;
    const place = order.indices.indexOf(active);
    if (place >= 0) scrollTo(rows.rowOf(place), { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active, width]);
}

/** Asks for the names and labels of what is seen, and a little around it. */
function useSamples(detail: DatasetDetail, order: SampleOrder, rows: SampleRows, from: number, to: number): void {
  const studio = useStudio();
  const filter = useData((data) => data.filter);
  const version = useData((data) => data.version);
  const isOld = useData((data) => data.isOrderOld);
  const { id } = detail.entry;
  useEffect(() => {
    // While a new order is on its way, places mean nothing.
    if (isOld) return;
    const first = rows.rowAt(from);
    const last = rows.rowAt(to);
    const begin = first?.type === 'samples' ? first.first : placeAfter(rows, from);
    const end = last?.type === 'samples' ? last.end : placeAfter(rows, to);
    bookOf(studio).want({ id, filter, version }, begin, Math.min(order.indices.length, end) - 1);
  }, [studio, id, filter, version, isOld, rows, from, to, order]);
}

function placeAfter(rows: SampleRows, index: number): number {
  const next = rows.rowAt(index + 1);
  return next?.type === 'samples' ? next.first : 0;
}

interface Mouse {
  onClick: (event: MouseEvent<HTMLElement>) => void;
  onDoubleClick: () => void;
}

function mouseOf(studio: ReturnType<typeof useStudio>): Mouse {
  return {
    onClick: (event) => {
      // The second click of a pair may land elsewhere: the panel that the first one opened has moved the tiles.
      if (event.detail > 1 || !(event.target instanceof Element)) return;
      const cell = event.target.closest('[data-index]');
      const { order, selection } = getData(studio);
      if (!(cell instanceof HTMLElement) || order === null) return;
      const index = Number(cell.dataset['index']);
      const modifiers = { isAdding: event.ctrlKey || event.metaKey, isExtending: event.shiftKey };
      setData(studio, { selection: select<number>(selection, order.indices, index, modifiers), isPicking: false });
    },
    onDoubleClick: () => {
      const { selection } = getData(studio);
      if (selection.active === null) return;
      setData(studio, {
        opened: { index: selection.active, how: 'view' },
        selection: selectOne(selection.active),
      });
    },
  };
}
