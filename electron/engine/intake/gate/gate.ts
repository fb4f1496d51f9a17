/** The gate: decides from the bytes alone whether a stranger's model may be decoded at all and shown to the quarantine. */
import { AppError } from '../../../contract/errors';
import { ModelProtoSchema } from '../../../../models/graph/proto/onnx_pb';
import { checkFunctions, type Callable } from './functions';
import { looksLike } from './looks-like';
import { fieldOf, type Message, numberOf, readMessageTree, textOf } from './message-tree';
import { isAllowedOperator, operatorName } from './operators';
import { checkTensor, elementsOf } from './tensors';

/** Bounds of what is let in. */
export interface GateLimits {
  readonly maxBytes: number;
  readonly maxNodes: number;
  readonly maxSubgraphs: number;
  readonly maxFunctionDepth: number;
  readonly maxNesting: number;
  readonly maxParts: number;
  /** Numbers in one tensor, also when a sparse one is spread out. */
  readonly maxElements: number;
}

/** protobuf itself ends at 2 GiB; the others are far above every published image classifier. */
export const gateLimits: GateLimits = {
  maxBytes: 2 ** 31 - 1,
  maxNodes: 20_000,
  maxSubgraphs: 32,
  maxFunctionDepth: 64,
  maxNesting: 64,
  maxParts: 2_000_000,
  maxElements: 2 ** 29,
};

/** What the gate saw of a model that it let in. */
export interface GateReport {
  readonly bytes: number;
  /** With local functions written out. */
  readonly nodes: number;
  readonly subgraphs: number;
  readonly functions: number;
  /** Names in use, sorted; those outside the standard carry their domain. */
  readonly operators: string[];
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly limits: GateLimits;
  readonly functions: ReadonlySet<string>;
  readonly operators: Set<string>;
  subgraphs: number;
}

/**
 * Walks the file once. Throws AppError: `model/not-onnx` with what it looks like instead, `model/too-large`, `model/damaged`,
 * `model/too-deep`, `model/too-many-nodes`, `model/impossible-size`, `model/external-data`, `model/operator-refused`.
 */
export function gateModel(bytes: Uint8Array, limits: GateLimits = gateLimits): GateReport {
  if (bytes.byteLength > limits.maxBytes) throw tooLarge(bytes.byteLength, limits.maxBytes);
  const other = looksLike(bytes);
  if (other !== undefined) throw new AppError('model/not-onnx', `This is not an ONNX model. It looks like ${other}.`);
  const model = readModel(bytes, limits);
  const functions = fieldOf(model, 'functions').messages;
  const keys = new Set(functions.map((message) => functionKey(bytes, message, 'name')));
  const walk: Walk = { bytes, limits, functions: keys, operators: new Set(), subgraphs: 0 };
  const callables = new Map<string, Callable>();
  for (const message of functions) {
    const key = functionKey(bytes, message, 'name');
    if (callables.has(key)) throw new AppError('model/damaged', 'The model defines a function twice.');
    callables.set(key, { domain: textOf(bytes, message, 'domain'), calls: bodyCalls(walk, message) });
    fieldOf(message, 'attribute_proto').messages.forEach((attribute) => attributeCalls(walk, attribute));
  }
  const training = fieldOf(model, 'training_info').messages.flatMap((info) =>
    [...fieldOf(info, 'initialization').messages, ...fieldOf(info, 'algorithm').messages].flatMap((g) =>
      graphCalls(walk, g),
    ),
  );
  const [graph] = fieldOf(model, 'graph').messages;
  const calls = [...(graph ? graphCalls(walk, graph) : []), ...training];
  const nodes = checkFunctions(callables, calls, limits.maxFunctionDepth, limits.maxNodes);
  return {
    bytes: bytes.byteLength,
    nodes,
    subgraphs: walk.subgraphs,
    functions: functions.length,
    operators: [...walk.operators].sort(),
  };
}

/** The sentence for a file beyond the limit; readers call it before they read. */
export function tooLarge(bytes: number, limit: number): AppError {
  const text = `The file has ${Math.ceil(bytes / 1e6)} MB; models up to ${Math.floor(limit / 1e6)} MB can be imported.`;
  return new AppError('model/too-large', text, { bytes, limit });
}

/** A file that does not even begin like a model is called something else than one that breaks later. */
function readModel(bytes: Uint8Array, limits: GateLimits): Message {
  const beginsLikeModel = bytes[0] === 0x08 && (bytes[1] ?? 0) >= 1 && (bytes[1] ?? 0) <= 64;
  try {
    const model = readMessageTree(bytes, ModelProtoSchema, limits);
    const isModel = numberOf(model, 'ir_version') >= 1 && fieldOf(model, 'opset_import').count > 0;
    if (isModel && fieldOf(model, 'graph').count > 0) return model;
  } catch (error) {
    if (beginsLikeModel || !(error instanceof AppError) || error.code !== 'model/damaged') throw error;
  }
  throw new AppError(
    'model/not-onnx',
    'This is not an ONNX model: it has no version, operator set or graph where a model has them.',
  );
}

function functionKey(bytes: Uint8Array, message: Message, nameField: 'name' | 'op_type'): string {
  return [textOf(bytes, message, 'domain'), textOf(bytes, message, nameField), textOf(bytes, message, 'overload')].join(
    '\n',
  );
}

/** Every node below a graph as the key of what it calls: '' for an operator, else the local function's. */
function graphCalls(walk: Walk, graph: Message): string[] {
  fieldOf(graph, 'initializer').messages.forEach((tensor) => checkTensor(walk.bytes, tensor, walk.limits.maxElements));
  fieldOf(graph, 'sparse_initializer').messages.forEach((sparse) => checkSparse(walk, sparse));
  return bodyCalls(walk, graph);
}

function bodyCalls(walk: Walk, body: Message): string[] {
  const calls: string[] = [];
  for (const node of fieldOf(body, 'node').messages) {
    calls.push(callOf(walk, node));
    for (const attribute of fieldOf(node, 'attribute').messages) calls.push(...attributeCalls(walk, attribute));
  }
  return calls;
}

function callOf(walk: Walk, node: Message): string {
  const domain = textOf(walk.bytes, node, 'domain');
  const name = textOf(walk.bytes, node, 'op_type');
  const key = functionKey(walk.bytes, node, 'op_type');
  const shown = operatorName(domain, name);
  if (walk.functions.has(key)) return key;
  if (!isAllowedOperator(domain, name)) {
    throw new AppError('model/operator-refused', `The model uses the operator ${shown}, which Duet does not run.`, {
      operator: shown,
    });
  }
  walk.operators.add(shown);
  return '';
}

function attributeCalls(walk: Walk, attribute: Message): string[] {
  for (const field of ['t', 'tensors']) {
    fieldOf(attribute, field).messages.forEach((tensor) => checkTensor(walk.bytes, tensor, walk.limits.maxElements));
  }
  for (const field of ['sparse_tensor', 'sparse_tensors']) {
    fieldOf(attribute, field).messages.forEach((sparse) => checkSparse(walk, sparse));
  }
  const graphs = [...fieldOf(attribute, 'g').messages, ...fieldOf(attribute, 'graphs').messages];
  walk.subgraphs += graphs.length;
  if (walk.subgraphs > walk.limits.maxSubgraphs) {
    throw new AppError('model/too-many-nodes', `The model holds more than ${walk.limits.maxSubgraphs} nested graphs.`, {
      limit: walk.limits.maxSubgraphs,
    });
  }
  return graphs.flatMap((graph) => graphCalls(walk, graph));
}

/** A sparse tensor is spread out when it is loaded: its full shape counts. */
function checkSparse(walk: Walk, sparse: Message): void {
  const dims = fieldOf(sparse, 'dims');
  elementsOf('sparse', dims.numbers, dims.count, walk.limits.maxElements);
  for (const field of ['values', 'indices']) {
    fieldOf(sparse, field).messages.forEach((tensor) => checkTensor(walk.bytes, tensor, walk.limits.maxElements));
  }
}
