/** Reference network: one LSTM layer over characters, cross-entropy at every step, Adam. */
import type { Value } from '../graph/ir';
import { dense, embedding } from '../nn/layers';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { lstm } from '../nn/recurrent';
import { adam } from '../optim/adam';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

/** Sizes of the language model. */
export interface LstmConfig {
  readonly batch: number;
  readonly length: number;
  readonly vocabulary: number;
  readonly width: number;
}

export const referenceLstm: LstmConfig = { batch: 32, length: 64, vocabulary: 65, width: 256 };

/** Token indices int64 [batch, length] to logits [length * batch, vocabulary], time outermost. */
export function lstmLogits(net: Network, tokens: Value, config: LstmConfig): Value {
  const byTime = net.g.Transpose(tokens, { perm: [1, 0] }); // [T, B]
  const states = lstm(net, 'lstm', embedding(net, 'embedding', byTime, config.vocabulary, config.width), config.width);
  return dense(net, 'head', net.g.Reshape(states, [-1, config.width]), config.vocabulary);
}

/** Inputs: tokens, targets int64 [batch, length]. Outputs: loss (nats a token). */
export function lstmStep(config: LstmConfig = referenceLstm): StepProgram {
  const net = new Network();
  const { g } = net;
  const tokens = g.input('tokens', 'int64', [config.batch, config.length]);
  const targets = g.input('targets', 'int64', [config.batch, config.length]);
  const loss = crossEntropy(
    g,
    lstmLogits(net, tokens, config),
    g.Reshape(g.Transpose(targets, { perm: [1, 0] }), [-1]),
  );
  minimize(net, loss, adam({ learningRate: 1e-3 }));
  return stepProgram(net, 'lstm-step', { loss });
}
