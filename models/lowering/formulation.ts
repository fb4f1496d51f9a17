/** A formulation: one way to compute an operator. Several may exist, and which is fastest depends on shapes and machine. */
import type { Builder } from '../graph/builder-type';
import type { GraphNode, Value } from '../graph/ir';

/** A node that is to be written anew. */
export interface NodeCall {
  readonly g: Builder;
  readonly node: GraphNode;
  readonly inputs: readonly (Value | undefined)[];
  /** The result as it was, for its shape. */
  readonly output: Value;
  /** Channels in a block of the runtime's blocked layout here; 0 where it has none. */
  readonly block: number;
}

/** One way to write an operator. */
export interface Formulation {
  readonly name: string;
  /** Taken up to this share of the plain formulation's time (0.95); above 1 where what stands round it profits more than it may lose. */
  readonly takenUpTo?: number;
  /** The result, or undefined where this way does not fit the node. */
  readonly write: (call: NodeCall) => Value | undefined;
}
