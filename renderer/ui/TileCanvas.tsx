/** Several pictures of one store drawn on one canvas, row by row; what is not here yet is a quiet well. */
import { type ReactNode, useEffect, useRef } from 'react';
import type { TilePicture, TileStore } from '../state/tile-store';
import { isHard } from './pixel-look';

export interface TileCanvasProps {
  tiles: TileStore;
  id: string;
  indices: ArrayLike<number> & Iterable<number>;
  columns: number;
  tile: { width: number; height: number };
  gap: number;
  radius?: number;
  /** `contain` shows whole pictures, `cover` fills the tile. */
  fit?: 'cover' | 'contain';
}

export function TileCanvas(props: TileCanvasProps): ReactNode {
  const { tiles, id, indices, columns, tile, gap, radius = 6, fit = 'cover' } = props;
  const ref = useRef<HTMLCanvasElement | null>(null);
  const rows = Math.ceil(indices.length / columns);
  const width = columns * tile.width + (columns - 1) * gap;
  const height = rows * tile.height + Math.max(0, rows - 1) * gap;
  useEffect(() => {
    const canvas = ref.current;
    const context = canvas?.getContext('2d') ?? null;
    if (canvas === null || context === null) return undefined;
    const scale = window.devicePixelRatio;
    canvas.width = Math.max(1, Math.round(width * scale));
    canvas.height = Math.max(1, Math.round(height * scale));
    const drawn = new Map<number, TilePicture | null | undefined>();
    const draw = (): void => {
      context.setTransform(scale, 0, 0, scale, 0, 0);
      for (let place = 0; place < indices.length; place += 1) {
        const index = indices[place] ?? 0;
        const picture = tiles.get(id, index);
        if (drawn.has(place) && drawn.get(place) === picture) continue;
        drawn.set(place, picture);
        const x = (place % columns) * (tile.width + gap);
        const y = Math.floor(place / columns) * (tile.height + gap);
        drawTile(context, picture, { x, y, ...tile }, { radius, fit, scale });
      }
    };
    draw();
    const viewer = tiles.view(draw);
    viewer.want(id, indices);
    return () => viewer.dispose();
  }, [tiles, id, indices, columns, tile, tile.width, tile.height, gap, radius, fit, width, height]);
  return <canvas ref={ref} className="tile-canvas" style={{ width, height }} aria-hidden="true" />;
}

interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Look {
  radius: number;
  fit: 'cover' | 'contain';
  scale: number;
}

function drawTile(
  context: CanvasRenderingContext2D,
  picture: TilePicture | null | undefined,
  place: Place,
  { radius, fit, scale }: Look,
): void {
  context.clearRect(place.x, place.y, place.width, place.height);
  context.save();
  context.beginPath();
  context.roundRect(place.x, place.y, place.width, place.height, radius);
  if (picture === null || picture === undefined) {
    context.fillStyle = getComputedStyle(context.canvas).color;
    context.fill();
    context.restore();
    return;
  }
  if (radius > 0) context.clip();
  const times = fitScale(picture, place, fit);
  const width = picture.width * times;
  const height = picture.height * times;
  context.imageSmoothingEnabled = !isHard(picture, times * scale);
  context.imageSmoothingQuality = 'high';
  const x = place.x + (place.width - width) / 2;
  const y = place.y + (place.height - height) / 2;
  context.drawImage(picture.sheet, picture.x, picture.y, picture.width, picture.height, x, y, width, height);
  context.restore();
}

function fitScale(picture: TilePicture, place: Place, fit: Look['fit']): number {
  const across = place.width / picture.width;
  const down = place.height / picture.height;
  return fit === 'cover' ? Math.max(across, down) : Math.min(across, down);
}
