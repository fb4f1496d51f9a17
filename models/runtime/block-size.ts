/** Finds out whether the runtime has its blocked convolution layout here, and how many channels lie in a block. */
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { elementCount, hostTensor, numbersOf } from '../tensor/host-tensor';
import { providerOrder } from './providers';
import { createSession, type SessionOptions } from './session';

/** Channels enough for every block size in use, and two pixels, whose distance in the result is the block. */
const shape = [1, 64, 1, 2] as const;

/** 16 with AVX-512, 8 with AVX2; 0 where the provider has no such layout. Read off the order in which `ReorderInput` puts a ramp. */
export async function probeBlockSize(options: SessionOptions = {}): Promise<number> {
  if (providerOrder(options.provider)[0] !== 'cpu') return 0;
  const g = createBuilder();
  g.output('y', g.ReorderInput(g.input('x', 'float32', shape)));
  const ramp = hostTensor(
    'float32',
    shape,
    Float32Array.from({ length: elementCount(shape) }, (_, k) => k),
  );
  try {
    const session = await createSession(encodeModel(encodeGraph(g.build('probe'))), { ...options, provider: 'cpu' });
    try {
      const { y } = await session.run({ x: ramp });
      return y ? numbersOf(y).indexOf(1) : 0; // pixel 1 of channel 0 follows the block's channels of pixel 0
    } finally {
      await session.dispose();
    }
  } catch {
    return 0; // this build or processor has no such operator: the plain formulations remain
  }
}
