/** Zoom and pan of the large view: the point under the pointer stays where it is, the picture never gets lost. Pure. */
import type { Box, Size } from '../../ui/fit-boxes';

/** `scale` is screen pixels for each picture pixel; `x`, `y` is the picture's top left corner in the frame. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

export const largestScale = 16;

/** The whole picture with a margin; small pictures are not blown up beyond their double. */
export function fitView(picture: Size, frame: Size, margin: number): View {
  const across = Math.max(1, frame.width - 2 * margin) / Math.max(1, picture.width);
  const down = Math.max(1, frame.height - 2 * margin) / Math.max(1, picture.height);
  return centre(picture, frame, Math.min(across, down, 2));
}

function centre(picture: Size, frame: Size, scale: number): View {
  return { scale, x: (frame.width - picture.width * scale) / 2, y: (frame.height - picture.height * scale) / 2 };
}

/** Zooms by `factor` around a point of the frame, between the fitted size and 1600 %. */
export function zoomAt(view: View, factor: number, point: { x: number; y: number }, smallest: number): View {
  const scale = Math.min(Math.max(largestScale, smallest), Math.max(smallest, view.scale * factor));
  const ratio = scale / view.scale;
  return { scale, x: point.x - (point.x - view.x) * ratio, y: point.y - (point.y - view.y) * ratio };
}

/** Keeps the picture in the frame: centred along an axis where it fits, without empty edges where it does not. */
export function keepInside(view: View, picture: Size, frame: Size): View {
  const along = (start: number, length: number, room: number): number =>
    length <= room ? (room - length) / 2 : Math.min(0, Math.max(room - length, start));
  return {
    scale: view.scale,
    x: along(view.x, picture.width * view.scale, frame.width),
    y: along(view.y, picture.height * view.scale, frame.height),
  };
}

export function placeOf(view: View, picture: Size): Box {
  return [view.x, view.y, view.x + picture.width * view.scale, view.y + picture.height * view.scale];
}

/** One notch of a wheel is a quarter; trackpads send many small ones. */
export function wheelFactor(deltaY: number, isLines: boolean): number {
  const pixels = isLines ? deltaY * 40 : deltaY;
  return Math.exp(-Math.max(-120, Math.min(120, pixels)) * 0.002);
}
