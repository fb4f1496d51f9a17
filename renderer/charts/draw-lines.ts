/** Draws the lines of one chart on a canvas: grid, raw values faintly, smooth lines over them, where they end. */
import type { Curve } from '../../electron/contract/training';
import { rangeOf, smoothed, ticksOf } from './line-maths';

export interface LineColours {
  generated: string;
  real: string;
  neutral: string;
  grid: string;
  text: string;
  strong: string;
  ground: string;
  font: string;
}

export interface LinePlot {
  width: number;
  height: number;
  /** Room for the numbers at the left and below. */
  left: number;
  foot: number;
  firstStep: number;
  lastStep: number;
  /** The newest step; null once the run is over. */
  now: number | null;
  format: (value: number) => string;
}

const headroom = 6;

/** From steps and values to places. */
function scalesOf(curves: readonly Curve[], plot: LinePlot) {
  const { least, most } = rangeOf(curves);
  const ticks = ticksOf(least, most);
  const bottom = ticks[0] ?? least;
  const top = Math.max(ticks.at(-1) ?? most, bottom + 1e-12);
  const wide = plot.width - plot.left - headroom;
  const tall = plot.height - plot.foot - headroom;
  const span = Math.max(1, plot.lastStep - plot.firstStep);
  return {
    ticks,
    x: (step: number): number => plot.left + ((step - plot.firstStep) / span) * wide,
    y: (value: number): number => headroom + (1 - (value - bottom) / (top - bottom)) * tall,
  };
}

/** The step at a place of the chart. */
export function stepAt(plot: Pick<LinePlot, 'left' | 'width' | 'firstStep' | 'lastStep'>, x: number): number {
  const share = (x - plot.left) / Math.max(1, plot.width - plot.left - headroom);
  return Math.round(plot.firstStep + Math.min(1, Math.max(0, share)) * (plot.lastStep - plot.firstStep));
}

export function xOf(plot: Pick<LinePlot, 'left' | 'width' | 'firstStep' | 'lastStep'>, step: number): number {
  const span = Math.max(1, plot.lastStep - plot.firstStep);
  return plot.left + ((step - plot.firstStep) / span) * (plot.width - plot.left - headroom);
}

/** The second line of one voice is dashed otherwise, so that nothing depends on colour alone. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 3]];

function dashOf(curves: readonly Curve[], curve: Curve): readonly number[] {
  const alike = curves.filter(({ voice }) => voice === curve.voice).indexOf(curve);
  const offset = curve.voice === 'generated' ? 1 : 0;
  return dashes[(alike + offset) % dashes.length] ?? [];
}

export function drawLines(
  context: CanvasRenderingContext2D,
  curves: readonly Curve[],
  plot: LinePlot,
  colours: LineColours,
): void {
  context.clearRect(0, 0, plot.width, plot.height);
  const { ticks, x, y } = scalesOf(curves, plot);
  context.font = colours.font;
  context.lineWidth = 1;
  drawGrid(context, ticks, plot, { y, colours });
  drawFoot(context, plot, { x, colours });
  context.save();
  context.beginPath();
  context.rect(plot.left - 4, 0, plot.width - plot.left + 4, plot.height - plot.foot + 4);
  context.clip();
  for (const curve of curves) {
    const colour = colours[curve.voice];
    if (curve.points.length >= 40) path(context, curve.points, { x, y, colour, width: 1, alpha: 0.25, dash: [] });
    path(context, smoothed(curve.points), { x, y, colour, width: 1.75, alpha: 1, dash: dashOf(curves, curve) });
  }
  for (const curve of curves) drawEnd(context, curve, { x, y, colours });
  context.restore();
}

type Scale = (value: number) => number;

function drawGrid(
  context: CanvasRenderingContext2D,
  ticks: readonly number[],
  plot: LinePlot,
  { y, colours }: { y: Scale; colours: LineColours },
): void {
  context.textAlign = 'right';
  context.textBaseline = 'middle';
  for (const tick of ticks) {
    const at = Math.round(y(tick)) + 0.5;
    context.strokeStyle = colours.grid;
    context.beginPath();
    context.moveTo(plot.left, at);
    context.lineTo(plot.width, at);
    context.stroke();
    context.fillStyle = colours.text;
    context.fillText(plot.format(tick), plot.left - 8, at);
  }
}

const steps = new Intl.NumberFormat('en');

function drawFoot(
  context: CanvasRenderingContext2D,
  plot: LinePlot,
  { x, colours }: { x: Scale; colours: LineColours },
): void {
  const base = plot.height - 4;
  context.textBaseline = 'alphabetic';
  const last = steps.format(plot.lastStep);
  const lastWidth = context.measureText(last).width;
  const firstWidth = context.measureText(steps.format(plot.firstStep)).width;
  context.fillStyle = colours.text;
  context.textAlign = 'left';
  const now = plot.now;
  const label = now === null ? '' : steps.format(now);
  const half = context.measureText(label).width / 2;
  const at = now === null ? 0 : x(now);
  if (now === null || at - half > plot.left + firstWidth + 8)
    context.fillText(steps.format(plot.firstStep), plot.left, base);
  context.textAlign = 'right';
  if (now === null || at + half < plot.width - lastWidth - 8) context.fillText(last, plot.width, base);
  if (now === null) return;
  context.strokeStyle = colours.text;
  context.setLineDash([2, 2]);
  context.beginPath();
  context.moveTo(Math.round(at) + 0.5, 0);
  context.lineTo(Math.round(at) + 0.5, plot.height - plot.foot + 4);
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = colours.strong;
  context.textAlign = 'center';
  context.fillText(label, Math.min(Math.max(at, plot.left + half), plot.width - half), base);
}

interface Stroke {
  x: Scale;
  y: Scale;
  colour: string;
  width: number;
  alpha: number;
  dash: readonly number[];
}

function path(context: CanvasRenderingContext2D, points: Curve['points'], stroke: Stroke): void {
  context.save();
  context.strokeStyle = stroke.colour;
  context.globalAlpha = stroke.alpha;
  context.lineWidth = stroke.width;
  context.lineJoin = 'round';
  context.setLineDash([...stroke.dash]);
  context.beginPath();
  let isDown = false;
  for (const [step, value] of points) {
    if (!Number.isFinite(value)) {
      isDown = false;
      continue;
    }
    if (isDown) context.lineTo(stroke.x(step), stroke.y(value));
    else context.moveTo(stroke.x(step), stroke.y(value));
    isDown = true;
  }
  context.stroke();
  context.restore();
}

/** A ring where drawings end, a disc for what is real or judged, a small square for what is neither. */
function drawEnd(
  context: CanvasRenderingContext2D,
  curve: Curve,
  { x, y, colours }: { x: Scale; y: Scale; colours: LineColours },
): void {
  const last = smoothed(curve.points).at(-1);
  if (last === undefined || !Number.isFinite(last[1])) return;
  const [cx, cy] = [x(last[0]), y(last[1])];
  context.beginPath();
  if (curve.voice === 'neutral') context.rect(cx - 3, cy - 3, 6, 6);
  else context.arc(cx, cy, 3.5, 0, 2 * Math.PI);
  context.fillStyle = curve.voice === 'real' ? colours.real : colours.ground;
  context.strokeStyle = colours[curve.voice];
  context.lineWidth = curve.voice === 'neutral' ? 1.5 : 2;
  context.fill();
  context.stroke();
}
