/** What ONNX Runtime 1.30 computes wrongly or not at all on WebGPU: such nodes are computed on the CPU, inside the same session. */
import { readFileSync } from 'node:fs';
import { decodeModel } from '../graph/decode';
import { decodeGraph } from '../graph/decode-graph';
import type { GraphNode } from '../graph/ir';
import { contradictoryDims, type Dim, type Shape, unknownDim } from '../tensor/shape';

/** One defect. webgpu.test shows that each is still there, and that nothing else differs from the CPU. */
export interface WebGpuGap {
  readonly op: string;
  /** What happens, in the runtime's words where it has any. */
  readonly what: string;
  /** The nodes concerned. */
  readonly when: (node: GraphNode) => boolean;
}

const always = (): boolean => true;
const is3d = ({ inputs: [, weight] }: GraphNode): boolean => (weight?.type?.shape.length ?? 0) > 4;
const equationOf = ({ attributes: { equation } }: GraphNode): string => (typeof equation === 'string' ? equation : '');
const hasEllipsis = (node: GraphNode): boolean => equationOf(node).includes('...');

/** All that is known; an upgrade of the runtime that mends one makes webgpu.test fail. */
export const webGpuGaps: readonly WebGpuGap[] = [
  { op: 'MaxPool', what: 'The Indices output is not supported yet.', when: ({ outputs }) => outputs[1] !== undefined },
  { op: 'MaxPool', what: 'Using column major storage_order is not supported yet.', when: ({ attributes }) => attributes['storage_order'] === 1 }, // prettier-ignore
  { op: 'Conv', what: 'Wrong numbers for 6, 9, 15, ... input channels and a multiple of 4 output channels.', when: hasThrees }, // prettier-ignore
  { op: 'ConvTranspose', what: 'Only Conv2d or Conv1d are supported.', when: is3d },
  { op: 'ConvTranspose', what: 'Wrong numbers for groups with one output channel and several input channels each.', when: hasOneOfMany }, // prettier-ignore
  { op: 'Slice', what: 'Wrong numbers for steps below -1.', when: ({ inputs }) => !stepsOver(inputs[4]?.type?.elements, inputs[4] !== undefined) }, // prettier-ignore
  { op: 'InstanceNormalization', what: 'All nodes of one shape in a process compute with the epsilon of the first.', when: always }, // prettier-ignore
  { op: 'LayerNormalization', what: 'Size of scale and bias (if provided) must match this.', when: broadcastsScale },
  { op: 'Einsum', what: 'Ellipsis dimensions mismatch; raw_hash_map<>::at', when: hasEllipsis },
  { op: 'Einsum', what: 'Zeros where an index has size 1 in one operand only.', when: repeatsAxis },
];

/** Whether a Slice's steps are all known and none lies below -1. */
function stepsOver(steps: readonly (number | string)[] | undefined, isGiven: boolean): boolean {
  if (!isGiven) return true;
  return steps?.every((step) => typeof step === 'number' && step >= -1) ?? false;
}

/** Whether an Einsum's index has two sizes, of which one is 1. */
function repeatsAxis(node: GraphNode): boolean {
  const terms = equationOf(node).replaceAll(' ', '').split('->')[0]?.split(',') ?? [];
  const sizes = new Map<string, Dim>();
  return terms.some((term, operand) =>
    Array.from(term).some((index, axis) => {
      const size = node.inputs[operand]?.type?.shape[axis] ?? unknownDim;
      const known = sizes.get(index) ?? size;
      sizes.set(index, size);
      return contradictoryDims(known, size);
    }),
  );
}

/** Whether a convolution reads its channels three by three, and more than once. */
function hasThrees({ inputs: [, weight] }: GraphNode): boolean {
  const [out, into] = weight?.type?.shape ?? [];
  if (typeof out !== 'number' || typeof into !== 'number') return false;
  return into > 3 && into % 3 === 0 && into % 4 !== 0 && out % 4 === 0;
}

/** Whether a transposed convolution's groups have one output channel and several input channels each. */
function hasOneOfMany({ inputs: [, weight], attributes }: GraphNode): boolean {
  const group = attributes['group'];
  const [channels, each] = weight?.type?.shape ?? [];
  return typeof group === 'number' && group > 1 && each === 1 && channels !== group;
}

/** Whether a LayerNormalization's scale has fewer numbers than a normalised row. */
function broadcastsScale({ inputs: [x, scale], attributes }: GraphNode): boolean {
  if (!x?.type || !scale?.type) return false;
  const axis = typeof attributes['axis'] === 'number' ? attributes['axis'] : -1;
  const row = x.shape.slice(axis);
  return scale.rank !== row.length || contradict(scale.shape, row);
}

function contradict(a: Shape, b: Shape): boolean {
  return a.some((size, axis) => contradictoryDims(size, b[axis] ?? size));
}

/** The names of a model's nodes that WebGPU must leave to the CPU; nodes without a name and those inside If, Loop and Scan are not found. */
export function nodesForCpu(source: string | Uint8Array): string[] {
  const bytes = typeof source === 'string' ? readFileSync(source) : source;
  return decodeGraph(decodeModel(bytes))
    .nodes.filter((node) => webGpuGaps.some(({ op, when }) => op === node.op && node.domain === '' && when(node)))
    .map(({ name }) => name)
    .filter((name) => name !== '');
}
