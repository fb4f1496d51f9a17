/** All families behind one door: a configured model of any family as a training plan, and once trained as the file that is used. */
import { ModelError } from '../errors';
import type { Graph } from '../graph/ir';
import type { HostTensor } from '../tensor/host-tensor';
import { type ClassifierConfig, classifierPresets, classifierSchema } from './classifier/config';
import { classifierPlan } from './classifier/objective';
import { classifierGraph, pictureClassifierGraph } from './classifier/sampler';
import { type DataShape, sampleSize } from './data-shape';
import { type FlowConfig, flowPresets, flowSchema } from './flow/config';
import { isConditional as isFlowConditional } from './flow/network';
import { flowPlan } from './flow/objective';
import { flowSampler } from './flow/sampler';
import { type GanConfig, ganPresets, ganSchema } from './gan/config';
import { isConditional as isGanConditional } from './gan/network';
import { ganPlan } from './gan/objective';
import { ganSampler } from './gan/sampler';
import type { TrainingPlan } from './training-plan';
import { type VaeConfig, vaePresets, vaeSchema } from './vae/config';
import { isConditional as isVaeConditional } from './vae/network';
import { vaePlan } from './vae/objective';
import { vaeNoise, vaeSampler } from './vae/sampler';

type Weights = Readonly<Record<string, HostTensor>>;

/** A family with its settings. */
export type Configured =
  | { readonly family: 'classifier'; readonly config: ClassifierConfig }
  | { readonly family: 'vae'; readonly config: VaeConfig }
  | { readonly family: 'gan'; readonly config: GanConfig }
  | { readonly family: 'flow'; readonly config: FlowConfig };
export type FamilyName = Configured['family'];
export type GeneratorConfigured = Exclude<Configured, { family: 'classifier' }>;

/** Schema and presets of each family. */
export const families = {
  classifier: { schema: classifierSchema, presets: classifierPresets },
  vae: { schema: vaeSchema, presets: vaePresets },
  gan: { schema: ganSchema, presets: ganPresets },
  flow: { schema: flowSchema, presets: flowPresets },
} as const;

/** Settings of a family, completed by its defaults. @throws ZodError where one is out of its limits. */
export function configured(family: FamilyName, settings: unknown): Configured {
  switch (family) {
    case 'classifier':
      return { family, config: classifierSchema.parse(settings) };
    case 'vae':
      return { family, config: vaeSchema.parse(settings) };
    case 'gan':
      return { family, config: ganSchema.parse(settings) };
    case 'flow':
      return { family, config: flowSchema.parse(settings) };
  }
}

/** How it is trained on samples of this shape. `seed` decides the first weights. @throws ModelError where it does not suit the shape. */
export function planOf({ family, config }: Configured, shape: DataShape, seed: number): TrainingPlan {
  switch (family) {
    case 'classifier':
      return classifierPlan(config, shape, seed);
    case 'vae':
      return vaePlan(config, shape, seed);
    case 'gan':
      return ganPlan(config, shape, seed);
    case 'flow':
      return flowPlan(config, shape, seed);
  }
}

/** What a person may set on a drawing. */
export type ControlName = 'temperature' | 'guidance' | 'steps';

/** A trained generator: inputs `noise` [N, noiseWidth], `label` where conditional, the controls; output `image` or `row`. */
export interface GeneratorFile {
  readonly graph: Graph;
  readonly noiseWidth: number;
  readonly isConditional: boolean;
  readonly controls: readonly ControlName[];
}

/** The trained generator as a graph. */
export function generatorFile(
  { family, config }: GeneratorConfigured,
  shape: DataShape,
  weights: Weights,
): GeneratorFile {
  switch (family) {
    case 'vae':
      return {
        graph: vaeSampler(config, shape, weights),
        noiseWidth: vaeNoise(config, shape),
        isConditional: isVaeConditional(config, shape),
        controls: ['temperature'],
      };
    case 'gan':
      return {
        graph: ganSampler(config, shape, weights),
        noiseWidth: config.latent,
        isConditional: isGanConditional(config, shape),
        controls: ['temperature'],
      };
    case 'flow': {
      const isConditional = isFlowConditional(config, shape);
      return {
        graph: flowSampler(config, shape, weights),
        noiseWidth: sampleSize(shape),
        isConditional,
        controls: isConditional ? ['temperature', 'guidance', 'steps'] : ['temperature', 'steps'],
      };
    }
  }
}

/** The trained classifier: pictures of any size (`image` u8 [N, H, W, 3]), or rows (`x`), to `probabilities`, `logits`, `features`. */
export function judgeGraph({ family, config }: Configured, shape: DataShape, weights: Weights): Graph {
  if (family !== 'classifier')
    throw new ModelError('usage/bad-argument', `A model of the family "${family}" does not classify.`);
  return shape.kind === 'image'
    ? pictureClassifierGraph(config, shape, weights)
    : classifierGraph(config, shape, weights);
}
