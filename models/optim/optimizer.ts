/** Optimisers: how one weight and its state become the next, as nodes of the step program. */
import { gradients } from '../autodiff/gradients';
import type { Builder } from '../graph/builder-type';
import type { Value } from '../graph/ir';
import type { Network, Slot } from '../nn/network';
import { filledTensor } from '../tensor/filled-tensor';

/** What an optimiser is given for one weight. */
export interface UpdateCall {
  readonly g: Builder;
  readonly weight: Value;
  /** Same shape as the weight. */
  readonly gradient: Value;
  /** A tensor of the weight's shape that starts at zero and keeps what `set` stores until the next step. */
  state(name: string): { readonly value: Value; set(next: Value): void };
}

/** Scalars that all weights share are made once, by `prepare`; then `update` runs for every weight. */
export interface Optimizer {
  prepare(net: Network): (call: UpdateCall) => Value;
}

/** What `minimize` does besides. */
export interface MinimizeOptions {
  /** Only weights whose full name starts with one of these. */
  readonly only?: readonly string[];
  /** Changes all gradients before they are used: clipping, accumulation. */
  readonly transform?: (g: Builder, gradients: readonly Value[]) => readonly Value[];
  /** Keeps the optimiser's state apart from that of other calls. */
  readonly stateName?: string;
}

/** Differentiates the loss and replaces every weight by its next value. Returns the gradients, by weight name. */
export function minimize(
  net: Network,
  loss: Value,
  optimizer: Optimizer,
  options: MinimizeOptions = {},
): Map<string, Value> {
  const isWanted = (slot: Slot): boolean =>
    slot.kind === 'weight' && (options.only?.some((prefix) => slot.name.startsWith(prefix)) ?? true);
  const slots = net.allSlots.filter(isWanted);
  const weights = slots.map((slot) => net.valueOf(slot));
  const raw = gradients(net.g, loss, weights);
  const grads = options.transform?.(net.g, raw) ?? raw;
  const prefix = options.stateName ?? 'optimizer';
  net.g.scope('update', () => {
    const update = optimizer.prepare(net);
    slots.forEach((slot, index) => {
      const [weight, gradient] = [weights[index] ?? slot.input, grads[index] ?? slot.input];
      const state = (name: string) => stateOf(net, `${prefix}.${name}.${slot.name}`, weight);
      net.replace(slot.name, update({ g: net.g, weight, gradient, state }));
    });
  });
  return new Map(slots.map((slot, index) => [slot.name, raw[index] ?? slot.input]));
}

function stateOf(net: Network, name: string, like: Value): { value: Value; set(next: Value): void } {
  const value = net.state(name, filledTensor(like.dtype, like.dims, 0));
  return { value, set: (next) => net.replace(name, next) };
}
