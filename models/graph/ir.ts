/** The graph in memory: values with types, nodes in an order that can be executed, constants. See decode-graph and encode-graph for files. */
import { ModelError } from '../errors';
import type { DType } from '../tensor/dtype';
import type { HostTensor } from '../tensor/host-tensor';
import { type Dim, isStatic, type Shape, shapeText } from '../tensor/shape';
import type { AttributeProto, FunctionProto, TensorProto, ValueInfoProto } from './proto/onnx_pb';

/** What inference knows of a value. */
export interface TensorType {
  readonly dtype: DType;
  readonly shape: Shape;
  /** The elements of a short integer tensor of rank 0 or 1 that holds sizes, axes or indices, or of a vector of scales, where they are known. */
  readonly elements?: readonly Dim[];
}

/** One result of a node, graph input or constant. Compared by identity; the name is unique within its graph. */
export class Value {
  constructor(
    readonly name: string,
    /** Undefined behind an operator that Duet cannot infer, which only decoded files contain. */
    readonly type: TensorType | undefined,
    /** What the file said of the value, where nothing was inferred: the source of `type`, and all there is for sequences and optional values. */
    readonly declared?: ValueInfoProto,
  ) {}

  get dtype(): DType {
    return this.known().dtype;
  }

  get shape(): Shape {
    return this.known().shape;
  }

  get rank(): number {
    return this.known().shape.length;
  }

  /**
   * The shape when every axis has a size.
   * @throws ModelError `graph/unknown-shape` when an axis is a symbol; `bindSymbols` gives symbols their sizes.
   */
  get dims(): readonly number[] {
    const { shape } = this.known();
    if (isStatic(shape)) return shape;
    throw new ModelError(
      'graph/unknown-shape',
      `The sizes of "${this.name}" must be known here, its shape is ${shapeText(shape)}. Bind its symbols to numbers first.`,
    );
  }

  private known(): TensorType {
    if (this.type) return this.type;
    throw new ModelError('graph/unknown-shape', `Nothing is known of the type of "${this.name}".`);
  }
}

/** An attribute's value; a message where the schema has more than these (subgraphs, sparse tensors, integers beyond 2^53). */
export type AttributeValue = number | string | readonly number[] | readonly string[] | HostTensor | AttributeProto;

/** Attributes by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** One operator call. Inputs and outputs that the schema calls optional may be undefined. */
export interface GraphNode {
  readonly op: string;
  /** '' is the standard operator set. */
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly (Value | undefined)[];
  readonly attributes: Attributes;
  /** Values that the bodies of If, Loop and Scan use, beside the names they have there. */
  readonly captures?: readonly Capture[];
  /** Reverse mode does not look behind this node. */
  readonly stopsGradient?: boolean;
}

/** An outer value in a nested graph. The graph is a file message, so it refers to the value by name. */
export interface Capture {
  readonly name: string;
  readonly value: Value;
}

/** A value that leaves the graph, under the name that the caller of the graph uses. */
export interface GraphOutput {
  readonly name: string;
  readonly value: Value;
}

/** A whole graph. Nodes stand in an order in which every value is made before it is used. */
export interface Graph {
  readonly name: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly GraphOutput[];
  readonly nodes: readonly GraphNode[];
  /** Constants as file messages, so that large weights stay views over the file they came from. */
  readonly constants: ReadonlyMap<Value, TensorProto>;
  /** Version by domain; '' is the standard operator set. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Functions that a file brought along; kept as they are. */
  readonly functions?: readonly FunctionProto[];
  /** Texts that a file brought along, by key. */
  readonly metadata?: ReadonlyMap<string, string>;
}

/** All values that the node reads: its inputs that are there, and what its nested graphs use. */
export function presentInputs(node: GraphNode): Value[] {
  const inputs = node.inputs.filter((value) => value !== undefined);
  return node.captures ? [...inputs, ...node.captures.map(({ value }) => value)] : inputs;
}

/** The node reading other values, in its nested graphs too. */
export function withInputs(node: GraphNode, current: (value: Value) => Value): GraphNode {
  return {
    ...node,
    inputs: node.inputs.map((value) => value && current(value)),
    ...(node.captures && { captures: node.captures.map(({ name, value }) => ({ name, value: current(value) })) }),
  };
}

/** The node's outputs that are there. */
export function presentOutputs(node: GraphNode): Value[] {
  return node.outputs.filter((value) => value !== undefined);
}
