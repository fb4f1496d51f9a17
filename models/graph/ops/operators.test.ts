/** Forward results against onnx's ReferenceEvaluator (testing/golden/operators.py): builder, inference, encoding and runtime together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { liveSessions } from '../../runtime/session';
import { type DType, numericTypes } from '../../tensor/dtype';
import { elementCount, type HostTensor, numbersOf } from '../../tensor/host-tensor';
import { evaluate } from '../../testing/evaluate';
import type { Attributes } from '../ir';
import { activations } from './activations';
import { arithmetic } from './arithmetic';
import { comparisons } from './comparisons';
import { elementary } from './elementary';
import { layout } from './layout';
import { products } from './products';
import { reductions } from './reductions';
import { selection } from './selection';

interface Stored {
  readonly dtype: Exclude<DType, 'string'>;
  readonly dims: readonly number[];
  readonly data: readonly (number | string)[];
  readonly constant?: boolean;
}
interface Golden {
  readonly op: string;
  readonly attributes: Attributes;
  readonly inputs: readonly (Stored | null)[];
  readonly expected: readonly Stored[];
}

const path = join(__dirname, '../../testing/golden/operators.json');
const cases = JSON.parse(readFileSync(path, 'utf8')) as readonly Golden[];
const families = { ...activations, ...arithmetic, ...comparisons, ...elementary, ...layout, ...products, ...reductions, ...selection }; // prettier-ignore

afterAll(() => expect(liveSessions()).toBe(0));

function tensor({ dtype, dims, data }: Stored): HostTensor {
  const { view, bytes } = numericTypes[dtype];
  const values = view(new ArrayBuffer(elementCount(dims) * bytes), 0, elementCount(dims));
  data.forEach((value, k) => (values[k] = values instanceof BigInt64Array ? BigInt(value) : Number(value)));
  return { dtype, dims, data: values } as HostTensor;
}

const shapes = ({ inputs }: Golden): string =>
  inputs.map((input) => (input ? `[${input.dims.join()}]` : '-')).join(' ');

const covered = new Set(cases.map(({ op }) => op));
describe.each([...covered])('%s', (op) => {
  const own = cases.filter((golden) => golden.op === op);
  test.each(own.map((golden) => [`${shapes(golden)} ${JSON.stringify(golden.attributes)}`, golden] as const))(
    '%s',
    async (_, { inputs, attributes, expected }) => {
      const fed = inputs.flatMap((input, k): [string, HostTensor][] =>
        input && input.constant !== true ? [[`i${k}`, tensor(input)]] : [],
      );
      // `evaluate` also compares what inference promised with what came out.
      const results = await evaluate(Object.fromEntries(fed), (g, values) => {
        const operands = inputs.map((input, k) => values[`i${k}`] ?? (input ? g.constant(tensor(input)) : undefined));
        const outputs = g.node({ op, inputs: operands, attributes, outputCount: expected.length });
        return Object.fromEntries(outputs.map((value, k) => [`o${k}`, value]));
      });
      expected.forEach((stored, k) => {
        const { dtype, dims } = results[`o${k}`]!;
        expect({ dtype, dims }).toEqual({ dtype: stored.dtype, dims: stored.dims });
        numbersOf(results[`o${k}`]!).forEach((value, at) => {
          const wanted = Number(stored.data[at]);
          if (Number.isFinite(wanted)) expect(Math.abs(value - wanted)).toBeLessThan(1e-6 + 2e-6 * Math.abs(wanted));
          else expect(value).toBe(wanted);
        });
      });
    },
  );
});

test('every operator of these families has a golden case', () => {
  expect(Object.keys(families).filter((op) => !covered.has(op))).toEqual([]);
});
