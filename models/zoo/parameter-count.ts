/** How many weights a configured model has on data of a shape, without making a single one. */
import { filledTensor } from '../tensor/filled-tensor';
import { elementCount } from '../tensor/host-tensor';
import { Network } from '../nn/network';
import type { Value } from '../graph/ir';
import { labelsInput, picturesOf, storedInput } from './batch';
import { classify } from './classifier/network';
import { type DataShape, sampleSize } from './data-shape';
import type { Configured } from './families';
import { isConditional as isFlowConditional } from './flow/network';
import { velocity } from './flow/network';
import { discriminate, generate, isConditional as isGanConditional } from './gan/network';
import { decode, encode, isConditional as isVaeConditional } from './vae/network';

/** Declares weights as zeros: drawing random ones for a large net takes longer than building it. */
class CountedNetwork extends Network {
  override weight(name: string, shape: readonly number[]): Value {
    return super.weight(name, shape, (dims) => filledTensor('float32', dims, 0));
  }
}

/** @throws ModelError where the model does not suit the shape. */
export function parameterCount(model: Configured, shape: DataShape): number {
  const net = new CountedNetwork({ isTraining: true });
  build(net, model, shape);
  const weights = net.allSlots.filter(({ kind }) => kind === 'weight');
  return weights.reduce((sum, { initial }) => sum + elementCount(initial.dims), 0);
}

function build(net: Network, model: Configured, shape: DataShape): void {
  const stored = storedInput(net, shape, 1);
  const { g } = net;
  switch (model.family) {
    case 'classifier':
      return void classify(net, model.config, shape, stored);
    case 'vae': {
      const parts = { config: model.config, shape, ...(isVaeConditional(model.config, shape) && { labels: labelsInput(net, 1) }) }; // prettier-ignore
      const x = shape.kind === 'image' ? g.Flatten(picturesOf(g, stored, shape, 0, 1)) : stored;
      const { mean } = encode(net, x, parts);
      return void decode(net, mean, parts);
    }
    case 'gan': {
      const labels = isGanConditional(model.config, shape) ? labelsInput(net, 1) : undefined;
      const latent = g.input('latent', 'float32', [1, model.config.latent]);
      return void discriminate(net, model.config, shape, generate(net, model.config, shape, latent, labels), labels);
    }
    case 'flow': {
      const x = shape.kind === 'image' ? picturesOf(g, stored, shape, -1, 1) : stored;
      const data = g.Reshape(x, shape.kind === 'image' ? [1, shape.channels, shape.height, shape.width] : [1, sampleSize(shape)]); // prettier-ignore
      const labels = isFlowConditional(model.config, shape) ? labelsInput(net, 1) : undefined;
      return void velocity(net, model.config, shape, data, g.input('t', 'float32', [1, 1]), labels);
    }
  }
}
