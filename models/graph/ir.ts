/** The graph in memory: values with types, nodes in an order that can be executed, constants. See decode-graph and encode-graph for files. */
import { ModelError } from '../errors';
import type { DType } from '../tensor/dtype';
import type { HostTensor } from '../tensor/host-tensor';
import { type Dim, isStatic, type Shape, shapeText } from '../tensor/shape';
import type { AttributeProto, FunctionProto, TensorProto } from './proto/onnx_pb';

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
  /** Reverse mode does not look behind this node. */
  readonly stopsGradient?: boolean;
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
}

/** The node's inputs that are there. */
export function presentInputs(node: GraphNode): Value[] {
  return node.inputs.filter((value) => value !== undefined);
}

/** The node's outputs that are there. */
export function presentOutputs(node: GraphNode): Value[] {
  return node.outputs.filter((value) => value !== undefined);
}
