/** Whether a magnified sample shows its pixels or a smooth picture: drawings are made of pixels, small photos are not. */

const hardFrom = 4;
const drawnSide = 40;

export function isHard(picture: { width: number; height: number }, times: number): boolean {
  return times >= hardFrom && Math.max(picture.width, picture.height) <= drawnSide;
}
