/** How pixel values 0..255 become what a network was trained on: one linear map of the three colours for each preset. */

/** The presets that cover nearly all published image classifiers. */
export const presets = ['imagenet', 'zero-one', 'minus-one-one', 'caffe', 'raw'] as const;
/** Name of a preset. */
export type Preset = (typeof presets)[number];

interface Scaling {
  /** Subtracted from red, green, blue (0..255), before the division by `spread`. */
  readonly mean: readonly [number, number, number];
  readonly spread: readonly [number, number, number];
  /** Blue comes first. */
  readonly isBgr: boolean;
}

const even = (mean: number, spread: number): Scaling => ({
  mean: [mean, mean, mean],
  spread: [spread, spread, spread],
  isBgr: false,
});

const scalings: Readonly<Record<Preset, Scaling>> = {
  imagenet: { mean: [123.675, 116.28, 103.53], spread: [58.395, 57.12, 57.375], isBgr: false },
  'zero-one': even(0, 255),
  'minus-one-one': even(127.5, 127.5),
  caffe: { mean: [123.68, 116.779, 103.939], spread: [1, 1, 1], isBgr: true },
  raw: even(0, 1),
};

/** Shares of red, green and blue in brightness (ITU-R BT.601), as image tools use them for grey pictures. */
const brightness = [0.299, 0.587, 0.114] as const;

/** y = weight x + bias, where x is (red, green, blue) in 0..255: weight is [channels, 3] row by row, bias [channels]. */
export interface ColourMap {
  readonly weight: readonly number[];
  readonly bias: readonly number[];
}

/** The linear map of a preset for a network with 3 or 1 (grey) channels; `isInverted` takes 255 - x in place of x first. */
export function colourMap(preset: Preset, channels: 1 | 3, isInverted: boolean): ColourMap {
  const { mean, spread, isBgr } = scalings[preset];
  const [sign, start] = isInverted ? [-1, 255] : [1, 0];
  if (channels === 1) {
    const greyMean = brightness.reduce((sum, share, colour) => sum + share * (mean[colour] ?? 0), 0);
    const greySpread = brightness.reduce((sum, share, colour) => sum + share * (spread[colour] ?? 1), 0);
    return {
      weight: brightness.map((share) => (sign * share) / greySpread),
      bias: [(start - greyMean) / greySpread],
    };
  }
  const order = isBgr ? [2, 1, 0] : [0, 1, 2];
  return {
    weight: order.flatMap((from) => [0, 1, 2].map((colour) => (colour === from ? sign / (spread[from] ?? 1) : 0))),
    bias: order.map((from) => (start - (mean[from] ?? 0)) / (spread[from] ?? 1)),
  };
}
