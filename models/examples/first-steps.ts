/** First steps: a small net learns which points lie within a circle, becomes a file, and the file is run. */
import * as duet from '../index';

/** Points [count, 2] of a square, and whether each lies within the circle, int64 [count]. */
function points(count: number, seed: number): Record<'x' | 'labels', duet.HostTensor> {
  const x = duet.uniforms({ seed, stream: 1 }, 2 * count, -1, 1);
  const radius = (k: number): number => Math.hypot(x[2 * k] ?? 0, x[2 * k + 1] ?? 0);
  const labels = BigInt64Array.from({ length: count }, (_, k) => (radius(k) < 0.8 ? 1n : 0n));
  return { x: duet.hostTensor('float32', [count, 2], x), labels: duet.hostTensor('int64', [count], labels) };
}

/** The net: points [N, 2] to logits [N, 2]. Weights are made at their first use and found again by name. */
function logitsOf(net: duet.Network, x: duet.Value): duet.Value {
  const hidden = net.g.Tanh(duet.dense(net, 'hidden', x, 32)); // [N, 32]
  return duet.dense(net, 'logits', hidden, 2); // [N, 2]
}

// One training step is one graph: forward, backward (`minimize` differentiates the loss), and Adam's update of every weight.
const net = new duet.Network({ seed: 1 });
const logits = logitsOf(net, net.g.input('x', 'float32', [256, 2]));
const loss = duet.crossEntropy(net.g, logits, net.g.input('labels', 'int64', [256]));
duet.minimize(net, loss, duet.adam({ learningRate: 0.02 }));
const program = duet.stepProgram(net, 'circle-step', { loss });
const trainer = await duet.createTrainer({ model: duet.encodeProgram(program), slots: program.slots });
for (let step = 1; step <= 300; step++) {
  const count = duet.hostTensor('int64', [], BigInt64Array.of(BigInt(step)));
  const { loss: value = count } = await trainer.step({ ...points(256, step), step: count });
  if (step === 1 || step % 100 === 0)
    process.stdout.write(`step ${step}: loss ${duet.numbersOf(value)[0]?.toFixed(2)}\n`);
}
const weights = trainer.read();
await trainer.dispose();

// The same net without loss and optimiser, its trained weights stored in it, is an ordinary .onnx file.
const judge = new duet.Network({ isTraining: false });
judge.g.output(
  'class',
  judge.g.ArgMax(logitsOf(judge, judge.g.input('x', 'float32', [1000, 2])), { axis: 1, keepdims: 0 }),
);
const file = duet.encodeModel(duet.encodeGraph(duet.fillInputs(judge.build('circle'), weights)));
const session = await duet.createSession(file);
const unseen = points(1000, 0);
const { class: answers = unseen.labels } = await session.run({ x: unseen.x });
await session.dispose();
const truth = duet.numbersOf(unseen.labels);
const hits = duet.numbersOf(answers).filter((answer, k) => answer === truth[k]).length;
process.stdout.write(`${file.byteLength} bytes of ONNX are right about ${hits} of 1000 unseen points\n`);
