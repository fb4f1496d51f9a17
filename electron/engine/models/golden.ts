/** Golden pictures and values of a card: build the picture from its formula, run the model, compare. */
import type { JudgeCard } from '../../contract/model-card';
import { numbersOf, type HostTensor, hostTensor } from '../../../models/tensor/host-tensor';
import type { Session } from '../../../models/runtime/session';

/** `ramp-v1`: image[y][x][c] = (7y + 13x + 29c + floor(x*y/16)) mod 256, uint8 RGB, height x width x 3. */
export function rampPicture(height: number, width: number): Uint8Array {
  const pixels = new Uint8Array(height * width * 3);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) pixels[at++] = (7 * y + 13 * x + 29 * c + Math.floor((x * y) / 16)) % 256;
    }
  }
  return pixels;
}

/** One picture as the tensor that an input of the given layout wants. */
export function pictureTensor(
  layout: JudgeCard['input']['layout'],
  pixels: Uint8Array,
  height: number,
  width: number,
): HostTensor {
  const dims = layout === 'NHWC' ? [1, height, width, 3] : [height, width, 3];
  return hostTensor('uint8', dims, pixels);
}

/** A value that a card promises and what the model gave. */
export interface GoldenDifference {
  readonly output: string;
  readonly index: number;
  readonly expected: number;
  readonly got: number;
}

/** Runs every golden picture of the card; an empty list means that all values lie within their tolerance. */
export async function goldenDifferences(session: Session, card: JudgeCard): Promise<GoldenDifference[]> {
  const differences: GoldenDifference[] = [];
  for (const golden of card.golden) {
    const { height, width } = golden.image;
    const feed = pictureTensor(card.input.layout, rampPicture(height, width), height, width);
    const outputs = await session.run({ [card.input.name]: feed });
    for (const { output, index, value } of golden.values) {
      const tensor = outputs[output];
      const got = tensor ? (numbersOf(tensor)[index] ?? NaN) : NaN;
      if (!(Math.abs(got - value) <= golden.tolerance)) differences.push({ output, index, expected: value, got });
    }
  }
  return differences;
}
