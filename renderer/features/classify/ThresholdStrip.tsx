/** The threshold stands on the distribution it cuts: every picture is a dot (or part of a bar), the line says from where it counts. */
import { type KeyboardEvent, memo, type PointerEvent, type ReactNode, useMemo, useRef } from 'react';
import { formatConfidence, type Photo, topPrediction } from '../../../electron/contract/photo';
import {
  type Bar,
  bins,
  type Dot,
  dotGeometry,
  type Plot,
  plotConfidences,
  thresholdAfterKey,
  tidyThreshold,
} from '../../charts/confidence-plot';
import { openDetail, startReview } from '../../state/photo-actions';
import { selectOne } from '../../state/selection';
import { useStudio, useStudioState } from '../../state/use-studio';
import { setFilter, setSort, toggleStanding } from '../../state/view-actions';
import { countOf, formatCount } from '../../ui/format';
import { Mark } from '../../ui/parts';
import { useSize } from '../../ui/use-size';

const axis = 41;
const plotHeight = 36;

export function ThresholdStrip(): ReactNode {
  const threshold = useStudioState((state) => state.threshold);
  return (
    <section className="threshold" aria-label="Threshold">
      <div className="threshold-value">
        <div className="caption">Sure from</div>
        <div className="text-18 num">{formatConfidence(threshold)}</div>
      </div>
      <Slider />
      <Doors />
    </section>
  );
}

function scoresOf(photos: Iterable<Photo>, model: string): { id: string; score: number }[] {
  const scores: { id: string; score: number }[] = [];
  for (const photo of photos) {
    const top = topPrediction(photo, model);
    if (top !== undefined) scores.push({ id: photo.id, score: top.score });
  }
  return scores;
}

function Slider(): ReactNode {
  const studio = useStudio();
  const [ref, { width }] = useSize();
  const threshold = useStudioState((state) => state.threshold);
  // The list is derived as often as the time allows; the plot follows it rather than every event.
  const all = useStudioState((state) => state.list.all);
  const model = useStudioState((state) => state.selected[0] ?? '');
  const plot = useMemo(() => plotConfidences(scoresOf(all, model)), [all, model]);
  const isDragging = useRef(false);
  const set = (value: number): void => studio.store.setState({ threshold: tidyThreshold(value) });
  const drag = (event: PointerEvent<HTMLDivElement>): void => {
    const { left } = event.currentTarget.getBoundingClientRect();
    set((event.clientX - left) / Math.max(1, width));
  };
  const press = (event: KeyboardEvent): void => {
    const next = thresholdAfterKey(threshold, event.key);
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    set(next);
  };
  return (
    <div
      ref={ref}
      className="slider"
      role="slider"
      tabIndex={0}
      aria-label="Sure from"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(threshold * 1000) / 10}
      aria-valuetext={formatConfidence(threshold)}
      onKeyDown={press}
      onPointerDown={(event) => {
        isDragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        drag(event);
      }}
      onPointerMove={(event) => isDragging.current && drag(event)}
      onPointerUp={() => (isDragging.current = false)}
      onPointerCancel={() => (isDragging.current = false)}
    >
      {width > 0 && (
        <svg className="slider-plot" width={width} height={60} aria-hidden="true">
          <defs>
            <pattern id="unsure-stripes" width="3" height="3" patternUnits="userSpaceOnUse">
              <rect className="plot-unsure" width="3" height="2" />
            </pattern>
          </defs>
          <PlotMarks plot={plot} width={width} threshold={threshold} />
          <SliderLine width={width} threshold={threshold} />
        </svg>
      )}
    </div>
  );
}

function SliderLine({ width, threshold }: { width: number; threshold: number }): ReactNode {
  const x = threshold * width;
  return (
    <>
      <rect className="slider-below" x={0} y={axis - 2} width={x} height={4} rx={2} />
      <rect className="slider-above" x={x} y={axis - 2} width={width - x} height={4} rx={2} />
      <line className="slider-cut" x1={x} x2={x} y1={4} y2={plotHeight} />
      <circle className="slider-thumb" cx={x} cy={axis} r={7} />
      <text x={0} y={59}>
        0
      </text>
      <text x={width / 2} y={59} textAnchor="middle">
        50
      </text>
      <text x={width} y={59} textAnchor="end">
        {'100\u202f%'}
      </text>
    </>
  );
}

interface MarksProps {
  plot: Plot;
  width: number;
  threshold: number;
}

const PlotMarks = memo(function PlotMarks({ plot, width, threshold }: MarksProps): ReactNode {
  const slot = width / bins;
  if (plot.type === 'bars') {
    return plot.bars
      .filter((bar) => bar.count > 0)
      .map((bar) => (
        <BarMark key={bar.bin} bar={bar} slot={slot} highest={plot.highest} isSure={bar.from >= threshold} />
      ));
  }
  const { pitch, radius } = dotGeometry(plot.highest, plotHeight);
  return plot.dots.map((dot) => {
    const y = plotHeight - 4 - dot.level * pitch;
    return (
      <DotMark
        key={dot.id}
        dot={dot}
        x={(dot.bin + 0.5) * slot}
        y={y}
        radius={radius}
        isSure={dot.score >= threshold}
      />
    );
  });
});

function BarMark({
  bar,
  slot,
  highest,
  isSure,
}: {
  bar: Bar;
  slot: number;
  highest: number;
  isSure: boolean;
}): ReactNode {
  const studio = useStudio();
  const height = Math.max(2, ((plotHeight - 4) * bar.count) / highest);
  const show = (event: PointerEvent): void => {
    event.stopPropagation();
    setFilter(studio, { range: [bar.from, bar.to] });
  };
  return (
    <rect
      className={isSure ? 'plot-bar plot-sure' : 'plot-bar plot-striped'}
      x={bar.bin * slot + 1}
      y={plotHeight - height}
      width={Math.max(1, slot - 2)}
      height={height}
      rx={1.5}
      onPointerDown={show}
    >
      <title>{`${countOf(bar.count, 'picture')} from ${formatConfidence(bar.from)} to ${formatConfidence(bar.to)}`}</title>
    </rect>
  );
}

interface DotMarkProps {
  dot: Dot;
  x: number;
  y: number;
  radius: number;
  isSure: boolean;
}

function DotMark({ dot, x, y, radius, isSure }: DotMarkProps): ReactNode {
  const studio = useStudio();
  const open = (event: PointerEvent): void => {
    event.stopPropagation();
    studio.store.setState({ selection: selectOne(dot.id) });
  };
  return (
    <g className="plot-dot" onPointerDown={open} onDoubleClick={() => openDetail(studio, dot.id)}>
      <circle className="plot-hit" cx={x} cy={y} r={radius + 2} />
      {isSure ? (
        <circle className="plot-sure" cx={x} cy={y} r={radius} />
      ) : (
        <>
          <circle className="plot-ring" cx={x} cy={y} r={radius - 0.5} />
          <path
            className="plot-unsure"
            d={`M${x} ${y - radius + 0.5}a${radius - 0.5} ${radius - 0.5} 0 0 0 0 ${2 * radius - 1}z`}
          />
        </>
      )}
    </g>
  );
}

function Doors(): ReactNode {
  const studio = useStudio();
  const { counts, differing } = useStudioState((state) => state.list);
  const standing = useStudioState((state) => state.filter.standing);
  const showDiffering = (): void => {
    setSort(studio, 'disagreement');
    toggleStanding(studio, 'differ');
  };
  return (
    <div className="doors">
      <button
        type="button"
        className="tag tag-real"
        aria-pressed={standing === 'sure'}
        onClick={() => toggleStanding(studio, 'sure')}
      >
        <Mark voice="real" />
        {formatCount(counts.sure)} sure
      </button>
      {differing > 0 ? (
        <button type="button" className="link caption num" onClick={showDiffering}>
          {formatCount(differing)} {differing === 1 ? 'disagrees' : 'disagree'}
        </button>
      ) : (
        <span className="caption num">{counts.corrected > 0 ? `${formatCount(counts.corrected)} by you` : ''}</span>
      )}
      <button
        type="button"
        className="tag tag-warn"
        aria-pressed={standing === 'unsure'}
        onClick={() => toggleStanding(studio, 'unsure')}
      >
        <Mark voice="warn" />
        {formatCount(counts.unsure)} unsure
      </button>
      {counts.unsure > 0 ? (
        <button type="button" className="link caption" onClick={() => startReview(studio)}>
          Sort them out
        </button>
      ) : (
        <span />
      )}
    </div>
  );
}
