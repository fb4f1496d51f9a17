/** Gives symbolic axes their sizes: `batch` becomes 32 everywhere, and what was computed from sizes becomes constant. */
import { ModelError } from '../errors';
import { type HostTensor, hostTensor } from '../tensor/host-tensor';
import { type Dim, isStatic, multiplyDims } from '../tensor/shape';
import { createBuilder } from './builder';
import { removeDeadNodes } from './dead-nodes';
import { type Graph, type GraphNode, type TensorType, Value, withInputs } from './ir';

/** Sizes by symbol. */
export type SymbolSizes = Readonly<Record<string, number>>;

/**
 * The graph for fixed sizes: all types are inferred anew, and nodes whose elements are then known (Shape, and what is computed from it)
 * become constants; what then is unused goes. Symbols not named stay.
 * @throws ModelError `usage/bad-argument` for a symbol that no input has, `graph/shape-mismatch` when a size does not fit.
 */
export function bindSymbols(graph: Graph, sizes: SymbolSizes): Graph {
  refuseUnknown(graph, sizes);
  const renewed = new Map<Value, Value>();
  const inputs = graph.inputs.map((input) => {
    const bound = bindValue(input, sizes);
    renewed.set(input, bound);
    return bound;
  });
  const g = createBuilder({ ...graph, inputs, nodes: [], outputs: [] }, graph.nodes);
  const current = (value: Value): Value => renewed.get(value) ?? value;
  for (const old of graph.nodes) {
    const node = withInputs(old, current);
    const bound = { ...node, outputs: node.outputs.map((output) => output && bindValue(output, sizes)) };
    const known = knownResult(g.typesOf(bound), bound);
    const results = known ? [g.constant(known, old.name === '' ? 'size' : old.name)] : g.renew(bound);
    old.outputs.forEach((output, index) => {
      const result = results[index];
      if (output && result) renewed.set(output, result);
    });
  }
  for (const { name, value } of graph.outputs) g.output(name, current(value));
  return removeDeadNodes(g.build(graph.name));
}

function refuseUnknown(graph: Graph, sizes: SymbolSizes): void {
  const dims = graph.inputs.flatMap((input) => (input.type ? input.shape : []));
  const symbols = new Set(dims.flatMap((dim) => (typeof dim === 'string' ? dim.split('*') : [])));
  for (const [symbol, size] of Object.entries(sizes)) {
    if (symbols.has(symbol) && Number.isSafeInteger(size) && size >= 0) continue;
    const known = [...symbols].join(', ');
    throw new ModelError(
      'usage/bad-argument',
      `"${symbol}" cannot be ${size}. The symbols of the inputs are: ${known}.`,
    );
  }
}

function bindValue(value: Value, sizes: SymbolSizes): Value {
  if (!value.type) return value;
  const bind = (dim: Dim): Dim => bindDim(dim, sizes);
  const { dtype, shape, elements } = value.type;
  const type = { dtype, shape: shape.map(bind), ...(elements && { elements: elements.map(bind) }) };
  return new Value(value.name, type, value.declared);
}

/** `4*batch*T` with batch = 2 is `8*T`. */
function bindDim(dim: Dim, sizes: SymbolSizes): Dim {
  if (typeof dim === 'number') return dim;
  return dim
    .split('*')
    .map((part) => sizes[part] ?? (/^\d+$/.test(part) ? Number(part) : part))
    .reduce(multiplyDims, 1);
}

/** The only result as a tensor, where inference knows all its elements. */
function knownResult([type]: readonly (TensorType | undefined)[], node: GraphNode): HostTensor | undefined {
  if (!type?.elements || !isStatic(type.elements) || !isStatic(type.shape) || node.outputs.length !== 1)
    return undefined;
  const { dtype, shape, elements } = type;
  if (dtype === 'int64') return hostTensor(dtype, shape, BigInt64Array.from(elements, BigInt));
  return dtype === 'int32' ? hostTensor(dtype, shape, Int32Array.from(elements)) : undefined;
}
