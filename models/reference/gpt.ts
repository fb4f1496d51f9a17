/** Reference network: a small GPT (Radford et al. 2019): pre-norm blocks, GELU, learned positions, AdamW. */
import type { Value } from '../graph/ir';
import { causalSelfAttention } from '../nn/attention';
import { dense, embedding, layerNorm } from '../nn/layers';
import { normal } from '../nn/initializers';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { adamW } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

/** Sizes of a GPT. */
export interface GptConfig {
  readonly batch: number;
  readonly context: number;
  readonly vocabulary: number;
  readonly layers: number;
  readonly heads: number;
  readonly width: number;
}

export const referenceGpt: GptConfig = { batch: 12, context: 64, vocabulary: 65, layers: 4, heads: 4, width: 128 };

/** Token indices int64 [batch, context] to logits [batch, context, vocabulary]. */
export function gptLogits(net: Network, tokens: Value, config: GptConfig): Value {
  const { g } = net;
  const positions = net.weight('position', [config.context, config.width], normal(0.02));
  let x = g.Add(embedding(net, 'embedding', tokens, config.vocabulary, config.width), positions); // [B, T, width]
  for (let layer = 0; layer < config.layers; layer++) {
    x = net.scope(`block.${layer}`, () => {
      const attended = g.Add(x, causalSelfAttention(net, 'attention', layerNorm(net, 'norm1', x), config.heads));
      const wide = g.Gelu(dense(net, 'mlp.0', layerNorm(net, 'norm2', attended), 4 * config.width)); // [B, T, 4 width]
      return g.Add(attended, dense(net, 'mlp.1', wide, config.width));
    });
  }
  return dense(net, 'head', layerNorm(net, 'norm', x), config.vocabulary);
}

/** Inputs: tokens, targets int64 [batch, context]. Outputs: loss (nats a token). */
export function gptStep(config: GptConfig = referenceGpt): StepProgram {
  const net = new Network();
  const { g } = net;
  const tokens = g.input('tokens', 'int64', [config.batch, config.context]);
  const targets = g.input('targets', 'int64', [config.batch, config.context]);
  const logits = g.Reshape(gptLogits(net, tokens, config), [-1, config.vocabulary]); // [B T, vocabulary]
  const loss = crossEntropy(g, logits, g.Reshape(targets, [-1]));
  minimize(net, loss, adamW({ learningRate: 1e-3 }));
  return stepProgram(net, 'gpt-step', { loss });
}
