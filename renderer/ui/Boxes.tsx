/** Found objects drawn over a picture: white lines with dark hairlines, readable on any ground. */
import { memo, type ReactNode } from 'react';
import { formatConfidence } from '../../electron/contract/photo';
import { type Box, type FoundObject, placeBox, placeCaptions } from './fit-boxes';

interface BoxesProps {
  objects: readonly FoundObject[];
  /** Where the whole picture lies, and the part of it that is seen, in pixels of the frame. */
  place: Box;
  bounds: Box;
  isThin?: boolean;
  /** Which boxes say what they are; `clear`: those from the threshold on. */
  captions?: 'none' | 'clear' | 'all';
  /** Objects under this confidence are dashed: guesses. */
  threshold?: number;
}

function BoxesInner({
  objects,
  place,
  bounds,
  isThin = false,
  captions = 'none',
  threshold = 0,
}: BoxesProps): ReactNode {
  const shown = objects.flatMap((object) => {
    const box = placeBox(object.box, place, bounds);
    const isGuess = object.score < threshold;
    const text = `${object.label}${isGuess ? '?' : ''} ${formatConfidence(object.score)}`;
    return box === undefined ? [] : [{ box, text, isGuess }];
  });
  const isOneClear = shown.some((one) => !one.isGuess);
  const said = captions === 'none' ? [] : shown.filter((one) => captions === 'all' || !isOneClear || !one.isGuess);
  const places = placeCaptions(said, bounds);
  return (
    <span aria-hidden="true">
      {shown.map(({ box, isGuess }, index) => (
        <span
          key={`box-${index}`}
          className={`box ${isThin ? 'box-thin' : ''} ${isGuess ? 'box-faint' : ''}`}
          style={{ left: box[0], top: box[1], width: box[2] - box[0], height: box[3] - box[1] }}
        />
      ))}
      {places.map(
        (place, index) =>
          place !== null && (
            <span key={`caption-${index}`} className="box-caption" style={place}>
              {said[index]?.text}
            </span>
          ),
      )}
    </span>
  );
}

export const Boxes = memo(BoxesInner);
