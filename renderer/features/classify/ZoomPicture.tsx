/** The picture of the large view: wheel zooms where the pointer is, dragging moves, boxes keep their line width. */
import { type PointerEvent, type ReactNode, type RefObject, useCallback, useEffect, useRef } from 'react';
import type { Photo } from '../../../electron/contract/photo';
import { retryPhotos } from '../../state/photo-actions';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Boxes } from '../../ui/Boxes';
import { ErrorNote } from '../../ui/ErrorNote';
import { foundObjects } from '../../ui/fit-boxes';
import type { Preview } from './use-preview';
import type { Zoom } from './use-zoom';
import { placeOf, wheelFactor } from './zoom-maths';

interface ZoomPictureProps {
  photo: Photo;
  preview: Preview;
  zoom: Zoom;
}

/** Beyond four screen pixels for each picture pixel, the pixels are shown as they are. */
const hardPixelsFrom = 4;

export function ZoomPicture({ photo, preview, zoom }: ZoomPictureProps): ReactNode {
  const studio = useStudio();
  const { frame, picture, view } = zoom;
  const well = useRef<HTMLDivElement | null>(null);
  const { frameRef } = zoom;
  const hold = useCallback(
    (element: HTMLDivElement | null) => {
      well.current = element;
      return frameRef(element);
    },
    [frameRef],
  );
  const drag = useDrag(zoom);
  useWheel(well, zoom);
  const failure = photo.failure ?? preview.failure ?? null;
  const place = placeOf(view, picture);
  const url = preview.url ?? (photo.hasThumb ? `duet://thumb/${photo.id}` : null);
  return (
    <div ref={hold} className="well" data-zoomed={!zoom.isFitted || undefined} {...drag}>
      {failure !== null && url === null ? (
        <div className="well-error">
          <ErrorNote
            title={`${photo.name} cannot be shown`}
            failure={failure}
            onCopy={(text) => void studio.bridge.copyText(text)}
            onRetry={() => void retryPhotos(studio, [photo.id])}
          />
        </div>
      ) : (
        frame.width > 0 &&
        url !== null && (
          <>
            <img
              className="well-picture"
              src={url}
              alt={photo.name}
              draggable={false}
              data-hard={view.scale >= hardPixelsFrom || undefined}
              style={{ left: place[0], top: place[1], width: place[2] - place[0], height: place[3] - place[1] }}
            />
            <WellBoxes photo={photo} zoom={zoom} />
          </>
        )
      )}
      {preview.url === null && failure === null && (
        <span className="well-note caption">Opening the full picture...</span>
      )}
    </div>
  );
}

function WellBoxes({ photo, zoom }: { photo: Photo; zoom: Zoom }): ReactNode {
  const showsBoxes = useStudioState((state) => state.showsBoxes);
  const threshold = useStudioState((state) => state.threshold);
  const selected = useStudioState((state) => state.selected);
  if (!showsBoxes) return null;
  const objects = selected.flatMap((id) => foundObjects(photo.verdicts[id]?.predictions ?? []));
  const { frame, picture, view } = zoom;
  return (
    <Boxes
      objects={objects}
      place={placeOf(view, picture)}
      bounds={[0, 0, frame.width, frame.height]}
      threshold={threshold}
      captions="all"
    />
  );
}

interface DragHandlers {
  onPointerDown: (event: PointerEvent<HTMLDivElement>) => void;
  onPointerMove: (event: PointerEvent<HTMLDivElement>) => void;
  onPointerUp: () => void;
  onPointerCancel: () => void;
}

function useDrag(zoom: Zoom): DragHandlers {
  const last = useRef<{ x: number; y: number } | null>(null);
  const end = (): void => {
    last.current = null;
  };
  return {
    onPointerDown: (event) => {
      if (zoom.isFitted || event.button !== 0) return;
      last.current = { x: event.clientX, y: event.clientY };
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove: (event) => {
      if (last.current === null) return;
      zoom.pan(event.clientX - last.current.x, event.clientY - last.current.y);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/** React listens to wheels passively; the page must not scroll or zoom instead, so this one is active. */
function useWheel(well: RefObject<HTMLDivElement | null>, zoom: Zoom): void {
  useEffect(() => {
    const element = well.current;
    if (element === null) return undefined;
    const turn = (event: WheelEvent): void => {
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      const point = { x: event.clientX - left, y: event.clientY - top };
      zoom.by(wheelFactor(event.deltaY, event.deltaMode === WheelEvent.DOM_DELTA_LINE), point);
    };
    element.addEventListener('wheel', turn, { passive: false });
    return () => element.removeEventListener('wheel', turn);
  }, [well, zoom]);
}
