/** The ONNX project's conformance cases as Debian packages them: small models with inputs, for tests only. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dtypeOfNumber } from '../tensor/dtype';
import { decodeModel, decodeTensor } from '../graph/decode';
import { feedsOf, tensorValue } from '../graph/values';
import { toHostTensor } from '../graph/tensors';
import type { HostTensor } from '../tensor/host-tensor';

const root = '/usr/share/libonnx-testdata/data';
const collections = ['node', 'simple', 'pytorch-converted', 'pytorch-operator'] as const;

/** One case: its name, the bytes of its model and a function that reads its inputs. */
export interface ConformanceCase {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Every case of every collection, in order of names. */
export function conformanceCases(): ConformanceCase[] {
  if (!existsSync(root)) {
    throw new Error('The ONNX conformance cases are missing. On Debian: apt-get install libonnx-testdata');
  }
  return collections.flatMap((collection) =>
    readdirSync(join(root, collection))
      .sort()
      .filter((name) => existsSync(join(root, collection, name, 'model.onnx')))
      .map((name) => ({
        name: `${collection}/${name}`,
        bytes: readFileSync(join(root, collection, name, 'model.onnx')),
      })),
  );
}

/** The case's first set of inputs by name; a text says why it cannot be fed. */
export function conformanceInputs(conformance: ConformanceCase): Record<string, HostTensor> | string {
  const feeds: Record<string, HostTensor> = {};
  const declared = feedsOf(decodeModel(conformance.bytes).graph ?? fail(conformance.name));
  for (const [index, value] of declared.entries()) {
    if (tensorValue(value) === undefined) return 'takes sequences or optional values';
    const path = join(root, conformance.name, 'test_data_set_0', `input_${index}.pb`);
    if (!existsSync(path)) return 'has no stored inputs';
    const tensor = decodeTensor(readFileSync(path));
    const dtype = dtypeOfNumber(tensor.dataType);
    if (dtype === undefined || dtype === 'bfloat16')
      return 'takes an element type that the runtime binding cannot feed';
    feeds[value.name] = toHostTensor(tensor);
  }
  return feeds;
}

function fail(name: string): never {
  throw new Error(`${name} holds no graph.`);
}
