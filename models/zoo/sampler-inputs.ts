/** What every generator's file takes: noise and, where it is told the class, labels. */
import type { Value } from '../graph/ir';
import type { Network } from '../nn/network';

/** Declares `noise` float32 [N, width], standard normal numbers of the caller, and `label` int64 [N]. */
export function sampleInputs(net: Network, width: number, isConditional: boolean): { noise: Value; label?: Value } {
  const noise = net.g.input('noise', 'float32', ['N', width]);
  return isConditional ? { noise, label: net.g.input('label', 'int64', ['N']) } : { noise };
}
