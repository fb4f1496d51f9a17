/** Boxes of a picture on the frame that shows it: cropped to fill or reduced to fit; and where their captions go. Pure. */
import type { Prediction } from '../../electron/contract/photo';

export type Box = readonly [left: number, top: number, right: number, bottom: number];

export interface Size {
  width: number;
  height: number;
}

/** Where the whole picture lies in a frame, in the frame's pixels; with `cover` it reaches beyond the frame. */
export function placePicture(picture: Size, frame: Size, fit: 'cover' | 'contain'): Box {
  if (picture.width <= 0 || picture.height <= 0) return [0, 0, frame.width, frame.height];
  const across = frame.width / picture.width;
  const down = frame.height / picture.height;
  const scale = fit === 'cover' ? Math.max(across, down) : Math.min(across, down);
  const left = (frame.width - picture.width * scale) / 2;
  const top = (frame.height - picture.height * scale) / 2;
  return [left, top, left + picture.width * scale, top + picture.height * scale];
}

/** A box in 0..1 of the picture, moved onto the frame's pixels and cut at `bounds`; undefined when nothing of it is seen. */
export function placeBox(box: Box, place: Box, bounds: Box): Box | undefined {
  const width = place[2] - place[0];
  const height = place[3] - place[1];
  const moved: Box = [
    Math.max(bounds[0], place[0] + box[0] * width),
    Math.max(bounds[1], place[1] + box[1] * height),
    Math.min(bounds[2], place[0] + box[2] * width),
    Math.min(bounds[3], place[1] + box[3] * height),
  ];
  return moved[2] - moved[0] > 1 && moved[3] - moved[1] > 1 ? moved : undefined;
}

export interface Caption {
  left: number;
  top: number;
}

const captionHeight = 18;
const characterWidth = 6.7;
const captionPadding = 12;

export function captionWidth(text: string): number {
  return text.length * characterWidth + captionPadding;
}

function overlaps(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
}

export interface Captioned {
  box: Box;
  text: string;
  /** Whether the caption may be left out where it would cover another one. */
  isGuess?: boolean;
}

/** A place for each caption: above its box, else inside its top, else below, else at its bottom; the first that hits no earlier caption. */
export function placeCaptions(boxes: readonly Captioned[], bounds: Box): (Caption | null)[] {
  const taken: Box[] = [];
  return boxes.map(({ box, text, isGuess = false }) => {
    const width = captionWidth(text);
    const left = Math.max(bounds[0], Math.min(box[0], bounds[2] - width));
    const tops = [box[1] - captionHeight, box[1], box[3], box[3] - captionHeight];
    const areas = tops.map((top): Box => [left, top, left + width, top + captionHeight]);
    const inside = areas.filter((area) => area[1] >= bounds[1] && area[3] <= bounds[3]);
    const free = inside.find((area) => !taken.some((other) => overlaps(area, other)));
    if (free === undefined && isGuess) return null;
    const best = free ?? inside[0] ?? areas[1];
    const chosen: Box = best ?? [left, box[1], left + width, box[1] + captionHeight];
    taken.push(chosen);
    return { left: chosen[0], top: chosen[1] };
  });
}

export interface FoundObject {
  label: string;
  score: number;
  box: Box;
}

/** The predictions that have a place on the picture. */
export function foundObjects(predictions: readonly Prediction[]): FoundObject[] {
  return predictions.flatMap(({ label, score, box }) => (box === undefined ? [] : [{ label, score, box }]));
}
