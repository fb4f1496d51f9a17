/** One chart of a run: its curves over the steps, and their values at the newest step or under the pointer. */
import './line-chart.css';
import { type PointerEvent, type ReactNode, useEffect, useRef, useSyncExternalStore } from 'react';
import type { Curve } from '../../electron/contract/training';
import { formatCount } from '../ui/format';
import { Mark } from '../ui/parts';
import { useSize } from '../ui/use-size';
import { useTheme } from '../ui/use-theme';
import { drawLines, type LineColours, stepAt, xOf } from './draw-lines';
import type { HoverStep } from './hover-step';
import { nearestPoint } from './line-maths';

interface LineChartProps {
  title: string;
  curves: readonly Curve[];
  hover: HoverStep;
  /** Where the axis ends: the step the run will end at, or the newest. */
  lastStep: number;
  /** Null once the run is over. */
  now: number | null;
  format: (value: number, unit: string) => string;
}

const height = 176;
const [left, foot] = [44, 22];
const voices = { generated: 'gen', real: 'real', neutral: 'slate' } as const;

export function LineChart({ title, curves, hover, lastStep, now, format }: LineChartProps): ReactNode {
  const canvas = useRef<HTMLCanvasElement | null>(null);
  const [ref, { width }] = useSize();
  const theme = useTheme();
  const unit = curves[0]?.unit ?? '';
  const plot = { width, height, left, foot, firstStep: 0, lastStep: Math.max(1, lastStep), now };
  useEffect(() => {
    const context = canvas.current?.getContext('2d') ?? null;
    if (canvas.current === null || context === null || width === 0) return;
    const density = window.devicePixelRatio;
    canvas.current.width = Math.round(width * density);
    canvas.current.height = Math.round(height * density);
    context.setTransform(density, 0, 0, density, 0, 0);
    const tick = (value: number): string => format(value, unit).replace(/\u202f.*/, '');
    drawLines(context, curves, { ...plot, format: tick }, coloursOf(canvas.current));
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the plot is made of the values that stand here
  }, [curves, width, lastStep, now, theme, unit, format]);
  const move = (event: PointerEvent<HTMLElement>): void => {
    const { left: edge } = event.currentTarget.getBoundingClientRect();
    hover.set(stepAt(plot, event.clientX - edge));
  };
  return (
    <figure className="line-chart" aria-label={title}>
      <Values title={title} curves={curves} hover={hover} format={format} />
      <div
        ref={ref}
        className="line-chart-plot"
        style={{ height }}
        onPointerMove={move}
        onPointerLeave={() => hover.set(null)}
      >
        <canvas ref={canvas} style={{ width, height }} role="img" aria-label={inWords(title, curves, format)} />
        <HoverLine hover={hover} x={(step) => xOf(plot, step)} />
      </div>
    </figure>
  );
}

function coloursOf(element: Element): LineColours {
  const style = getComputedStyle(element);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    generated: token('--gen'),
    real: token('--real'),
    neutral: token('--slate'),
    grid: token('--line'),
    text: token('--text-3'),
    strong: token('--text-1'),
    ground: token('--surface-1'),
    font: `${style.fontSize} ${style.fontFamily}`,
  };
}

function useHover(hover: HoverStep): number | null {
  return useSyncExternalStore(hover.subscribe, hover.get);
}

interface ValuesProps {
  title: string;
  curves: readonly Curve[];
  hover: HoverStep;
  format: LineChartProps['format'];
}

function Values({ title, curves, hover, format }: ValuesProps): ReactNode {
  const step = useHover(hover);
  return (
    <figcaption className="line-chart-head">
      <span className="row">
        <strong className="cut grow">{title}</strong>
        {step !== null && <span className="caption num">step {formatCount(step)}</span>}
      </span>
      <span className="line-chart-values">
        {curves.map((curve) => {
          const point = step === null ? curve.points.at(-1) : nearestPoint(curve.points, step);
          return (
            <span key={curve.name} className="row row-4 num" title={curve.title}>
              <Mark voice={voices[curve.voice]} />
              <span className="caption cut">{curve.title}</span>
              {point === undefined ? '–' : format(point[1], curve.unit)}
            </span>
          );
        })}
      </span>
    </figcaption>
  );
}

function HoverLine({ hover, x }: { hover: HoverStep; x: (step: number) => number }): ReactNode {
  const step = useHover(hover);
  if (step === null) return null;
  return <span className="line-chart-hover" style={{ transform: `translateX(${x(step)}px)` }} aria-hidden="true" />;
}

function inWords(title: string, curves: readonly Curve[], format: LineChartProps['format']): string {
  const told = curves.flatMap((curve) => {
    const [first] = curve.points;
    const last = curve.points.at(-1);
    if (first === undefined || last === undefined) return [];
    return [`${curve.title} from ${format(first[1], curve.unit)} to ${format(last[1], curve.unit)}`];
  });
  return `${title}: ${told.join('; ')}`;
}
