/** Runs a model once, for tests: encode, load, run, dispose. */
import { encodeModel } from '../graph/encode';
import type { ModelProto } from '../graph/proto/onnx_pb';
import { type HostTensor, numbersOf } from '../tensor/host-tensor';
import { runOutputs } from './run-outputs';

/** The named output's numbers. */
export async function runModel(
  model: ModelProto | Uint8Array,
  feeds: Readonly<Record<string, HostTensor>>,
  output: string,
): Promise<number[]> {
  const tensor = (await runOutputs(model instanceof Uint8Array ? model : encodeModel(model), feeds))[output];
  if (tensor === undefined) throw new Error(`There is no output "${output}".`);
  return numbersOf(tensor);
}

/** A uint8 RGB picture [1, H, W, 3] from a formula of x, y and colour. */
export function picture(height: number, width: number, at: (x: number, y: number, c: number) => number): HostTensor {
  const data = new Uint8Array(height * width * 3);
  for (let i = 0; i < data.length; i++) data[i] = at(Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3);
  return { dtype: 'uint8', dims: [1, height, width, 3], data };
}

/** Largest distance between two lists of one length; NaN or a missing number counts as infinite. */
export function largestGap(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Infinity;
  return a.reduce((worst, value, index) => {
    const gap = Math.abs(value - (b[index] ?? NaN));
    return Number.isNaN(gap) ? Infinity : Math.max(worst, gap);
  }, 0);
}
