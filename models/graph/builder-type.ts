/** The builder's face: one typed method an operator, made from the signatures, and the few verbs that are not operators. */
import type { DType } from '../tensor/dtype';
import type { HostTensor } from '../tensor/host-tensor';
import type { Shape } from '../tensor/shape';
import type { Attributes, Graph, GraphNode, TensorType, Value } from './ir';
import type { AttributesOf, InputsOf, OpName, Operand, OutputsOf } from './signatures';

/** Every input in place; optional ones may still be undefined. */
type Full<I extends readonly unknown[], F extends readonly unknown[] = Required<I>> = {
  [K in keyof F]: K extends keyof I ? (undefined extends I[K] ? F[K] | undefined : F[K]) : F[K];
};

/** The ways to write a call's inputs: optional ones at the end may be left out. */
type Forms<I extends readonly unknown[], F extends readonly unknown[] = Full<I>> = F['length'] extends I['length']
  ? F | (F extends readonly [...infer Shorter, unknown] ? Forms<I, Shorter> : never)
  : never;

/** Inputs, then the attributes as one object where there are any. */
type Arguments<I extends readonly unknown[], A> = I | [...I, A];

/** `g.Conv(x, w, bias, { pads: [1, 1, 1, 1] })`: one method an operator, named as ONNX names it. */
export type OperatorMethods = {
  readonly [O in OpName]: (...call: Arguments<Forms<InputsOf<O>>, AttributesOf<O>>) => OutputsOf<O>;
};

/** How a node is added when the typed methods do not fit: operators read from files, optional outputs. */
export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly (Operand | undefined)[];
  readonly attributes?: Attributes;
  /** How many outputs; by default as many as inference gives for operators with several, else one. */
  readonly outputCount?: number;
  /** Types of the results, for what inference does not know: unknown operators, and forms of the graph's older operator set. */
  readonly types?: readonly (TensorType | undefined)[];
  readonly stopsGradient?: boolean;
}

/** Adds inputs, constants, nodes and outputs to one graph. */
export interface BuilderVerbs {
  /** Version of the standard operator set that the graph uses. */
  readonly opset: number;
  /** Declares a graph input. Names must be new. */
  input(name: string, dtype: DType, shape: Shape): Value;
  /** Stores a constant; equal short constants are stored once. */
  constant(tensor: HostTensor, name?: string): Value;
  /** float32 numbers, by default as a vector; [] makes a scalar. */
  floats(values: readonly number[], dims?: readonly number[]): Value;
  /** int64 numbers, by default as a vector; [] makes a scalar. */
  ints(values: readonly number[], dims?: readonly number[]): Value;
  /** A number as a scalar of the same element type as `like`. */
  scalarLike(like: Value, value: number): Value;
  /** A tensor of the type and shape of `like`, filled with one number. */
  fullLike(like: Value, value: number): Value;
  /** The shape as int64 vector: a constant when every size is known, else a Shape node. */
  shapeOf(value: Value): Value;
  /** The same value, through which no gradient flows. */
  stopGradient(value: Value): Value;
  /** Declares that a value leaves the graph under a name. */
  output(name: string, value: Value): void;
  /** Adds any node; returns its outputs. */
  node(spec: NodeSpec): readonly Value[];
  /** Adds a finished node as it is, results and names included; returns its outputs. */
  keep(node: GraphNode): readonly (Value | undefined)[];
  /** Adds a node again: results of the same names, types inferred anew, the old ones where inference has nothing to say. */
  renew(node: GraphNode): readonly (Value | undefined)[];
  /** Types of the node's results for its present inputs; [] where inference has nothing to say, as it had not before. */
  typesOf(node: GraphNode): readonly (TensorType | undefined)[];
  /** Runs `body` with a prefix before the names of nodes: `encoder/`. */
  scope<T>(name: string, body: () => T): T;
  /** The elements of a short integer constant, as inference knows them; undefined when they are not known numbers. */
  integersOf(value: Value | undefined): readonly number[] | undefined;
  /** Nodes so far, in order. */
  readonly nodes: readonly GraphNode[];
  /** The node that made a value; undefined for inputs and constants. */
  producer(value: Value): GraphNode | undefined;
  /** The finished graph, verified. */
  build(name: string): Graph;
}

/** A graph under construction. */
export type Builder = BuilderVerbs & OperatorMethods;
