/** Draws with a generator in training: the very graph that will be its file, with the weights of this step. */
import { AppError } from '../../../contract/errors';
import { encodeModel } from '../../../../models/graph/encode';
import { encodeGraph } from '../../../../models/graph/encode-graph';
import { createSession } from '../../../../models/runtime/session';
import { hostTensor, type HostTensor } from '../../../../models/tensor/host-tensor';
import type { DataShape } from '../../../../models/zoo/data-shape';
import { type GeneratorConfigured, generatorFile } from '../../../../models/zoo/families';
import { latentsOf } from '../../../../models/zoo/latents';
import { usualControls } from '../../models/trained';
import type { Samples } from './data';

export interface Drawer {
  readonly isConditional: boolean;
  /** Samples `indices` of a seed, as classes ask for them; rows as the model makes them. */
  draw(seed: number, indices: ArrayLike<number>, classes: ArrayLike<number>): Promise<Samples>;
  dispose(): Promise<void>;
}

const batchSize = 32;

export async function openDrawer(
  configured: GeneratorConfigured,
  shape: DataShape,
  weights: Readonly<Record<string, HostTensor>>,
  threads: number,
): Promise<Drawer> {
  const { graph, noiseWidth, isConditional, controls } = generatorFile(configured, shape, weights);
  const session = await createSession(encodeModel(encodeGraph(graph)), { threads });
  const output = shape.kind === 'image' ? 'image' : 'row';
  const scalars = Object.fromEntries(
    usualControls(controls, shape).map(({ name, dtype, value }) => [
      name,
      dtype === 'float32'
        ? hostTensor('float32', [], Float32Array.of(value))
        : hostTensor('int64', [], BigInt64Array.of(BigInt(value))),
    ]),
  );
  return {
    isConditional,
    draw: async (seed, indices, classes) => {
      const noise = latentsOf(seed, indices, noiseWidth);
      const parts: Samples[] = [];
      for (let from = 0; from < indices.length; from += batchSize) {
        const rows = Math.min(batchSize, indices.length - from);
        const feeds: Record<string, HostTensor> = { ...scalars, noise: hostTensor('float32', [rows, noiseWidth], noise.slice(from * noiseWidth, (from + rows) * noiseWidth)) }; // prettier-ignore
        if (isConditional)
          feeds['label'] = hostTensor('int64', [rows], BigInt64Array.from({ length: rows }, (_, k) => BigInt(classes[from + k] ?? 0))); // prettier-ignore
        parts.push(samplesOf((await session.run(feeds, [output]))[output]));
      }
      return joined(parts);
    },
    dispose: () => session.dispose(),
  };
}

function samplesOf(tensor: HostTensor | undefined): Samples {
  if (tensor?.dtype === 'uint8' || tensor?.dtype === 'float32') return tensor.data;
  throw new AppError('model/run-failed', 'The generator gave neither pictures nor rows.');
}

function joined(parts: readonly Samples[]): Samples {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const all = parts[0] instanceof Float32Array ? new Float32Array(length) : new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
