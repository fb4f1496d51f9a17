/** A judge and a generator (of 8 x 8 digits, unless told otherwise) that have learned nothing, as files, for tests that need a pair but no skill. */
import type { TrainingRecord } from '../../../contract/model-card';
import { configured, type FamilyName, planOf } from '../../../../models/zoo/families';
import type { DataShape, ImageShape } from '../../../../models/zoo/data-shape';
import { usableWeights } from '../../../../models/zoo/training-plan';
import { streamOf, uniforms } from '../../../../models/tensor/random';
import type { HostTensor } from '../../../../models/tensor/host-tensor';
import { trainedModelFile } from '../trained';

const tiny: ImageShape = { kind: 'image', height: 8, width: 8, channels: 1, classes: 10 };
const small = {
  classifier: { network: 'mlp', hidden: 16 },
  gan: { width: 4, hidden: 8, latent: 4 },
  vae: { hidden: 8, latent: 4 },
  flow: { width: 8 },
} as const;

export interface UntrainedOptions {
  readonly seed?: number;
  readonly shape?: DataShape;
  /** Of the family; small ones if left out. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** The .onnx of an untrained model of the family, called `name`. */
export function untrainedModel(family: FamilyName, name: string, options: UntrainedOptions = {}): Uint8Array {
  const { seed = 1, shape = tiny, settings = small[family] } = options;
  const model = configured(family, settings);
  const weights = Object.fromEntries(
    planOf(model, shape, seed).main.slots.map((slot, k) => [slot.name, stirred(slot.initial, seed, k)]),
  );
  const training: TrainingRecord = {
    family,
    recipe: `${family}-test`,
    settings: {},
    dataset: null,
    seed,
    steps: 0,
    seconds: 0,
    parameters: 0,
    metrics: {},
    measuredOn: 'none',
    judge: null,
    verdict: '',
  };
  return trainedModelFile({
    name,
    title: name,
    configured: model,
    shape,
    weights: usableWeights(weights),
    labels: Array.from({ length: 10 }, (_, digit) => String(digit)),
    training,
    description: 'Has learned nothing.',
    limits: 'Knows nothing.',
    licence: { spdx: 'Apache-2.0', notice: 'Made by a test.' },
  });
}

/** Layers that begin with zeros would make a model deaf to its inputs. */
function stirred(initial: HostTensor, seed: number, step: number): HostTensor {
  if (initial.dtype !== 'float32' || initial.data.some((value) => value !== 0)) return initial;
  const data = uniforms({ seed, stream: streamOf('stirred'), step }, initial.data.length, -0.2, 0.2);
  return { ...initial, data };
}
