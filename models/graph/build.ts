/** Builds ONNX graphs in code: names values, collects nodes and initializers, gives back a model. No subgraphs. */
import { create } from '@bufbuild/protobuf';
import type { DType } from '../tensor/dtype';
import { type HostTensor, hostTensor } from '../tensor/host-tensor';
import type { AttributeValue } from './attributes';
import {
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  type ValueInfoProto,
} from './proto/onnx_pb';
import { toTensorProto } from './tensors';
import { type Axis, valueInfo } from './values';

/** Where the values of a node go and how it is called; everything has a default. */
export interface NodeOptions {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Names of the outputs; one fresh name when left out. */
  readonly outputs?: readonly string[];
}

/** What a model says of itself at its top. */
export interface ModelHead {
  readonly name: string;
  readonly producer: string;
  readonly opset: number;
  readonly irVersion: number;
}

/** Collects the parts of one graph; every method that makes a value returns its name. */
export class GraphBuilder {
  readonly nodes: NodeProto[] = [];
  readonly initializers: TensorProto[] = [];
  readonly inputs: ValueInfoProto[] = [];
  readonly outputs: ValueInfoProto[] = [];
  private readonly taken = new Set<string>();

  /** A name that starts with `stem` and is not in use yet. */
  fresh(stem: string): string {
    let name = stem;
    for (let n = 1; this.taken.has(name); n++) name = `${stem}_${n}`;
    this.taken.add(name);
    return name;
  }

  /** Keeps a name away from `fresh`, for values that come from elsewhere. */
  reserve(name: string): string {
    this.taken.add(name);
    return name;
  }

  /** Declares a graph input; returns its name. */
  input(name: string, dtype: DType, axes: readonly Axis[]): string {
    this.inputs.push(valueInfo(this.reserve(name), dtype, axes));
    return name;
  }

  /** Declares that the value `name` leaves the graph. */
  output(name: string, dtype: DType, axes: readonly Axis[]): void {
    this.outputs.push(valueInfo(name, dtype, axes));
  }

  /** Stores a constant tensor; returns its name. */
  constant(stem: string, value: HostTensor): string {
    const name = this.fresh(stem);
    this.initializers.push(toTensorProto(name, value));
    return name;
  }

  /** Stores float32 numbers, by default as a vector; [] makes a scalar. */
  floats(stem: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.constant(stem, hostTensor('float32', dims, Float32Array.from(values)));
  }

  /** Stores int64 numbers, by default as a vector; [] makes a scalar. */
  ints(stem: string, values: readonly number[], dims: readonly number[] = [values.length]): string {
    return this.constant(stem, hostTensor('int64', dims, BigInt64Array.from(values.map(BigInt))));
  }

  /** Adds a node of the standard operator set and returns the name of its first output. */
  node(op: string, inputs: readonly string[], options: NodeOptions = {}): string {
    const output = options.outputs?.map((name) => this.reserve(name)) ?? [this.fresh(op.toLowerCase())];
    const attribute = Object.entries(options.attributes ?? {}).map(([name, value]) => value(name));
    const [first = ''] = output;
    this.nodes.push(
      create(NodeProtoSchema, { opType: op, name: `${first}/${op}`, input: [...inputs], output, attribute }),
    );
    return first;
  }

  /** The finished model. */
  model(head: ModelHead): ModelProto {
    const graph = create(GraphProtoSchema, { name: head.name });
    graph.node = this.nodes;
    graph.initializer = this.initializers;
    graph.input = this.inputs;
    graph.output = this.outputs;
    return create(ModelProtoSchema, {
      irVersion: BigInt(head.irVersion),
      producerName: head.producer,
      opsetImport: [{ domain: '', version: BigInt(head.opset) }],
      graph,
    });
  }
}
