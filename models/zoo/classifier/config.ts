/** Configuration of classifiers: which network, how it is regularised, how it is trained. */
import * as z from 'zod';
import { augmentationSchema } from '../augment';
import { trainingFields } from '../training-fields';

export const classifierSchema = z.strictObject({
  network: z.enum(['softmax', 'mlp', 'cnn', 'residual']).default('cnn')
    .describe('softmax: one layer; mlp: hidden layers; cnn: convolutions and pooling; residual: convolutions with batch norm and skips.'),
  width: z.int().min(4).max(256).default(32)
    .describe('Channels of the first convolution; deeper ones have twice as many.'),
  hidden: z.int().min(4).max(4096).default(128)
    .describe('Units of each hidden layer (mlp), or of the layer before the last (cnn): the features.'),
  layers: z.int().min(1).max(8).default(2).describe('Hidden layers of an mlp.'),
  dropout: z.number().min(0).max(0.9).default(0)
    .describe('Share of the features that is dropped at random in training.'),
  labelSmoothing: z.number().min(0).max(0.5).default(0.05)
    .describe('Share of the target spread over all classes, against overconfidence.'),
  weightDecay: z.number().min(0).max(1).default(0)
    .describe('Pull of the weights towards zero, times the learning rate (AdamW).'),
  augmentation: augmentationSchema.prefault({}),
  ...trainingFields({ batch: 128, learningRate: 3e-3, warmUp: 0.15, hold: 0, average: 0 }),
}); // prettier-ignore
export type ClassifierConfig = z.infer<typeof classifierSchema>;

/** Settings that were measured; see the README for what each reaches. */
export const classifierPresets = {
  /** 28 x 28 digits: 99.4 % in 2,458 steps (PyTorch). */
  digits: { network: 'cnn', augmentation: { shift: 2 } },
  /** Grey clothes, under 100,000 parameters: 92.3 % in 5,079 steps (PyTorch). */
  clothes: {
    network: 'residual',
    learningRate: 4e-3,
    weightDecay: 0.05,
    average: 0.998,
    augmentation: { shift: 2, flip: true },
  },
  /** 8 x 8 digits and the like. */
  small: { network: 'cnn', batch: 64, augmentation: { shift: 1 } },
  /** Colour pictures of a person's own, few of each class. */
  pictures: {
    network: 'residual',
    dropout: 0.2,
    weightDecay: 0.05,
    average: 0.998,
    augmentation: { shift: 3, flip: true, rotate: 10, erase: 0.25 },
  },
  /** A new head on features that another model computed. */
  transfer: { network: 'softmax', batch: 64, learningRate: 1e-2, weightDecay: 1e-3 },
  /** Tables and points. */
  rows: { network: 'mlp', hidden: 64, batch: 32, labelSmoothing: 0 },
} satisfies Record<string, z.input<typeof classifierSchema>>;
