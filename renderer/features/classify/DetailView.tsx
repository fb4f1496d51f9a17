/** One picture, large: zoom, pan, boxes with captions, next and previous; with a round, the question under it. */
import { ArrowLeft, ChevronLeft, ChevronRight, Minus, Plus, Scan } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef } from 'react';
import type { Photo } from '../../../electron/contract/photo';
import { isPressable, isTyping } from '../../state/key-targets';
import { confirmPhotos, openDetail, stepDetail } from '../../state/photo-actions';
import type { Detail } from '../../state/studio-state';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Button, IconButton } from '../../ui/Button';
import { Choice } from '../../ui/Choice';
import { formatCount } from '../../ui/format';
import { ReviewBar, useReviewAnswer } from './ReviewBar';
import { InspectorButton } from './ScreenBar';
import { askLabel } from './use-picture-keys';
import { usePreview } from './use-preview';
import { useZoom, type Zoom } from './use-zoom';
import { ZoomPicture } from './ZoomPicture';

export function DetailView({ detail }: { detail: Detail }): ReactNode {
  const photo = useStudioState((state) => state.photos.get(detail.id));
  useStudioState((state) => state.photosVersion);
  if (photo === undefined) return null;
  return <Opened photo={photo} detail={detail} />;
}

function Opened({ photo, detail }: { photo: Photo; detail: Detail }): ReactNode {
  const studio = useStudio();
  const order = useStudioState((state) => detail.review?.queue ?? state.list.order);
  const place = order.indexOf(photo.id);
  const preview = usePreview(photo.id, order[place + 1]);
  const zoom = useZoom(photo);
  const frame = useRef<HTMLDivElement | null>(null);
  useDetailKeys(photo, detail, zoom);
  useEffect(() => frame.current?.focus(), []);
  const close = (): void => studio.store.setState({ detail: null, labelling: null });
  return (
    <section className="detail" aria-label={`Large view of ${photo.name}`} ref={frame} tabIndex={-1}>
      <div className="bar">
        <Button isSmall tone="quiet" icon={ArrowLeft} onClick={close}>
          {detail.review === null ? 'All pictures' : 'Stop here'}
        </Button>
        <h1 className="strong cut">{photo.name}</h1>
        <div className="row push bar-end">
          <ZoomControls zoom={zoom} />
          <BoxesChoice />
          <InspectorButton />
          <Stepper place={place} order={order} detail={detail} />
        </div>
      </div>
      <ZoomPicture photo={photo} preview={preview} zoom={zoom} />
      {detail.review !== null && <ReviewBar photo={photo} review={detail.review} />}
    </section>
  );
}

function ZoomControls({ zoom }: { zoom: Zoom }): ReactNode {
  return (
    <div className="row row-4" role="group" aria-label="Zoom">
      <IconButton icon={Minus} label="Zoom out" keys="−" onClick={() => zoom.by(0.8)} />
      <span className="num caption zoom-value" role="status" aria-label="Zoom level">
        {Math.round(zoom.view.scale * 100)}
        {'\u202f%'}
      </span>
      <IconButton icon={Plus} label="Zoom in" keys="+" onClick={() => zoom.by(1.25)} />
      <IconButton icon={Scan} label="Fit" keys="0" onClick={zoom.fit} />
    </div>
  );
}

function BoxesChoice(): ReactNode {
  const studio = useStudio();
  const showsBoxes = useStudioState((state) => state.showsBoxes);
  return (
    <Choice
      label="Drawn on the picture"
      value={showsBoxes ? 'boxes' : 'off'}
      items={[
        { value: 'boxes', label: 'Boxes' },
        { value: 'off', label: 'Off' },
      ]}
      onChange={(value) => studio.store.setState({ showsBoxes: value === 'boxes' })}
    />
  );
}

function Stepper({ place, order, detail }: { place: number; order: readonly string[]; detail: Detail }): ReactNode {
  const studio = useStudio();
  const open = (id: string | undefined): void => {
    if (id !== undefined) openDetail(studio, id, detail.review);
  };
  return (
    <div className="row row-4" role="group" aria-label="Step">
      <IconButton
        icon={ChevronLeft}
        label="Previous picture"
        keys="←"
        why={place <= 0 ? 'This is the first one' : null}
        onClick={() => open(order[place - 1])}
      />
      <span className="num caption">
        {formatCount(place + 1)} of {formatCount(order.length)}
      </span>
      <IconButton
        icon={ChevronRight}
        label="Next picture"
        keys="→"
        why={place >= order.length - 1 ? 'This is the last one' : null}
        onClick={() => open(order[place + 1])}
      />
    </div>
  );
}

/** Keys of the large view; what has the focus and means something itself comes first. */
function useDetailKeys(photo: Photo, detail: Detail, zoom: Zoom): void {
  const studio = useStudio();
  const accept = useReviewAnswer(photo);
  const isReview = detail.review !== null;
  const press = useCallback(
    (event: KeyboardEvent): void => {
      const isOurs = !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey;
      if (!isOurs || isTyping(event.target) || isInOverlay(event.target)) return;
      const keys: Record<string, () => void> = {
        ArrowLeft: () => stepDetail(studio, -1),
        ArrowRight: () => stepDetail(studio, 1),
        '+': () => zoom.by(1.25),
        '=': () => zoom.by(1.25),
        '-': () => zoom.by(0.8),
        '0': zoom.fit,
        y: () => (isReview ? accept() : void confirmPhotos(studio, [photo])),
        n: () => (isReview ? studio.store.setState({ labelling: photo.id }) : askLabel(studio, photo.id)),
      };
      if (!isPressable(event.target)) {
        keys['Enter'] = () => (isReview ? accept() : studio.store.setState({ detail: null }));
        keys[' '] = () => studio.store.setState({ detail: null, labelling: null });
      }
      const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act === undefined) return;
      event.preventDefault();
      act();
    },
    [studio, photo, zoom, accept, isReview],
  );
  useEffect(() => {
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [press]);
}

/** Menus, popovers and choices take their own arrows. */
function isInOverlay(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest('[role="menu"], [role="dialog"], [role="radio"], [cmdk-root]') !== null
  );
}
