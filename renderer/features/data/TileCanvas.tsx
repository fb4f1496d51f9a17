/** Samples of a data set on one canvas. */
import type { ReactNode } from 'react';
import { tilesOf } from '../../state/tile-sheets';
import { useStudio } from '../../state/use-studio';
import { TileCanvas as Canvas, type TileCanvasProps } from '../../ui/TileCanvas';

export function TileCanvas(props: Omit<TileCanvasProps, 'tiles'>): ReactNode {
  return <Canvas tiles={tilesOf(useStudio())} {...props} />;
}
