/** Reference network: two convolutions with pooling, two dense layers, cross-entropy, Adam; the classic small net for 28x28 digits. */
import type { Value } from '../graph/ir';
import { conv2d, dense } from '../nn/layers';
import { crossEntropy } from '../nn/losses';
import { Network } from '../nn/network';
import { adam } from '../optim/adam';
import { lossInParts } from '../optim/gradient-transforms';
import { minimize } from '../optim/optimizer';
import { type StepProgram, stepProgram } from '../optim/step-program';

/** Grey pictures [N, 1, 28, 28] to logits [N, classes]. */
export function cnnLogits(net: Network, x: Value, classes = 10): Value {
  const { g } = net;
  const half = { kernel_shape: [2, 2], strides: [2, 2] };
  const first = g.MaxPool(g.Relu(conv2d(net, 'conv1', x, 32, { kernel: 3, padding: 1 })), half); // [N, 32, 14, 14]
  const second = g.MaxPool(g.Relu(conv2d(net, 'conv2', first, 64, { kernel: 3, padding: 1 })), half); // [N, 64, 7, 7]
  const hidden = g.Relu(dense(net, 'dense1', g.Flatten(second), 128));
  return dense(net, 'dense2', hidden, classes);
}

/** Inputs: x float32 [batch, 1, 28, 28], labels int64 [batch]. Outputs: loss (nats). `parts`: pieces of the batch computed one after the other. */
export function cnnStep(batch = 128, learningRate = 1e-3, parts = 1): StepProgram {
  const net = new Network();
  const x = net.g.input('x', 'float32', [batch, 1, 28, 28]);
  const labels = net.g.input('labels', 'int64', [batch]);
  const loss = lossInParts(net.g, parts, [x, labels], ([images = x, classes = labels]) =>
    crossEntropy(net.g, cnnLogits(net, images), classes),
  );
  minimize(net, loss, adam({ learningRate }));
  return stepProgram(net, 'cnn-step', { loss });
}
