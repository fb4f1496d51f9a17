/** Optimisers: how one weight and its state become the next, as nodes of the step program. */
import { ModelError } from '../errors';
import { gradients } from '../autodiff/gradients';
import type { Builder } from '../graph/builder-type';
import { longestKnown } from '../graph/constant-type';
import type { Value } from '../graph/ir';
import type { Network, Slot } from '../nn/network';
import { dtypeNumber } from '../tensor/dtype';
import { filledTensor } from '../tensor/filled-tensor';

/** A tensor that is kept from step to step. */
interface Memory {
  readonly value: Value;
  readonly set: (next: Value) => void;
}

/** What an optimiser is given for one weight. */
export interface UpdateCall {
  readonly g: Builder;
  readonly weight: Value;
  /** Same shape as the weight. */
  readonly gradient: Value;
  /** A tensor of the weight's shape that starts at zero and keeps what `set` stores until the next step. */
  readonly state: (name: string) => Memory;
  /** What the optimiser's `groupOf` said of this weight. */
  readonly group: string;
}

/** Scalars that all weights share are made once, by `prepare`; then `update` runs for every weight. */
export interface Optimizer {
  /** `step` is the number of this update, 1, 2, ... as an int64 scalar; asking for it makes the caller of a step give it. */
  prepare(net: Network, step: () => Value): (call: UpdateCall) => Value;
  /** Weights that are treated differently, told by their shapes: small ones are updated together within a group only. */
  groupOf?(shape: readonly number[]): string;
}

/** What `minimize` does besides. */
export interface MinimizeOptions {
  /** Only weights whose full name starts with one of these. */
  readonly only?: readonly string[];
  /**
   * Every so many calls of the step the weights change, by the mean of the gradients since the last change; in between, weights and the
   * optimiser's state stay. Calls are counted by the input `step`.
   */
  readonly accumulate?: number;
  /** Changes all gradients before they are used: clipping. */
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
  const prefix = options.stateName ?? ['optimizer', ...(options.only ?? [])].join('.').replace(/\.+$/, '');
  const calls = options.accumulate ?? 1;
  net.g.scope('update', () => {
    const due = calls === 1 ? undefined : dueEvery(net, calls);
    const kept = due ? slots.map((slot, index) => accumulated(net, `${prefix}.accumulated.${slot.name}`, raw[index] ?? slot.input, due)) : raw; // prettier-ignore
    const changed = options.transform?.(net.g, kept) ?? kept;
    const step = (): Value => (due ? net.g.Div(net.scalar('step'), due.calls) : net.scalar('step'));
    const update = optimizer.prepare(net, step);
    const pairs = slots.map((slot, index) => ({ slot, gradient: changed[index] ?? slot.input }));
    for (const group of groupsOf(pairs, optimizer)) updateGroup({ net, prefix, due }, group, update);
  });
  return new Map(slots.map((slot, index) => [slot.name, raw[index] ?? slot.input]));
}

/** Whether this call changes the weights: a bool scalar. */
interface Due {
  readonly isDue: Value;
  /** How many calls make a change: an int64 scalar. */
  readonly calls: Value;
}

function dueEvery(net: Network, count: number): Due {
  const { g } = net;
  const step = net.scalar('step');
  const calls = g.scalarLike(step, count);
  return { isDue: g.Equal(g.Mul(g.Div(step, calls), calls), step), calls };
}

/** The mean gradient since the last change, right in the calls that are due. */
function accumulated(net: Network, name: string, gradient: Value, { isDue, calls }: Due): Value {
  const { g } = net;
  const sum = stateOf(net, name, gradient);
  const next = g.Add(sum.value, gradient);
  sum.set(g.Where(isDue, g.scalarLike(next, 0), next));
  return g.Div(next, g.Cast(calls, { to: dtypeNumber(gradient.dtype) }));
}

interface Pair {
  readonly slot: Slot;
  readonly gradient: Value;
}

/** Weights of fewer elements are updated together as one vector: a node costs more than moving so few numbers. */
const packedBelow = 2 ** 17;
/** So many at most: the sizes of a longer Split would not be known to inference. */
const mostInPack = longestKnown;

/** Weights that are updated together, and what their state is called. */
interface Group {
  readonly name: string;
  readonly kind: string;
  readonly pairs: readonly Pair[];
}

function groupsOf(pairs: readonly Pair[], optimizer: Optimizer): Group[] {
  const kindOf = ({ slot }: Pair): string => optimizer.groupOf?.(slot.initial.dims) ?? '';
  const isSmall = ({ slot }: Pair): boolean => slot.initial.data.length < packedBelow;
  const large = pairs.filter((pair) => !isSmall(pair));
  const alone = large.map((pair): Group => ({ name: pair.slot.name, kind: kindOf(pair), pairs: [pair] }));
  const kinds = [...new Set(pairs.map(kindOf))];
  const packs = kinds.flatMap((kind) => packsOf(pairs.filter((pair) => isSmall(pair) && kindOf(pair) === kind), kind)); // prettier-ignore
  return [...alone, ...packs];
}

function packsOf(small: readonly Pair[], kind: string): Group[] {
  const base = kind === '' ? 'packed' : `packed.${kind}`;
  return Array.from({ length: Math.ceil(small.length / mostInPack) }, (_, k): Group => {
    const members = small.slice(k * mostInPack, (k + 1) * mostInPack);
    const [only, ...more] = members;
    if (only && more.length === 0) return { name: only.slot.name, kind, pairs: members };
    return { name: k === 0 ? base : `${base}.${k}`, kind, pairs: members };
  });
}

interface Target {
  readonly net: Network;
  readonly prefix: string;
  readonly due: Due | undefined;
}

/** One weight as it is, or several joined to one vector and cut apart again. */
function updateGroup(
  { net, prefix, due }: Target,
  { name, kind, pairs: group }: Group,
  update: (call: UpdateCall) => Value,
): void {
  const { g } = net;
  const flat = (value: Value): Value => g.Reshape(value, [-1]);
  const join = (values: readonly Value[]): Value => g.Concat(...values.map(flat), { axis: 0 }); // [all elements]
  const weights = group.map(({ slot }) => net.valueOf(slot));
  const [first] = weights;
  if (first === undefined) return;
  const isAlone = group.length === 1;
  const weight = isAlone ? first : join(weights);
  const gradient = isAlone ? (group[0]?.gradient ?? first) : join(group.map((pair) => pair.gradient));
  const chosen = (next: Value, old: Value): Value => (due ? g.Where(due.isDue, next, old) : next);
  const state: UpdateCall['state'] = (of) => {
    const { value, set } = stateOf(net, `${prefix}.${of}.${name}`, weight);
    return { value, set: (next) => set(chosen(next, value)) };
  };
  const next = chosen(update({ g, weight, gradient, state, group: kind }), weight);
  const sizes = group.map(({ slot }) => slot.initial.data.length);
  const parts = isAlone ? [next] : g.Split(next, sizes, { axis: 0 });
  group.forEach(({ slot }, index) => {
    const part = parts[index];
    if (part === undefined)
      throw new ModelError('graph/invalid', `The update of "${slot.name}" was not cut out of its pack.`);
    net.replace(slot.name, isAlone ? part : g.Reshape(part, slot.initial.dims));
  });
}

function stateOf(net: Network, name: string, like: Value): Memory {
  const value = net.state(name, filledTensor(like.dtype, like.dims, 0));
  return { value, set: (next) => net.replace(name, next) };
}
