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
  readonly state: (name: string) => StateCell;
}

/** A tensor that an optimiser keeps for one weight. */
export interface StateCell {
  readonly value: Value;
  readonly set: (next: Value) => void;
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
  const raw = gradients(net.g, loss, slots.map((slot) => net.valueOf(slot))); // prettier-ignore
  const changed = options.transform?.(net.g, raw) ?? raw;
  const prefix = options.stateName ?? ['optimizer', ...(options.only ?? [])].join('.').replace(/\.+$/, '');
  net.g.scope('update', () => {
    const update = optimizer.prepare(net);
    const pairs = slots.map((slot, index) => ({ slot, gradient: changed[index] ?? slot.input }));
    for (const group of groupsOf(pairs)) updateGroup(net, group, update, prefix);
  });
  return new Map(slots.map((slot, index) => [slot.name, raw[index] ?? slot.input]));
}

interface Pair {
  readonly slot: Slot;
  readonly gradient: Value;
}

/** Weights of fewer elements are updated together as one vector: a node costs more than moving so few numbers. */
const packedBelow = 2 ** 17;

function groupsOf(pairs: readonly Pair[]): Pair[][] {
  const isSmall = ({ slot }: Pair): boolean => slot.initial.data.length < packedBelow;
  const small = pairs.filter(isSmall);
  const large = pairs.filter((pair) => !isSmall(pair)).map((pair) => [pair]);
  return small.length === 0 ? large : [...large, small];
}

/** One weight as it is, or several joined to one vector and cut apart again. */
function updateGroup(net: Network, group: readonly Pair[], update: (call: UpdateCall) => Value, prefix: string): void {
  const { g } = net;
  const flat = (value: Value): Value => g.Reshape(value, [-1]);
  const join = (values: readonly Value[]): Value => g.Concat(...values.map(flat), { axis: 0 }); // [all elements]
  const weights = group.map(({ slot }) => net.valueOf(slot));
  const [first] = weights;
  if (first === undefined) return;
  const isAlone = group.length === 1;
  const weight = isAlone ? first : join(weights);
  const gradient = isAlone ? (group[0]?.gradient ?? first) : join(group.map((pair) => pair.gradient));
  const name = isAlone ? (group[0]?.slot.name ?? '') : 'packed';
  const next = update({ g, weight, gradient, state: (of) => stateOf(net, `${prefix}.${of}.${name}`, weight) });
  const sizes = group.map(({ slot }) => slot.initial.data.length);
  const parts = isAlone ? [next] : g.Split(next, sizes, { axis: 0 });
  group.forEach(({ slot }, index) => {
    const part = parts[index] ?? next;
    net.replace(slot.name, isAlone ? part : g.Reshape(part, slot.initial.dims));
  });
}

function stateOf(net: Network, name: string, like: Value): StateCell {
  const value = net.state(name, filledTensor(like.dtype, like.dims, 0));
  return { value, set: (next) => net.replace(name, next) };
}
