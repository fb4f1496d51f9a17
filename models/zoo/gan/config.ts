/** Configuration of generative adversarial networks (Goodfellow et al. 2014). */
import * as z from 'zod';
import { trainingFields } from '../training-fields';

export const ganSchema = z.strictObject({
  network: z.enum(['conv', 'dense']).default('conv').describe('conv: pictures, DCGAN style; dense: points and rows.'),
  latent: z.int().min(1).max(512).default(64).describe('Numbers that describe one sample.'),
  width: z.int().min(4).max(256).default(32).describe('Channels of the first convolution (conv); the next has twice as many.'),
  hidden: z.int().min(4).max(2048).default(256).describe('Units of the hidden layers (dense), or of the last one of the discriminator (conv).'),
  conditional: z.boolean().default(true).describe('Whether both players are told the class; needs labels.'),
  loss: z.enum(['logistic', 'hinge', 'wasserstein']).default('logistic')
    .describe('logistic: non-saturating; hinge: often with spectral norm; wasserstein: with its gradient penalty.'),
  penalty: z.enum(['none', 'r1', 'gradient']).default('r1')
    .describe('r1: keeps the discriminator flat on real data; gradient: keeps its slope at one between real and drawn (wasserstein).'),
  penaltyWeight: z.number().min(0).max(100).default(0.3).describe('Weight of the penalty: gamma of R1, lambda of the gradient penalty.'),
  penaltyEvery: z.int().min(1).max(64).default(4).describe('The penalty is computed at every so many steps, and weighs as many times more then.'),
  spectral: z.boolean().default(false).describe('Divides every weight of the discriminator by its largest singular value.'),
  ...trainingFields({ batch: 64, learningRate: 1e-3, warmUp: 0, hold: 0.5, average: 0.998 }),
}); // prettier-ignore
export type GanConfig = z.infer<typeof ganSchema>;

/** Settings that were measured; see the README for what each reaches. */
export const ganPresets = {
  /** 28 x 28 digits of a class: .98 read as asked and .85 coverage in 1,700 steps (PyTorch). */
  digits: {},
  /** 8 x 8 digits and the like. */
  small: {},
  pictures: { width: 48, batch: 32 },
  /** Ring and grid: all modes in 6,000 to 7,000 steps. */
  points: {
    network: 'dense', latent: 16, hidden: 128, penaltyWeight: 0.02, penaltyEvery: 1, batch: 256, hold: 0.3, conditional: false,
  },
  /** The same without a penalty: drops modes, which the verdict must say. */
  'points-plain': {
    network: 'dense', latent: 16, hidden: 128, penalty: 'none', batch: 256, hold: 1, average: 0, conditional: false,
  },
} satisfies Record<string, z.input<typeof ganSchema>>; // prettier-ignore
