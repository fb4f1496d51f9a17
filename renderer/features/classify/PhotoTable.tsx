/** The list: one line a picture, with what each model says in a column of its own. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { memo, type ReactNode, useDeferredValue, useEffect, useRef } from 'react';
import { formatConfidence, type Photo, topPrediction } from '../../../electron/contract/photo';
import { describe, describeBriefly, failureWord } from '../../state/describe';
import { gridRows, type GridRow, stepPlace } from '../../state/grid-rows';
import { noFilter } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { formatBytes, formatCount, formatMs } from '../../ui/format';
import { Mark, Tag, Track } from '../../ui/parts';
import { Thumb } from '../../ui/Thumb';
import { NothingFound } from './EmptyState';
import { sectionLooks } from './section-words';
import { pictureElementId, usePictureKeys, usePictureMouse } from './use-picture-keys';

const rowHeight = 44;
const headerHeight = 40;

export function PhotoTable(): ReactNode {
  const studio = useStudio();
  const { sections, order } = useDeferredValue(useStudioState((state) => state.list));
  const active = useStudioState((state) => state.selection.active);
  const scroller = useRef<HTMLDivElement | null>(null);
  const rows = gridRows(sections, 1);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (rows.rowAt(index)?.type === 'header' ? headerHeight : rowHeight),
    overscan: 6,
    paddingEnd: 24,
    scrollPaddingStart: headerHeight + 32,
  });
  useEffect(() => virtual.measure(), [virtual, sections]);
  const place = active === null ? -1 : order.indexOf(active);
  useEffect(() => {
    if (place >= 0) virtual.scrollToIndex(gridRows(sections, 1).rowOf(place), { align: 'auto' });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [active]);
  const press = usePictureKeys((from, step) => stepPlace(sections, 1, from, step));
  if (sections.length === 0) return <NothingFound onClear={() => studio.store.setState({ filter: noFilter })} />;
  return (
    <div
      ref={scroller}
      className="grid-scroller table"
      role="grid"
      aria-label="Pictures"
      aria-multiselectable="true"
      aria-rowcount={rows.count + 1}
      aria-activedescendant={place < 0 || active === null ? undefined : pictureElementId(active)}
      tabIndex={0}
      onKeyDown={press}
    >
      <TableHead />
      <div className="grid-canvas" role="presentation" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => (
          <div
            key={item.key}
            className="table-place"
            role="presentation"
            style={{ transform: `translateY(${item.start}px)` }}
          >
            <TableLine row={rows.rowAt(item.index)} index={item.index + 2} />
          </div>
        ))}
      </div>
    </div>
  );
}

function TableHead(): ReactNode {
  const selected = useStudioState((state) => state.selected);
  return (
    <div
      className="table-row table-head caption"
      role="row"
      aria-rowindex={1}
      data-pair={selected.length === 2 || undefined}
    >
      <span role="columnheader">
        <span className="sr-only">Picture</span>
      </span>
      <span role="columnheader">File</span>
      <span role="columnheader">State</span>
      {selected.map((id) => (
        <span key={id} role="columnheader" className="cut">
          {id}
        </span>
      ))}
      <span role="columnheader" className="table-number table-size">
        Size
      </span>
      <span role="columnheader" className="table-number">
        Time
      </span>
    </div>
  );
}

function TableLine({ row, index }: { row: GridRow | undefined; index: number }): ReactNode {
  if (row === undefined) return null;
  if (row.type === 'header') {
    const { title, voice } = sectionLooks[row.kind];
    return (
      <div className="table-section" role="row" aria-rowindex={index}>
        <div className="section-head" role="rowheader">
          <Mark voice={voice} />
          <span>{title}</span>
          <span className="num faint section-count">{formatCount(row.count)}</span>
          <span className="section-rule" />
        </div>
      </div>
    );
  }
  const photo = row.type === 'failed' ? row.photo : row.photos[0];
  return photo === undefined ? null : <PhotoLine photo={photo} index={index} />;
}

const PhotoLine = memo(function PhotoLine({ photo, index }: { photo: Photo; index: number }): ReactNode {
  const selected = useStudioState((state) => state.selected);
  const threshold = useStudioState((state) => state.threshold);
  const isSelected = useStudioState((state) => state.selection.ids.has(photo.id));
  const isActive = useStudioState((state) => state.selection.active === photo.id);
  const isRunning = useStudioState((state) => state.run.state === 'running');
  const mouse = usePictureMouse(photo.id);
  const model = selected[0] ?? '';
  const facts = describe(photo, model, threshold, isRunning);
  const ms = photo.verdicts[model]?.ms;
  return (
    <div
      id={pictureElementId(photo.id)}
      className="table-row"
      role="row"
      aria-rowindex={index}
      aria-selected={isSelected}
      data-active={isActive || undefined}
      data-pair={selected.length === 2 || undefined}
      {...mouse}
    >
      <span role="gridcell" className="photo table-photo">
        {photo.hasThumb && <Thumb id={photo.id} />}
      </span>
      <span role="gridcell" className="cut">
        {photo.name}
      </span>
      <span role="gridcell">
        <Tag voice={facts.voice}>{facts.state}</Tag>
      </span>
      {photo.state === 'failed' ? (
        <FailureCells photo={photo} count={selected.length} />
      ) : (
        selected.map((id, place) => <VerdictCell key={id} photo={photo} model={id} isFirst={place === 0} />)
      )}
      <span role="gridcell" className="caption num table-number table-size">
        {photo.width > 0 ? `${photo.width} × ${photo.height}` : formatBytes(photo.bytes)}
      </span>
      <span role="gridcell" className="caption num table-number">
        {ms === undefined ? '' : formatMs(ms)}
      </span>
    </div>
  );
});

function FailureCells({ photo, count }: { photo: Photo; count: number }): ReactNode {
  return (
    <>
      <span role="gridcell" className="cut danger" title={photo.failure?.message}>
        {photo.failure?.message ?? failureWord(photo)}
      </span>
      {count === 2 && <span role="gridcell" />}
    </>
  );
}

function VerdictCell({ photo, model, isFirst }: { photo: Photo; model: string; isFirst: boolean }): ReactNode {
  const threshold = useStudioState((state) => state.threshold);
  const isRunning = useStudioState((state) => state.run.state === 'running');
  const top = topPrediction(photo, model);
  const facts = describe(isFirst ? photo : withoutCorrection(photo), model, threshold, isRunning);
  const isDetector = !isFirst && top?.box !== undefined;
  return (
    <span role="gridcell" className="row verdict-cell">
      <span className="cut strong grow">{isDetector ? describeBriefly(photo, model, threshold) : facts.label}</span>
      <Track value={facts.score} tone={facts.tone} className="verdict-bar" />
      <span className="num verdict-number">{top === undefined ? '' : formatConfidence(top.score)}</span>
    </span>
  );
}

/** The person's label belongs to the first model's column only. */
function withoutCorrection(photo: Photo): Photo {
  const plain = { ...photo };
  delete plain.correction;
  return plain;
}
