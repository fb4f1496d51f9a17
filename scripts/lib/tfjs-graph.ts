/** Reads a TensorFlow.js graph model: nodes in order, weights widened only where asked. */
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { halfToNumber } from '../../models/tensor/host-tensor';

const attributeSchema = z.looseObject({
  i: z.coerce.number().optional(),
  f: z.number().optional(),
  b: z.boolean().optional(),
  s: z.string().optional(),
  list: z.looseObject({ i: z.array(z.coerce.number()).default([]) }).optional(),
});
const nodeSchema = z.looseObject({
  name: z.string(),
  op: z.string(),
  input: z.array(z.string()).default([]),
  attr: z.record(z.string(), attributeSchema).default({}),
});
const weightSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: z.enum(['float32', 'int32']),
  quantization: z.looseObject({ dtype: z.literal('float16') }).optional(),
});
const modelSchema = z.looseObject({
  format: z.literal('graph-model'),
  modelTopology: z.looseObject({ node: z.array(nodeSchema) }),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSchema) })).length(1),
});

export type TfNode = z.infer<typeof nodeSchema>;

/** A stored weight: float16 bit patterns, float32 or int32. */
export interface TfWeight {
  readonly dims: readonly number[];
  readonly data: Uint16Array | Float32Array | Int32Array;
}

export interface TfGraph {
  readonly nodes: readonly TfNode[];
  readonly weights: ReadonlyMap<string, TfWeight>;
}

/** Reads model.json and its single weights file. */
export function readTfGraph(jsonPath: string, binPath: string): TfGraph {
  const model = modelSchema.parse(JSON.parse(readFileSync(jsonPath, 'utf8')));
  const bytes = new Uint8Array(readFileSync(binPath));
  const weights = new Map<string, TfWeight>();
  let at = 0;
  for (const weight of model.weightsManifest.flatMap((group) => group.weights)) {
    const length = weight.shape.reduce((a, b) => a * b, 1);
    const width = weight.quantization ? 2 : 4;
    const { buffer } = bytes.slice(at, at + length * width);
    at += length * width;
    const data = weight.quantization
      ? new Uint16Array(buffer)
      : weight.dtype === 'int32'
        ? new Int32Array(buffer)
        : new Float32Array(buffer);
    weights.set(weight.name, { dims: weight.shape, data });
  }
  if (at !== bytes.byteLength) throw new Error(`The weights file has ${bytes.byteLength} bytes, expected ${at}.`);
  return { nodes: model.modelTopology.node, weights };
}

/** A weight's numbers, float16 widened. */
export function weightNumbers(weight: TfWeight): number[] {
  return weight.data instanceof Uint16Array ? Array.from(weight.data, halfToNumber) : Array.from(weight.data);
}
