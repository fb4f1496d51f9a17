/** Configuration of flow matching (Lipman et al. 2023; Liu, Gong, Liu 2023): a velocity field from noise to data along straight lines. */
import * as z from 'zod';
import { trainingFields } from '../training-fields';

export const flowSchema = z.strictObject({
  network: z.enum(['unet', 'mlp']).default('unet').describe('unet: pictures; mlp: points and rows.'),
  width: z.int().min(8).max(512).default(32)
    .describe('Channels at full size (unet, a multiple of 8; twice as many at half size) or units of the hidden layers (mlp).'),
  patch: z.int().min(1).max(8).default(2).describe('Squares of so many pixels a side become channels (unet): fewer, cheaper places.'),
  embedding: z.int().min(8).max(512).default(128).describe('Numbers that carry time and class into the net (unet).'),
  waves: z.boolean().default(false).describe('Also shows the net sines and cosines of the point (mlp): needed for many narrow modes.'),
  conditional: z.boolean().default(true).describe('Whether the net is told the class; needs labels.'),
  dropClass: z.number().min(0).max(0.9).default(0.1).describe('Share of the samples without their class, which is what guidance needs.'),
  times: z.enum(['uniform', 'middle']).default('middle').describe('Where on the way it learns: everywhere alike, or most in the middle (logit-normal).'),
  clip: z.number().min(0).max(100).default(1).describe('Longest gradient; longer ones are shortened to it. 0: never.'),
  ...trainingFields({ batch: 128, learningRate: 2e-3, warmUp: 100, hold: 0.5, average: 0.998 }),
}); // prettier-ignore
export type FlowConfig = z.infer<typeof flowSchema>;

/** Settings that were measured; see the README for what each reaches. */
export const flowPresets = {
  /** 28 x 28 digits of a class: .99 read as asked and .85 coverage in 6,065 steps, Heun 8, guidance .5 (PyTorch). */
  digits: {},
  /** 8 x 8 digits and the like. */
  small: { patch: 1 },
  pictures: { width: 48, batch: 64 },
  /** Eight modes on a ring: 98 % within 3 sigma in 10,000 steps, Heun 25. */
  points: {
    network: 'mlp', width: 128, conditional: false, times: 'uniform', clip: 5, batch: 512, hold: 0, average: 0.999,
  },
  /** The same for many narrow modes: grid of 25, 95 %. */
  'points-waves': {
    network: 'mlp', width: 128, waves: true, conditional: false, times: 'uniform', clip: 5, batch: 512, hold: 0, average: 0.999,
  },
} satisfies Record<string, z.input<typeof flowSchema>>; // prettier-ignore

/** How samples are drawn: the method, its number of steps, and how strongly the class is followed. */
export const flowSamplerSchema = z.strictObject({
  method: z.enum(['euler', 'midpoint', 'heun']).default('heun')
    .describe('euler: one evaluation a step; midpoint and heun: two, and fewer steps for the same quality.'),
  steps: z.int().min(1).max(1000).default(8).describe('Steps from noise to sample.'),
  guidance: z.number().min(0).max(10).default(0.5)
    .describe('How much the class is exaggerated: more are read as asked, fewer kinds are drawn.'),
}); // prettier-ignore
export type FlowSampler = z.infer<typeof flowSamplerSchema>;
