/** What happens to gradients before they are used, and averages of weights after. */
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import type { Network, Slot } from '../nn/network';
import { gradients } from '../autodiff/gradients';

/** sqrt of the sum of all squares: the length of all gradients as one vector. */
export function globalNorm(g: Builder, values: readonly Value[]): Value {
  const squares = values.map((value) => g.ReduceSumSquare(value, { keepdims: 0 }));
  return g.Sqrt(squares.reduce((sum, square) => g.Add(sum, square)));
}

/** Scales all gradients alike so that their global norm is at most `limit` (Pascanu, Mikolov, Bengio 2013, algorithm 1). */
export function clipByGlobalNorm(limit: number): (g: Builder, values: readonly Value[]) => readonly Value[] {
  return (g, values) => {
    const norm = globalNorm(g, values);
    const scale = g.Min(g.Div(g.scalarLike(norm, limit), g.Add(norm, 1e-6)), 1);
    return values.map((value) => g.Mul(value, scale));
  };
}

/**
 * An average of every weight, kept as state `ema.NAME`: a' = d a + (1 - d) w with d = min(decay, (1 + step) / (10 + step)), so that early
 * steps do not keep the first values for long. Call it after `minimize`. `only`: weights whose full name starts with one of these.
 */
export function averageWeights(net: Network, decay: number, only: readonly string[] = ['']): void {
  const { g } = net;
  const step = g.Cast(net.scalar('step'), { to: 1 });
  const share = g.Min(g.Div(g.Add(step, 1), g.Add(step, 10)), decay);
  const isWanted = ({ name }: Slot): boolean => only.some((prefix) => name.startsWith(prefix));
  for (const slot of net.allSlots.filter((one) => one.kind === 'weight' && isWanted(one))) {
    const average = net.state(`ema.${slot.name}`, slot.initial);
    const weight = net.valueOf(slot);
    net.replace(`ema.${slot.name}`, g.Add(weight, g.Mul(g.Sub(average, weight), share)));
  }
}

/**
 * The mean loss of a batch that is computed in `count` parts one after the other, so that what lies between fits the caches; gradients add
 * up by themselves. `batch` are tensors [N, ...], `loss` gives a part's mean loss. Not for losses that look across the batch.
 */
export function lossInParts(
  g: Builder,
  count: number,
  batch: readonly Value[],
  loss: (part: readonly Value[]) => Value,
): Value {
  if (count === 1) return loss(batch);
  const pieces = batch.map((value) => g.Split(value, { axis: 0, num_outputs: count }));
  const losses = Array.from({ length: count }, (_, part) => {
    return g.scope(`part.${part}`, () => loss(batch.map((whole, index) => pieces[index]?.[part] ?? whole)));
  });
  return g.Div(losses.reduce((sum, one) => g.Add(sum, one)), count); // prettier-ignore
}

/** sum over the batch of |d scores / d inputs|^2, divided by the batch size: the penalty of R1 (Mescheder et al. 2018, equation 9). inputs [N, ...]. */
export function squaredGradientNorm(g: Builder, scores: Value, inputs: Value): Value {
  const [gradient = inputs] = gradients(g, scores, [inputs]);
  return g.Div(g.ReduceSumSquare(gradient, { keepdims: 0 }), inputs.dims[0] ?? 1);
}
