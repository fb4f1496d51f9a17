/** Tensors as the scripts in golden/ write them: element type, sizes and elements in JSON. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { isDType } from '../tensor/dtype';
import { filledTensor } from '../tensor/filled-tensor';
import type { HostTensor } from '../tensor/host-tensor';

/** One tensor in JSON. */
export const storedTensor = z
  .object({ dtype: z.string().refine(isDType), dims: z.array(z.number()), data: z.array(z.number()) })
  .readonly();

/** One tensor in JSON, read. */
export type StoredTensor = z.infer<typeof storedTensor>;

/** What `golden/<name>.json` holds. */
export function readGolden<T>(name: string, schema: z.ZodType<T>): T {
  const path = join(import.meta.dirname, 'golden', `${name}.json`);
  return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
}

/** The tensor in memory; its numbers are rounded as the element type demands. */
export function hostTensorOf({ dtype, dims, data }: StoredTensor): HostTensor {
  const tensor = filledTensor(dtype, dims, 0);
  data.forEach((value, k) => {
    if (tensor.dtype === 'int64' || tensor.dtype === 'uint64') tensor.data[k] = BigInt(value);
    else if (tensor.dtype !== 'string') tensor.data[k] = value;
  });
  return tensor;
}
