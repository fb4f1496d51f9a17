/** State of the zoom for the open picture: fitted until touched, fitted again for the next one. */
import { useCallback, useMemo, useState } from 'react';
import type { Photo } from '../../../electron/contract/photo';
import type { Size } from '../../ui/fit-boxes';
import { useSize } from '../../ui/use-size';
import { fitView, keepInside, type View, zoomAt } from './zoom-maths';

export interface Zoom {
  frameRef: (element: HTMLElement | null) => (() => void) | undefined;
  frame: Size;
  picture: Size;
  view: View;
  isFitted: boolean;
  by: (factor: number, point?: { x: number; y: number }) => void;
  pan: (dx: number, dy: number) => void;
  fit: () => void;
}

const margin = 24;

export function useZoom(photo: Photo): Zoom {
  const [frameRef, frame] = useSize();
  const [touched, setTouched] = useState<{ id: string; view: View } | null>(null);
  const picture = useMemo(
    () => ({ width: photo.width === 0 ? 3 : photo.width, height: photo.height === 0 ? 2 : photo.height }),
    [photo.width, photo.height],
  );
  const fitted = useMemo(() => fitView(picture, frame, margin), [picture, frame]);
  const isFitted = touched?.id !== photo.id;
  const view = isFitted ? fitted : keepInside(touched.view, picture, frame);
  const id = photo.id;
  const change = useCallback(
    (next: (view: View) => View) => {
      setTouched((old) => ({ id, view: keepInside(next(old?.id === id ? old.view : fitted), picture, frame) }));
    },
    [id, fitted, picture, frame],
  );
  return useMemo(
    () => ({
      frameRef,
      frame,
      picture,
      view,
      isFitted,
      by: (factor, point = { x: frame.width / 2, y: frame.height / 2 }) =>
        change((old) => zoomAt(old, factor, point, fitted.scale)),
      pan: (dx, dy) => change((old) => ({ ...old, x: old.x + dx, y: old.y + dy })),
      fit: () => setTouched(null),
    }),
    [frameRef, frame, picture, view, isFitted, change, fitted.scale],
  );
}
