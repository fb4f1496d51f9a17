/** Points of a plane over their density: rings where they were drawn, discs where they are real. */
import './point-cloud.css';
import { type ReactNode, useEffect, useRef } from 'react';
import { useTheme } from '../ui/use-theme';
import { densityOf, type Square } from './density';

interface PointCloudProps {
  points: Float32Array;
  voice: 'gen' | 'real';
  square: Square;
  side: number;
  label: string;
}

const cells = 72;

export function PointCloud({ points, voice, square, side, label }: PointCloudProps): ReactNode {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const theme = useTheme();
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d') ?? null;
    if (canvas === null || context === null || side <= 0) return;
    const density = window.devicePixelRatio;
    canvas.width = Math.round(side * density);
    canvas.height = Math.round(side * density);
    context.setTransform(density, 0, 0, density, 0, 0);
    const colour = getComputedStyle(canvas).color;
    context.clearRect(0, 0, side, side);
    shade(context, densityOf(points, square, cells), { side, colour });
    drawPoints(context, points, { square, side, colour, isFilled: voice === 'real' });
  }, [points, voice, square, side, theme]);
  return (
    <canvas
      ref={ref}
      className={`point-cloud point-cloud-${voice}`}
      style={{ width: side, height: side }}
      role="img"
      aria-label={label}
    />
  );
}

function shade(
  context: CanvasRenderingContext2D,
  grid: Float32Array,
  { side, colour }: { side: number; colour: string },
): void {
  const sheet = new OffscreenCanvas(cells, cells);
  const small = sheet.getContext('2d');
  if (small === null) return;
  small.fillStyle = colour;
  for (let cell = 0; cell < grid.length; cell += 1) {
    const share = grid[cell] ?? 0;
    if (share === 0) continue;
    small.globalAlpha = 0.5 * Math.sqrt(share);
    small.fillRect(cell % cells, Math.floor(cell / cells), 1, 1);
  }
  context.imageSmoothingEnabled = true;
  context.imageSmoothingQuality = 'high';
  context.drawImage(sheet, 0, 0, side, side);
}

interface PointLook {
  square: Square;
  side: number;
  colour: string;
  isFilled: boolean;
}

/** Many points are small, so that they do not hide the density. */
const many = 1000;

function drawPoints(context: CanvasRenderingContext2D, points: Float32Array, look: PointLook): void {
  const { square, side, colour, isFilled } = look;
  const radius = points.length / 2 > many ? 1 : 1.75;
  context.fillStyle = colour;
  context.strokeStyle = colour;
  context.lineWidth = 1;
  context.globalAlpha = 0.65;
  context.beginPath();
  for (let place = 0; place + 1 < points.length; place += 2) {
    const x = (((points[place] ?? 0) - square.x) / square.side) * side;
    const y = side - (((points[place + 1] ?? 0) - square.y) / square.side) * side;
    context.moveTo(x + radius, y);
    context.arc(x, y, radius, 0, 2 * Math.PI);
  }
  if (isFilled) context.fill();
  else context.stroke();
  context.globalAlpha = 1;
}
