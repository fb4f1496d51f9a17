/** A network under construction: a graph builder plus parameters and state with stable hierarchical names. */
import { ModelError } from '../errors';
import { createBuilder } from '../graph/builder';
import type { Builder } from '../graph/builder-type';
import type { Graph, Value } from '../graph/ir';
import { type HostTensor, elementCount } from '../tensor/host-tensor';
import { type RandomKey, streamOf } from '../tensor/random';
import type { Initializer } from './initializers';

/** A tensor that a step program takes and gives back changed. */
export interface Slot {
  readonly name: string;
  /** Weights are trained and exported; state is not trained: moments, running statistics, averages. */
  readonly kind: 'weight' | 'state';
  /** The graph input. */
  readonly input: Value;
  readonly initial: HostTensor;
}

/** How a network is made. */
export interface NetworkOptions {
  /** Key of all initial weights, modulo 2^32. */
  readonly seed?: number;
  /** Whether layers behave as in training (batch statistics, dropout). */
  readonly isTraining?: boolean;
}

/** Layers are functions of a network and values; they ask it for their weights by name. */
export class Network {
  readonly g: Builder = createBuilder();
  readonly isTraining: boolean;
  private readonly slots = new Map<string, Slot>();
  private readonly current = new Map<string, Value>();
  private readonly scalars = new Map<string, Value>();
  private readonly randomSeed: number;
  private path = '';

  constructor(options: NetworkOptions = {}) {
    this.randomSeed = options.seed ?? 0;
    this.isTraining = options.isTraining ?? true;
  }

  /** Runs `body` with a prefix before the names of weights (`encoder.`) and nodes (`encoder/`). */
  scope<T>(name: string, body: () => T): T {
    const outer = this.path;
    this.path = `${outer}${name}.`;
    try {
      return this.g.scope(name, body);
    } finally {
      this.path = outer;
    }
  }

  /** The weight of that name within the scope, declared at its first use. Where it was updated, its new value. */
  weight(name: string, shape: readonly number[], initializer: Initializer): Value {
    const full = this.path + name;
    return this.slot(full, 'weight', shape, () => initializer(shape, this.keyOf(full)));
  }

  /** A tensor that lives from step to step without being trained. Where it was replaced, its new value. */
  state(name: string, initial: HostTensor): Value {
    return this.slot(this.path + name, 'state', initial.dims, () => initial);
  }

  /** From here on, `weight` and `state` give this value under the name, and the step program gives it back. */
  replace(name: string, value: Value): void {
    const full = this.path + name;
    if (!this.slots.has(full)) throw new ModelError('usage/bad-argument', `There is no weight or state "${full}".`);
    this.current.set(full, value);
  }

  /** Weights and state in the order of their declaration. */
  get allSlots(): readonly Slot[] {
    return [...this.slots.values()];
  }

  /** The value that a weight or state has now, by its full name. */
  valueOf(slot: Slot): Value {
    return this.current.get(slot.name) ?? slot.input;
  }

  /** A scalar that the caller of every step gives: `step` (1, 2, ...), `seed`, `lr`. Declared at its first use. */
  scalar(name: 'step' | 'seed' | 'lr'): Value {
    const known = this.scalars.get(name);
    if (known) return known;
    const value = this.g.input(name, name === 'lr' ? 'float32' : 'int64', []);
    this.scalars.set(name, value);
    return value;
  }

  /** The stream of random numbers that belongs to a name within the scope. */
  stream(name: string): number {
    return streamOf(this.path + name);
  }

  /** The finished graph with an output `next.NAME` for every weight and state that was replaced. */
  build(name: string): Graph {
    for (const slot of this.slots.values()) {
      const next = this.current.get(slot.name);
      if (next) this.g.output(`next.${slot.name}`, next);
    }
    return this.g.build(name);
  }

  private keyOf(name: string): RandomKey {
    return { seed: this.randomSeed, stream: streamOf(name) };
  }

  private slot(name: string, kind: Slot['kind'], shape: readonly number[], make: () => HostTensor): Value {
    const known = this.slots.get(name);
    if (known) {
      if (known.initial.dims.join() === shape.join()) return this.valueOf(known);
      throw new ModelError(
        'graph/shape-mismatch',
        `"${name}" has shape [${known.initial.dims.join(', ')}], here it is used with [${shape.join(', ')}].`,
      );
    }
    const initial = make();
    if (elementCount(shape) !== initial.data.length)
      throw new ModelError('usage/bad-argument', `"${name}" has a wrong initial value.`);
    const input = this.g.input(name, initial.dtype, shape);
    this.slots.set(name, { name, kind, input, initial });
    return input;
  }
}
