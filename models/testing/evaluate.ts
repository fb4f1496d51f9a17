/** Builds a small graph and runs it once, for tests. */
import type { Builder } from '../graph/builder-type';
import { createBuilder } from '../graph/builder';
import { encodeModel } from '../graph/encode';
import { encodeGraph } from '../graph/encode-graph';
import { lowerComposites } from '../graph/lower-composites';
import { removeDeadNodes } from '../graph/dead-nodes';
import type { Value } from '../graph/ir';
import { createSession } from '../runtime/session';
import type { HostTensor } from '../tensor/host-tensor';

/** Adds nodes for the named inputs; what it returns leaves the graph under the given names. */
export type Construction = (g: Builder, inputs: Readonly<Record<string, Value>>) => Readonly<Record<string, Value>>;

/** A graph that can be run many times, and must be disposed. */
export interface Evaluator {
  run(feeds: Readonly<Record<string, HostTensor>>): Promise<Record<string, HostTensor>>;
  dispose(): Promise<void>;
}

/** Makes the graph with inputs shaped like `inputs`, without dead nodes, in standard operators. */
export async function evaluator(
  inputs: Readonly<Record<string, HostTensor>>,
  construct: Construction,
): Promise<Evaluator> {
  const g = createBuilder();
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, tensor]) => [name, g.input(name, tensor.dtype, tensor.dims)]),
  );
  for (const [name, value] of Object.entries(construct(g, values))) g.output(name, value);
  const graph = lowerComposites(removeDeadNodes(g.build('test')));
  return createSession(encodeModel(encodeGraph(graph)), { threads: 1 });
}

/** Runs the graph once. Every result is checked against the type that inference promised. */
export async function evaluate(
  inputs: Readonly<Record<string, HostTensor>>,
  construct: Construction,
): Promise<Record<string, HostTensor>> {
  const promised = new Map<string, Value>();
  const session = await evaluator(inputs, (g, values) => {
    const results = construct(g, values);
    for (const [name, value] of Object.entries(results)) promised.set(name, value);
    return results;
  });
  try {
    const results = await session.run(inputs);
    for (const [name, { dtype, dims }] of Object.entries(results)) {
      const type = promised.get(name);
      const fits = type?.dtype === dtype && type.rank === dims.length && type.shape.every((dim, k) => typeof dim === 'string' || dim === dims[k]); // prettier-ignore
      if (!fits) throw new Error(`"${name}" is ${dtype} [${dims.join()}], inference said ${type?.dtype} [${type?.shape.join()}].`); // prettier-ignore
    }
    return results;
  } finally {
    await session.dispose();
  }
}
