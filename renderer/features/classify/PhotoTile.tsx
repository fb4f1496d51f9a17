/** One tile: the picture with its boxes, the label, how sure, and marks that do not depend on colour. */
import { Check, X } from 'lucide-react';
import { memo, type ReactNode, useState } from 'react';
import { type Photo, standingOf } from '../../../electron/contract/photo';
import { clearest, describeAs, describeBriefly, type Description } from '../../state/describe';
import { confirmPhotos } from '../../state/photo-actions';
import { selectOne } from '../../state/selection';
import { useStudio, useStudioState } from '../../state/use-studio';
import { Boxes } from '../../ui/Boxes';
import { type Box, type FoundObject, foundObjects, placePicture } from '../../ui/fit-boxes';
import { Mark, Track } from '../../ui/parts';
import { Thumb } from '../../ui/Thumb';
import { useIsSeen } from '../../ui/rush';
import { askLabel, pictureElementId, usePictureMouse } from './use-picture-keys';

interface TileProps {
  photo: Photo;
  width: number;
}

/** Follows the standing rather than the threshold, so that only tiles that change sides are drawn again under the slider. */
export const PhotoTile = memo(function PhotoTile({ photo, width }: TileProps): ReactNode {
  const model = useStudioState((state) => state.selected[0] ?? '');
  const second = useStudioState((state) => state.selected[1]);
  const standing = useStudioState((state) => standingOf(photo, state.selected[0] ?? '', state.threshold));
  const isRunning = useStudioState((state) => state.run.state === 'running');
  const isSelected = useStudioState((state) => state.selection.ids.has(photo.id));
  const isActive = useStudioState((state) => state.selection.active === photo.id);
  const isMany = useStudioState((state) => state.selection.ids.size > 1);
  const [isHovered, setHovered] = useState(false);
  const mouse = usePictureMouse(photo.id);
  const facts = describeAs(photo, model, standing, isRunning);
  return (
    <div
      id={pictureElementId(photo.id)}
      className={`tile tile-${facts.standing}`}
      role="gridcell"
      aria-selected={isSelected}
      data-active={isActive || undefined}
      title={photo.name}
      onPointerEnter={() => setHovered(true)}
      onPointerLeave={() => setHovered(false)}
      {...mouse}
    >
      <Picture photo={photo} width={width} facts={facts} isChecked={isSelected && isMany} isHovered={isHovered} />
      <div className="tile-label">
        <span className="cut strong">{facts.label}</span>
        <span className="num soft">{facts.confidence}</span>
      </div>
      <Track value={facts.score} tone={facts.tone} className="tile-bar" />
      {second !== undefined && <SecondLine photo={photo} model={second} />}
      <span className="sr-only">
        {facts.state}, {photo.name}
      </span>
    </div>
  );
});

function SecondLine({ photo, model }: { photo: Photo; model: string }): ReactNode {
  const words = useStudioState((state) => describeBriefly(photo, model, state.threshold));
  return (
    <div className="tile-label tile-other">
      <span className="cut faint">{words === '' ? 'Judging...' : words}</span>
    </div>
  );
}

interface PictureProps {
  photo: Photo;
  width: number;
  facts: Description;
  isChecked: boolean;
  isHovered: boolean;
}

function Picture({ photo, width, facts, isChecked, isHovered }: PictureProps): ReactNode {
  const height = (width * 2) / 3;
  const isSeen = useIsSeen();
  const hasCorner = facts.voice === 'warn' || facts.voice === 'bad' || facts.standing === 'corrected';
  return (
    <div className="photo tile-photo" style={{ height }}>
      {photo.hasThumb && isSeen && <Thumb id={photo.id} />}
      <TileBoxes photo={photo} width={width} height={height} />
      {hasCorner && (
        <span className="corner">
          <Mark voice={facts.voice} />
        </span>
      )}
      {isChecked && (
        <span className="tile-check">
          <Check size={14} aria-hidden="true" />
        </span>
      )}
      {isHovered && !isChecked && (facts.standing === 'sure' || facts.standing === 'unsure') && (
        <HoverActions photo={photo} />
      )}
    </div>
  );
}

function TileBoxes({ photo, width, height }: { photo: Photo; width: number; height: number }): ReactNode {
  const showsBoxes = useStudioState((state) => state.showsBoxes);
  const selected = useStudioState((state) => state.selected);
  const found = selected
    .map((id) => foundObjects(photo.verdicts[id]?.predictions ?? []))
    .filter((one) => one.length > 0);
  if (!showsBoxes || width <= 0 || found.length === 0) return null;
  return (
    <ClearBoxes found={found} place={placePicture(photo, { width, height }, 'cover')} width={width} height={height} />
  );
}

interface ClearBoxesProps {
  found: readonly (readonly FoundObject[])[];
  place: Box;
  width: number;
  height: number;
}

function ClearBoxes({ found, place, width, height }: ClearBoxesProps): ReactNode {
  const threshold = useStudioState((state) => state.threshold);
  const objects = found.flatMap((one) => clearest(one, threshold));
  return <Boxes objects={objects} place={place} bounds={[3, 3, width - 3, height - 3]} threshold={threshold} isThin />;
}

/** Yes and no under the pointer; the keyboard has Y and N, so these are not in its way. */
function HoverActions({ photo }: { photo: Photo }): ReactNode {
  const studio = useStudio();
  return (
    <span className="tile-actions" aria-hidden="true">
      <span
        title="That is right (Y)"
        onClick={(event) => {
          event.stopPropagation();
          void confirmPhotos(studio, [photo]);
        }}
      >
        <Check size={14} />
      </span>
      <span
        title="No, it is... (N)"
        onClick={(event) => {
          event.stopPropagation();
          studio.store.setState({ selection: selectOne(photo.id) });
          askLabel(studio, photo.id);
        }}
      >
        <X size={14} />
      </span>
    </span>
  );
}
