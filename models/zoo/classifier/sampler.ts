/** The trained classifier as a file: pictures of any size, as they are, to probabilities and features. */
import { addPicture } from '../../graph/picture';
import type { Graph, Value } from '../../graph/ir';
import { inferenceGraph } from '../../nn/inference';
import type { Network } from '../../nn/network';
import { dtypeNumber } from '../../tensor/dtype';
import type { HostTensor } from '../../tensor/host-tensor';
import { storedInput } from '../batch';
import type { DataShape, ImageShape } from '../data-shape';
import type { ClassifierConfig } from './config';
import { classify } from './network';

type Weights = Readonly<Record<string, HostTensor>>;

/** Stored samples `x` of the trained shape to `logits`, `probabilities` [N, classes] and `features` [N, F]; for evaluation. */
export function classifierGraph(config: ClassifierConfig, shape: DataShape, weights: Weights): Graph {
  return inferenceGraph('classifier', (net) => answers(net, config, shape, storedInput(net, shape, 'N')), weights);
}

/**
 * RGB pictures `image` u8 [N, H, W, 3] of any size to the same outputs. Resampled to the trained size by the middle crop; where the
 * classifier is grey, by the luma of ITU-R BT.601, as data sets are made.
 */
export function pictureClassifierGraph(config: ClassifierConfig, shape: ImageShape, weights: Weights): Graph {
  return inferenceGraph('classifier', (net) => {
    const image = net.g.input('image', 'uint8', ['N', 'H', 'W', 3]);
    return answers(net, config, shape, resampled(net, image, shape));
  }, weights); // prettier-ignore
}

function answers(net: Network, config: ClassifierConfig, shape: DataShape, stored: Value): Record<string, Value> {
  const { features, logits } = classify(net, config, shape, stored);
  return { logits, probabilities: net.g.Softmax(logits, { axis: 1 }), features };
}

/** As stored: u8 [N, height, width, channels]. */
function resampled(net: Network, image: Value, { height, width, channels }: ImageShape): Value {
  const { g } = net;
  const { pixels } = addPicture(g, image, 'NHWC', { height, width, fit: 'crop', cropShare: 1 }); // [N, 3, h, w]
  const planes =
    channels === 3 ? pixels : g.ReduceSum(g.Mul(pixels, g.floats([0.299, 0.587, 0.114], [1, 3, 1, 1])), [1]);
  const levels = g.Cast(g.Round(g.Clip(planes, 0, 255)), { to: dtypeNumber('uint8') });
  return channels === 3 ? g.Transpose(levels, { perm: [0, 2, 3, 1] }) : g.Reshape(levels, [-1, height, width, 1]);
}
