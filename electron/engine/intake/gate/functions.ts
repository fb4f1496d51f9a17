/** Local functions of a model: how deep they call each other, and how many nodes they become when written out. */
import { AppError } from '../../../contract/errors';
import { isReservedDomain } from './operators';

/** A local function: its domain, and for each node of its body the key of the function called, or '' for an operator. */
export interface Callable {
  readonly domain: string;
  readonly calls: readonly string[];
}

/**
 * Number of nodes once every call is written out. Throws `model/too-deep` for chains beyond `maxDepth` and for functions that call
 * themselves, `model/too-many-nodes` beyond `maxNodes`, `model/operator-refused` for functions that take a reserved domain.
 */
export function checkFunctions(
  functions: ReadonlyMap<string, Callable>,
  calls: readonly string[],
  maxDepth: number,
  maxNodes: number,
): number {
  const sizes = new Map<string, { nodes: number; depth: number }>();

  const tooDeep = (): AppError =>
    new AppError('model/too-deep', `The model's functions call each other more than ${maxDepth} levels deep.`, {
      limit: maxDepth,
    });

  /** `level` bounds the recursion itself (a cycle never comes back), `depth` the chain as a whole, remembered parts included. */
  const measure = (body: readonly string[], level: number): { nodes: number; depth: number } => {
    if (level > maxDepth) throw tooDeep();
    let nodes = 0;
    let depth = 0;
    for (const key of body) {
      const inner = key === '' ? { nodes: 1, depth: 0 } : sizeOf(key, level + 1);
      nodes += inner.nodes;
      if (key !== '') depth = Math.max(depth, inner.depth + 1);
      if (nodes > maxNodes) {
        throw new AppError('model/too-many-nodes', `The model has more than ${maxNodes} nodes.`, { limit: maxNodes });
      }
    }
    if (depth > maxDepth) throw tooDeep();
    return { nodes, depth };
  };

  const sizeOf = (key: string, level: number): { nodes: number; depth: number } => {
    let size = sizes.get(key);
    if (size === undefined) sizes.set(key, (size = measure(functions.get(key)?.calls ?? [], level)));
    return size;
  };

  for (const { domain } of functions.values()) {
    if (!isReservedDomain(domain)) continue;
    throw new AppError('model/operator-refused', `The model redefines operators of "${domain || 'ai.onnx'}".`, {
      domain,
    });
  }
  for (const key of functions.keys()) measure([key], 0);
  return measure(calls, 0).nodes;
}
