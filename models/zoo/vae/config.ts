/** Configuration of variational autoencoders (Kingma and Welling 2014), told the class or not (Sohn, Lee, Yan 2015). */
import * as z from 'zod';
import { trainingFields } from '../training-fields';

export const vaeSchema = z.strictObject({
  network: z.enum(['dense', 'conv']).default('dense')
    .describe('dense: hidden layers; conv: convolutions down to about 7 x 7 pixels and back.'),
  latent: z.int().min(1).max(512).default(16).describe('Numbers that describe one sample.'),
  hidden: z.int().min(4).max(4096).default(512).describe('Units of each hidden layer.'),
  layers: z.int().min(1).max(6).default(2).describe('Hidden layers on each side (dense).'),
  activation: z.enum(['relu', 'tanh', 'silu']).default('relu').describe('What follows each hidden layer.'),
  width: z.int().min(4).max(256).default(32).describe('Channels of the first convolution (conv); the next has twice as many.'),
  conditional: z.boolean().default(true).describe('Whether encoder and decoder are told the class; needs labels.'),
  likelihood: z.enum(['bernoulli', 'gaussian']).default('bernoulli')
    .describe('bernoulli: pixels are shares of black and white; gaussian: numbers with a fixed spread, for colours and points.'),
  deviation: z.number().min(0.01).max(1).default(0.1)
    .describe('Spread of a gaussian pixel or number, in the scale of the data (pixels: 0 to 1).'),
  binarize: z.boolean().default(false)
    .describe('Draws black or white pixels anew at every step, as is usual for figures in nats (bernoulli).'),
  centre: z.boolean().default(true)
    .describe('Shows the encoder pixels as -1 to 1 in place of 0 to 1. Off for pixels that are black or white: two nats better.'),
  klWeight: z.number().min(0).max(10).default(1)
    .describe('Weight of the divergence from the prior; under 1: sharper copies, worse drawings.'),
  ...trainingFields({ batch: 128, learningRate: 1e-3, warmUp: 200, hold: 0.5, average: 0.998 }),
}); // prettier-ignore
export type VaeConfig = z.infer<typeof vaeSchema>;

/** Settings that were measured; see the README for what each reaches. */
export const vaePresets = {
  /** 784-200-200-50: 99.8 nats in 9,208 steps, 92.9 in 91,413 (PyTorch). */
  nats: {
    latent: 50, hidden: 200, activation: 'tanh', conditional: false, binarize: true, centre: false, batch: 100, hold: 0.4, average: 0.999,
  },
  /** Digits of a class: two minutes; no VAE reached 97 % agreement with wide coverage. */
  digits: {},
  /** 8 x 8 digits and the like. */
  small: { latent: 8, hidden: 256, batch: 64 },
  pictures: { network: 'conv', hidden: 256, activation: 'silu', likelihood: 'gaussian' },
  points: { latent: 4, hidden: 128, likelihood: 'gaussian', deviation: 0.05, batch: 256 },
} satisfies Record<string, z.input<typeof vaeSchema>>; // prettier-ignore
