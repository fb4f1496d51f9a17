/** What an operator is to this library: inference, gradient and documentation in one object; the tables in ops/ hold one each. */
import type { Builder } from './builder-type';
import type { TensorType, Value } from './ir';
import type { AttributesOf, InputsOf, OpName, Signatures } from './signatures';

/** How the schema stores an attribute. */
export type AttributeKind = 'int' | 'float' | 'string' | 'ints' | 'floats' | 'strings' | 'tensor';

/** The inputs of a call once every operand has become a value; optional ones may be undefined. */
export type Values<Inputs extends readonly unknown[]> = {
  readonly [K in keyof Inputs]: undefined extends Inputs[K] ? Value | undefined : Value;
};

/** What inference is given. */
export interface InferCall<O extends OpName> {
  readonly inputs: Values<InputsOf<O>>;
  readonly attributes: AttributesOf<O>;
  /** How many outputs the node has (some operators have optional ones). */
  readonly outputCount: number;
  /** Stops with an error that names operator, inputs and their shapes. `code` is a shape mismatch unless said otherwise. */
  fail(expected: string, code?: 'graph/shape-mismatch' | 'graph/type-mismatch'): never;
}

/** What a gradient rule is given. It adds nodes through `g` and returns one cotangent an input. */
export interface VjpCall<O extends OpName> {
  readonly g: Builder;
  readonly inputs: Values<InputsOf<O>>;
  /** Results of the node; `y` is the first. */
  readonly outputs: readonly (Value | undefined)[];
  readonly y: Value;
  readonly attributes: AttributesOf<O>;
  /** Cotangents of the results, undefined where nothing depends on one; `dy` is the first, zeros in place of undefined. */
  readonly cotangents: readonly (Value | undefined)[];
  readonly dy: Value;
}

/** What a decomposition is given: the node's parts, and where to write the nodes that replace it. */
export interface DecomposeCall<O extends OpName> {
  readonly g: Builder;
  readonly inputs: Values<InputsOf<O>>;
  readonly attributes: AttributesOf<O>;
}

/** Cotangents in the order of the inputs; undefined (or left out at the end) where none flows. */
export type Cotangents = readonly (Value | undefined)[];

/** A gradient rule; 'missing' where this call has none. Written as a method, so that the table can hold rules for calls of every shape. */
export type VjpRule<O extends OpName> = { rule(call: VjpCall<O>): Cotangents | 'missing' }['rule'];

/** Whether the builder hands out all results of the operator, as its signature says. */
type Several<O extends OpName> = Signatures[O] extends { outputs: 'many' }
  ? { readonly hasSeveralOutputs: true }
  : { readonly hasSeveralOutputs?: never };

/** One operator. */
export type Operator<O extends OpName> = OperatorFacts<O> & Several<O>;

interface OperatorFacts<O extends OpName> {
  /** '' unless said otherwise. `duet` operators exist between differentiation and lowering only, never in a file. */
  readonly domain?: string;
  /** The operator's type in files where the table's key differs from it. */
  readonly opType?: string;
  /** What it computes, shapes with axes, and the source where it is not the ONNX operator documentation. */
  readonly docs: string;
  readonly attributes: { readonly [K in keyof Required<AttributesOf<O>>]: AttributeKind };
  /** Types of the outputs. May also give `elements` where the output is a short list of sizes. */
  infer(call: InferCall<O>): TensorType | readonly TensorType[];
  /** The gradient rule; 'zero' where the derivative is zero wherever it exists or the results are no real numbers; 'missing' stops reverse mode with an error. */
  readonly vjp: VjpRule<O> | 'zero' | 'missing';
  /** How a `duet` operator is written with standard ones, or a standard one with others that compute it better; undefined where the node stays. */
  decompose?(call: DecomposeCall<O>): readonly Value[] | undefined;
}

/** The operators of one family, by name. */
export type Family<O extends OpName> = { readonly [K in O]: Operator<K> };
