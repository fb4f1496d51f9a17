/**
 * Gathering, scattering, ordering and constants against the onnx package's reference implementation: values, and the types that
 * inference promises, with every input fed and with every input a constant. Recipe: testing/golden/indexing.py.
 */
import { afterAll, expect, test } from 'vitest';
import * as z from 'zod';
import { liveSessions } from '../../runtime/session';
import { numbersOf } from '../../tensor/host-tensor';
import { evaluate } from '../../testing/evaluate';
import { hostTensorOf, readGolden, storedTensor } from '../../testing/stored-tensors';
import type { Builder } from '../builder-type';
import type { Value } from '../ir';

afterAll(() => expect(liveSessions()).toBe(0));

const attribute = z.union([z.number(), z.string(), z.array(z.number()), storedTensor.transform(hostTensorOf)]);
const goldenCase = z.object({
  op: z.string(),
  attributes: z.record(z.string(), attribute),
  inputs: z.array(storedTensor),
  outputs: z.array(storedTensor),
});
const cases = readGolden('indexing', z.array(goldenCase)).map((stored, k) => ({
  ...stored,
  name: `${k} ${stored.op} ${Object.keys(stored.attributes).join(' ')}`,
}));

test.each(cases)('$name', async ({ op, attributes, inputs, outputs }) => {
  const build = (g: Builder, values: readonly Value[]): Record<string, Value> => {
    const results = g.node({ op, inputs: values, attributes, outputCount: outputs.length });
    return Object.fromEntries(results.map((value, k) => [`y${k}`, value]));
  };
  const tensors = inputs.map(hostTensorOf);
  const fed = await evaluate(Object.fromEntries(tensors.map((tensor, k) => [`x${k}`, tensor])), (g, values) =>
    build(g, Object.values(values)),
  );
  let known: (readonly (number | string)[] | undefined)[] = [];
  const constant = await evaluate({}, (g) => {
    const results = build(g, tensors.map((tensor) => g.constant(tensor))); // prettier-ignore
    known = Object.values(results).map((value) => value.type?.elements);
    return results;
  });
  outputs.forEach((expected, k) => {
    for (const results of [fed, constant]) {
      const got = results[`y${k}`]!;
      expect([got.dtype, got.dims]).toEqual([expected.dtype, expected.dims]);
      const gaps = numbersOf(got).map((value, at) => Math.abs(value - expected.data[at]!));
      expect(Math.max(0, ...gaps)).toBeLessThan(1e-6);
    }
    if (known[k]) expect(known[k]).toEqual(expected.data);
  });
});
