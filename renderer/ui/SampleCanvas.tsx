/** Drawn samples on one canvas, row by row; places that wait for theirs are quiet wells. */
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { drawSample, type PictureShape, sampleAtlas } from './sample-atlas';

interface SampleCanvasProps {
  /** u8 [N, height, width, channels]. */
  samples: Uint8Array;
  shape: PictureShape;
  columns: number;
  /** Side of a tile in CSS pixels; the height follows the picture's. */
  tile: number;
  gap: number;
  /** Places in all, where more samples are to come. */
  places?: number;
  radius?: number;
}

export function SampleCanvas({ samples, shape, columns, tile, gap, places, radius = 4 }: SampleCanvasProps): ReactNode {
  const ref = useRef<HTMLCanvasElement | null>(null);
  const atlas = useMemo(() => sampleAtlas(samples, shape), [samples, shape]);
  const count = Math.max(places ?? 0, atlas.count);
  const tall = Math.round((tile * shape.height) / shape.width);
  const width = columns * tile + (columns - 1) * gap;
  const rows = Math.ceil(count / columns);
  const height = rows * tall + Math.max(0, rows - 1) * gap;
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d') ?? null;
    if (canvas === null || context === null) return;
    const scale = window.devicePixelRatio;
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.fillStyle = getComputedStyle(canvas).color;
    for (let place = 0; place < count; place++) {
      const x = (place % columns) * (tile + gap);
      const y = Math.floor(place / columns) * (tall + gap);
      if (place < atlas.count) {
        drawSample(context, atlas, place, { x, y, width: tile, height: tall, radius }, scale);
        continue;
      }
      context.beginPath();
      context.roundRect(x, y, tile, tall, radius);
      context.fill();
    }
  }, [atlas, columns, count, gap, height, radius, tall, tile, width]);
  return <canvas ref={ref} className="tile-canvas" style={{ width, height }} aria-hidden="true" />;
}
