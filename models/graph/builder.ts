/** Builds a graph: every operator is a method, types are inferred as nodes are added, and errors name the line that added them. */
import { ModelError } from '../errors';
import type { DType } from '../tensor/dtype';
import { type HostTensor, hostTensor } from '../tensor/host-tensor';
import { isStatic, type Shape } from '../tensor/shape';
import { filledTensor } from '../tensor/filled-tensor';
import type { Builder, BuilderVerbs, NodeSpec, OperatorMethods } from './builder-type';
import { constantType } from './constant-type';
import { inferLeniently, inferTypes } from './infer';
import { type Graph, type GraphNode, type GraphOutput, presentOutputs, type TensorType, Value } from './ir';
import { changedSince } from './opset-changes';
import { findOperator, operatorNamed, operatorNames } from './ops/table';
import type { TensorProto } from './proto/onnx_pb';
import type { Operand } from './signatures';
import { graphsIn, ownNames } from './subgraphs';
import { toTensorProto } from './tensors';
import { verifyGraph } from './verify';

/** The operator set that Duet builds for. */
export const standardOpset = 21;
const sharedConstantBytes = 64;

/**
 * An empty graph to build in, or one that continues `start` (a decoded file, a forward pass that gets its gradient; only `opsets` for
 * nodes that shall stand in a file of another set). The names that `later` nodes give to their results are kept free for them.
 */
export function createBuilder(start: Partial<Graph> = {}, later: readonly GraphNode[] = []): Builder {
  const core = new BuilderCore(start, later);
  const methods: Record<string, (...call: readonly unknown[]) => Value | readonly Value[]> = {};
  for (const op of operatorNames) methods[op] = (...call) => core.call(op, call);
  const builder = Object.assign(core, methods);
  if (!hasEveryOperator(builder)) throw new Error('The operator table and the builder disagree.');
  return builder;
}

function hasEveryOperator(candidate: BuilderVerbs): candidate is BuilderVerbs & OperatorMethods {
  return operatorNames.every((op) => op in candidate);
}

class BuilderCore implements BuilderVerbs {
  readonly nodes: GraphNode[];
  private readonly inputs: Value[];
  private readonly outputs: GraphOutput[];
  private readonly constants: Map<Value, TensorProto>;
  private readonly taken = new Set<string>();
  private readonly shared = new Map<string, Value>();
  private readonly producers = new Map<Value, GraphNode>();
  private readonly opsets: Map<string, number>;
  private readonly rest: Pick<Graph, 'functions' | 'metadata'>;
  private prefix = '';

  constructor(start: Partial<Graph>, later: readonly GraphNode[]) {
    this.nodes = [...(start.nodes ?? [])];
    this.inputs = [...(start.inputs ?? [])];
    this.outputs = [...(start.outputs ?? [])];
    this.constants = new Map(start.constants);
    this.opsets = new Map(start.opsets ?? [['', standardOpset]]);
    this.rest = {
      ...(start.functions && { functions: start.functions }),
      ...(start.metadata && { metadata: start.metadata }),
    };
    for (const value of [...this.inputs, ...this.constants.keys()]) this.taken.add(value.name);
    for (const node of this.nodes) this.register(node);
    for (const node of later) this.reserve(node);
  }

  get opset(): number {
    return this.opsets.get('') ?? standardOpset;
  }

  input(name: string, dtype: DType, shape: Shape): Value {
    if (this.taken.has(name)) throw new ModelError('graph/invalid', `There is a value "${name}" already.`);
    const value = this.makeValue(name, { dtype, shape });
    this.inputs.push(value);
    return value;
  }

  constant(tensor: HostTensor, name = 'constant'): Value {
    const proto = toTensorProto('', tensor);
    const isShared =
      name === 'constant' && tensor.dtype !== 'string' && proto.rawData.byteLength <= sharedConstantBytes;
    const key = isShared ? `${tensor.dtype} ${tensor.dims.join()} ${proto.rawData.join()}` : '';
    const existing = this.shared.get(key);
    if (existing) return existing;
    const value = this.makeValue(name, constantType(tensor));
    this.constants.set(value, proto);
    if (isShared) this.shared.set(key, value);
    return value;
  }

  floats(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    return this.constant(hostTensor('float32', dims, Float32Array.from(values)));
  }

  ints(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    return this.constant(hostTensor('int64', dims, BigInt64Array.from(values, BigInt)));
  }

  scalarLike(like: Value, value: number): Value {
    return this.constant(filledTensor(like.dtype, [], value));
  }

  fullLike(like: Value, value: number): Value {
    const scalar = this.scalarLike(like, value);
    if (like.rank === 0) return scalar;
    return this.first({ op: 'Expand', inputs: [scalar, this.shapeOf(like)] });
  }

  shapeOf(value: Value): Value {
    return isStatic(value.shape) ? this.ints(value.shape) : this.first({ op: 'Shape', inputs: [value] });
  }

  stopGradient(value: Value): Value {
    return this.first({ op: 'Identity', inputs: [value], stopsGradient: true });
  }

  output(name: string, value: Value): void {
    if (this.outputs.some((output) => output.name === name)) {
      throw new ModelError('graph/invalid', `There is an output "${name}" already.`);
    }
    this.outputs.push({ name, value });
  }

  node(spec: NodeSpec): readonly Value[] {
    const domain = spec.domain ?? '';
    const operator = findOperator(domain, spec.op);
    if (!spec.types && !this.isCurrent({ op: spec.op, domain })) {
      throw new ModelError(
        'graph/invalid',
        `${spec.op} had another form in the graph's operator set. Upgrade the graph first.`,
      );
    }
    const like = spec.inputs.find((operand) => operand instanceof Value);
    const inputs = spec.inputs.map((operand) => (operand === undefined ? undefined : this.lift(operand, like)));
    while (inputs.length > 0 && inputs.at(-1) === undefined) inputs.pop();
    const attributes = spec.attributes ?? {};
    const wanted = spec.outputCount ?? spec.types?.length;
    const types = spec.types ?? inferTypes({ op: spec.op, domain, inputs, attributes, outputCount: wanted ?? 1 });
    const count = wanted ?? (operator?.hasSeveralOutputs === true ? types.length : 1);
    const name = this.fresh(spec.op.toLowerCase());
    const outputs = Array.from({ length: count }, (_, index) => {
      return new Value(index === 0 ? name : this.fresh(`${name}.${index}`, false), types[index]);
    });
    const stops = spec.stopsGradient === true ? { stopsGradient: true } : {};
    const node: GraphNode = { op: spec.op, domain, name, inputs, outputs, attributes, ...stops };
    if (domain !== '' && !this.opsets.has(domain)) this.opsets.set(domain, 1);
    this.nodes.push(node);
    this.register(node);
    return outputs;
  }

  keep(node: GraphNode): readonly (Value | undefined)[] {
    this.nodes.push(node);
    this.register(node);
    return node.outputs;
  }

  renew(node: GraphNode): readonly (Value | undefined)[] {
    const types = this.typesOf(node);
    const outputs = node.outputs.map((old, index) => {
      const type = types[index];
      return old && (type ? new Value(old.name, type) : new Value(old.name, old.type, old.declared));
    });
    return this.keep({ ...node, outputs });
  }

  typesOf(node: GraphNode): readonly (TensorType | undefined)[] {
    if (!this.isCurrent(node)) return [];
    const call = { ...node, outputCount: node.outputs.length };
    const wasInferred = presentOutputs(node).every((output) => output.type && !output.declared);
    return wasInferred ? inferTypes(call) : inferLeniently(call);
  }

  /** What the operator methods do: attributes are the last argument when it is an object that is no operand. */
  call(op: string, call: readonly unknown[]): Value | readonly Value[] {
    const operator = operatorNamed(op);
    const last = call.at(-1);
    const attributes = isAttributes(last) ? last : {};
    const operands = isAttributes(last) ? call.slice(0, -1) : call;
    const outputs = this.node({
      op: operator?.opType ?? op,
      domain: operator?.domain ?? '',
      inputs: operands.map(asOperand),
      attributes,
    });
    const [first] = outputs;
    return operator?.hasSeveralOutputs === true || first === undefined ? outputs : first;
  }

  scope<T>(name: string, body: () => T): T {
    const outer = this.prefix;
    this.prefix = `${outer}${name}/`;
    try {
      return body();
    } finally {
      this.prefix = outer;
    }
  }

  integersOf(value: Value | undefined): readonly number[] | undefined {
    const elements = value?.type?.elements;
    return elements && isStatic(elements) ? elements : undefined;
  }

  producer(value: Value): GraphNode | undefined {
    return this.producers.get(value);
  }

  build(name: string): Graph {
    const graph: Graph = {
      ...this.rest,
      name,
      inputs: this.inputs,
      outputs: this.outputs,
      nodes: this.nodes,
      constants: this.constants,
      opsets: this.opsets,
    };
    verifyGraph(graph);
    return graph;
  }

  private isCurrent({ op, domain }: Pick<GraphNode, 'op' | 'domain'>): boolean {
    return !changedSince(domain, op, this.opsets.get(domain) ?? standardOpset);
  }

  private first(spec: NodeSpec): Value {
    const [value] = this.node({ ...spec, outputCount: 1 });
    if (value === undefined) throw new ModelError('graph/invalid', `${spec.op} gave no result.`);
    return value;
  }

  private lift(operand: Operand, like: Value | undefined): Value {
    if (operand instanceof Value) return operand;
    if (typeof operand !== 'number') return this.ints(operand);
    if (like === undefined) return this.constant(filledTensor('float32', [], operand));
    return this.scalarLike(like, operand);
  }

  private makeValue(stem: string, type: TensorType): Value {
    return new Value(this.fresh(stem, false), type);
  }

  private fresh(stem: string, isScoped = true): string {
    const base = isScoped ? this.prefix + stem : stem;
    let name = base;
    for (let n = 1; this.taken.has(name); n++) name = `${base}_${n}`;
    this.taken.add(name);
    return name;
  }

  private register(node: GraphNode): void {
    this.reserve(node);
    for (const value of presentOutputs(node)) this.producers.set(value, node);
  }

  private reserve(node: GraphNode): void {
    this.taken.add(node.name); // our nodes are called like their first result
    for (const value of presentOutputs(node)) this.taken.add(value.name);
    for (const name of graphsIn(node).flatMap(ownNames)) this.taken.add(name); // nested graphs share our names
  }
}

function isAttributes(argument: unknown): argument is Record<string, number> {
  return typeof argument === 'object' && argument !== null && !Array.isArray(argument) && !(argument instanceof Value);
}

function asOperand(argument: unknown): Operand | undefined {
  if (argument === undefined || typeof argument === 'number' || argument instanceof Value) return argument;
  if (Array.isArray(argument)) return argument.map(Number);
  throw new ModelError('usage/bad-argument', `An operator takes values, numbers and lists, not ${typeof argument}.`);
}
