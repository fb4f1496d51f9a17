/** The recipes: a family's settings with a name, for what they are good, and the steps that they were measured with here (bench/README.md). */
import type { Family } from '../../contract/model-card';
import { families } from '../../../models/zoo/families';
import type { DataLook } from './data-look';

export interface RecipeDraft {
  readonly name: string;
  readonly title: string;
  readonly family: Family;
  readonly summary: string;
  /** What its family's schema completes. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly steps: number;
  /** Whether it learns from pictures, from rows of numbers, or from both. */
  readonly from: 'image' | 'row' | 'both';
  /** Data sets for which it is the one to begin with. */
  readonly suggestedFor: readonly DataLook['look'][];
}

const { classifier, vae, gan, flow } = families;

export const recipes: readonly RecipeDraft[] = [
  {
    name: 'classifier-digits',
    title: 'Judge: small CNN',
    family: 'classifier',
    summary: 'Two convolutions and one hidden layer, pictures shifted by up to 2 pixels. 99.4 % of the test digits of MNIST after 2,458 steps.',
    settings: classifier.presets.digits,
    steps: 2458,
    from: 'image',
    suggestedFor: ['signs'],
  },
  {
    name: 'classifier-small',
    title: 'Judge: CNN for tiny pictures',
    family: 'classifier',
    summary: 'The small CNN for pictures of about 8 x 8 pixels, which are not shifted. Seconds.',
    settings: { network: 'cnn', batch: 64 },
    steps: 1000,
    from: 'image',
    suggestedFor: ['small'],
  },
  {
    name: 'classifier-clothes',
    title: 'Judge: residual CNN, grey',
    family: 'classifier',
    summary: 'Convolutions with batch norm and skips, pictures shifted and mirrored. 91.9 % of the test pictures of Fashion-MNIST after 5,079 steps with under 100,000 weights.',
    settings: classifier.presets.clothes,
    steps: 5079,
    from: 'image',
    suggestedFor: ['grey'],
  },
  {
    name: 'classifier-pictures',
    title: 'Judge: residual CNN, colour',
    family: 'classifier',
    summary: 'For pictures of your own, also few of each class: shifted, mirrored, turned and partly erased while it learns.',
    settings: classifier.presets.pictures,
    steps: 3000,
    from: 'image',
    suggestedFor: ['colour'],
  },
  {
    name: 'classifier-mlp',
    title: 'Judge: hidden layers',
    family: 'classifier',
    summary: 'Two hidden layers without convolutions: what can be reached without looking at neighbours.',
    settings: { network: 'mlp', hidden: 256 },
    steps: 3000,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'classifier-softmax',
    title: 'Judge: softmax alone',
    family: 'classifier',
    summary: 'One layer: the plainest judge there is, to measure others by.',
    settings: { network: 'softmax' },
    steps: 2000,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'gan-digits',
    title: 'GAN, conditional',
    family: 'gan',
    summary: 'Readable soon: of its MNIST digits .99 are read as asked and .86 of the real variety is covered after 1,700 steps, .99 and .90 after 3,300. It may look collapsed before step 1,500.',
    settings: gan.presets.digits,
    steps: 3300,
    from: 'image',
    suggestedFor: ['small', 'signs', 'grey'],
  },
  {
    name: 'gan-pictures',
    title: 'GAN, conditional, colour',
    family: 'gan',
    summary: 'A wider pair for colour pictures of up to 64 x 64 pixels.',
    settings: gan.presets.pictures,
    steps: 6000,
    from: 'image',
    suggestedFor: ['colour'],
  },
  {
    name: 'flow-digits',
    title: 'Flow matching, conditional',
    family: 'flow',
    summary: 'Steady and without a rival: of its MNIST digits .99 are read as asked and .86 of the variety is covered after 6,065 steps. Takes several times as long as the GAN.',
    settings: flow.presets.digits,
    steps: 6065,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'flow-pictures',
    title: 'Flow matching, conditional, colour',
    family: 'flow',
    summary: 'A wider velocity field for colour pictures of up to 64 x 64 pixels.',
    settings: flow.presets.pictures,
    steps: 6000,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'vae-digits',
    title: 'VAE, conditional',
    family: 'vae',
    summary: 'Learns quickly and lets pictures be read back as noise. Its drawings are soft, and fewer of them are read as asked.',
    settings: vae.presets.digits,
    steps: 6859,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'vae-nats',
    title: 'VAE of the literature',
    family: 'vae',
    summary: '784-200-200-50 with pixels drawn black or white: on MNIST 92.6 nats after 91,413 steps.',
    settings: vae.presets.nats,
    steps: 9208,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'vae-pictures',
    title: 'VAE, convolutional, colour',
    family: 'vae',
    summary: 'For colour pictures; soft drawings, steady training.',
    settings: vae.presets.pictures,
    steps: 4000,
    from: 'image',
    suggestedFor: [],
  },
  {
    name: 'flow-points',
    title: 'Flow matching, points',
    family: 'flow',
    summary: 'On the ring of 8 all modes, 97 to 98 % of the points within 3 deviations after 10,000 steps.',
    settings: flow.presets.points,
    steps: 10_000,
    from: 'row',
    suggestedFor: ['points', 'other'],
  },
  {
    name: 'flow-points-waves',
    title: 'Flow matching, points in many narrow modes',
    family: 'flow',
    summary: 'Also shows the net waves of the point: on the grid of 25 all modes, about 95 % within 3 deviations after 10,000 steps.',
    settings: flow.presets['points-waves'],
    steps: 10_000,
    from: 'row',
    suggestedFor: [],
  },
  {
    name: 'gan-points',
    title: 'GAN, points',
    family: 'gan',
    summary: 'With a penalty on every step: all modes of ring and grid, 82 to 96 % within 3 deviations after 6,000 to 7,000 steps.',
    settings: gan.presets.points,
    steps: 6500,
    from: 'row',
    suggestedFor: [],
  },
  {
    name: 'gan-points-plain',
    title: 'GAN without penalty, points',
    family: 'gan',
    summary: 'What goes wrong without a penalty: it drops modes, and the verdict says so.',
    settings: gan.presets['points-plain'],
    steps: 3000,
    from: 'row',
    suggestedFor: [],
  },
  {
    name: 'vae-points',
    title: 'VAE, points',
    family: 'vae',
    summary: 'A dense autoencoder of points; told the class where there are classes.',
    settings: vae.presets.points,
    steps: 6000,
    from: 'row',
    suggestedFor: [],
  },
]; // prettier-ignore

export function recipeNamed(name: string): RecipeDraft | undefined {
  return recipes.find((recipe) => recipe.name === name);
}
