/** The gate against every model of the threat list, against the conformance cases, and against a thousand damaged files. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AppError, type ErrorCode } from '../../../contract/errors';
import { ModelError } from '../../../../models/errors';
import { decodeModel } from '../../../../models/graph/decode';
import { encodeModel } from '../../../../models/graph/encode';
import { printModel } from '../../../../models/graph/print';
import { findClassifierSignature } from '../../../../models/graph/signature';
import { summarise } from '../../../../models/graph/summary';
import { conformanceCases } from '../../../../models/testing/conformance-cases';
import { gateLimits, gateModel, type GateReport } from './gate';
import * as hostile from './hostile-models';
import { mutateModel, seededNumbers } from './mutate-model';

const bytes = (count: number): Uint8Array => new Uint8Array(count);
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

function refusal(file: Uint8Array): AppError {
  try {
    gateModel(file);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('The gate let the file in.');
}

test('an honest model passes and is counted', () => {
  expect(gateModel(hostile.honestModel())).toEqual({
    bytes: hostile.honestModel().byteLength,
    nodes: 3,
    subgraphs: 0,
    functions: 0,
    operators: ['Flatten', 'GlobalAveragePool', 'MatMul'],
  } satisfies GateReport);
});

test('functions are counted written out, nested graphs with their nodes', () => {
  expect(gateModel(hostile.functionChain(3))).toMatchObject({ nodes: 1, functions: 3 });
  expect(gateModel(hostile.functionChain(64, true)).functions).toBe(64);
  expect(gateModel(hostile.functionBomb(5))).toMatchObject({ nodes: 16, functions: 5 });
  expect(gateModel(hostile.nestedGraphs(2))).toMatchObject({ nodes: 4, subgraphs: 3 });
  expect(gateModel(hostile.endlessLoop())).toMatchObject({ nodes: 3, subgraphs: 1 }); // stopped later, by the time limit
});

test.each<[string, Uint8Array, ErrorCode, RegExp]>([
  [
    'M1 a path upwards',
    hostile.externalModel('../s.bin'),
    'model/external-data',
    /lie in another file \(\.\.\/s\.bin\)/,
  ],
  [
    'M1 a path around',
    hostile.externalModel('sub/../../s'),
    'model/external-data',
    /Save the model with its weights inside/,
  ],
  ['M1 an absolute path', hostile.externalModel('/dev/zero'), 'model/external-data', /\/dev\/zero/],
  ['M1 a plain name (may be a hard link)', hostile.externalModel('w.bin'), 'model/external-data', /w\.bin/],
  ['M1 in a constant', hostile.externalConstantModel('w.bin'), 'model/external-data', /w\.bin/],
  ['M2 attention', hostile.attentionModel(), 'model/operator-refused', /com\.microsoft\.Attention/],
  ['M2 65 functions in a chain', hostile.functionChain(66), 'model/too-deep', /more than 64 levels/],
  ['M2 3,000 functions in a chain', hostile.functionChain(3000), 'model/too-deep', /more than 64 levels/],
  ['M2 66 functions, the last one first', hostile.functionChain(66, true), 'model/too-deep', /more than 64 levels/],
  [
    'M2 66 functions that nobody calls',
    hostile.functionChain(66, false, false),
    'model/too-deep',
    /more than 64 levels/,
  ],
  ['M2 2^40 nodes written out', hostile.functionBomb(41), 'model/too-many-nodes', /more than 20000 nodes/],
  ['M2 functions in a circle', hostile.functionCycle(), 'model/too-deep', /more than 64 levels/],
  [
    'M2 a function in place of Flatten',
    hostile.shadowingFunction(),
    'model/operator-refused',
    /redefines operators of "ai\.onnx"/,
  ],
  ['M2 33 nested graphs', hostile.nestedGraphs(32), 'model/too-deep', /nests more than 64 levels/],
  ['M2 20,001 nodes', hostile.manyNodes(20_001), 'model/too-many-nodes', /more than 20000 nodes/],
  ['M2 types in types', hostile.nestedTypes(200), 'model/too-deep', /nests more than 64/],
  [
    'M5 2^62 x 8',
    hostile.sizedModel([2n ** 62n, 8], bytes(16)),
    'model/impossible-size',
    /it would hold 36893488147419103232 numbers/,
  ],
  [
    'M5 a product that wraps to 16',
    hostile.sizedModel([2n ** 32n, 2n ** 32n + 16n], bytes(64)),
    'model/impossible-size',
    /would hold/,
  ],
  ['M5 a negative size', hostile.sizedModel([-1, -16], bytes(64)), 'model/impossible-size', /a size is negative/],
  [
    'M5 too few bytes',
    hostile.sizedModel([16], bytes(60)),
    'model/impossible-size',
    /it needs 64 bytes, the file holds 60/,
  ],
  ['M5 no bytes', hostile.sizedModel([16], bytes(0)), 'model/impossible-size', /needs 16 numbers, the file holds 0/],
  ['M5 4 TB', hostile.sizedModel([2n ** 40n], bytes(4)), 'model/impossible-size', /would hold 1099511627776/],
  ['M5 65 axes', hostile.sizedModel(Array<number>(65).fill(1), bytes(4)), 'model/impossible-size', /it has 65 axes/],
  ['M5 an unknown type', hostile.sizedModel([1], bytes(4), 99), 'model/damaged', /form that Duet does not know \(99\)/],
  ['M5 a sparse giant', hostile.sparseModel([2 ** 20, 2 ** 20]), 'model/impossible-size', /would hold/],
  [
    'M6 a custom operator',
    hostile.customOperator('evil.custom', 'EvilOp'),
    'model/operator-refused',
    /evil\.custom\.EvilOp/,
  ],
  ['M6 hidden in a branch', hostile.hiddenOperator('branch'), 'model/operator-refused', /evil\.custom\.EvilOp/],
  ['M6 hidden in a function', hostile.hiddenOperator('function'), 'model/operator-refused', /evil\.custom\.EvilOp/],
  [
    'M6 a picture decoder',
    hostile.customOperator('', 'ImageDecoder'),
    'model/operator-refused',
    /operator ImageDecoder/,
  ],
  [
    'M6 a training operator',
    hostile.customOperator('ai.onnx.preview.training', 'Adam'),
    'model/operator-refused',
    /training\.Adam/,
  ],
  ['M7 empty', bytes(0), 'model/not-onnx', /looks like an empty file/],
  ['M7 zeros', bytes(5000), 'model/not-onnx', /a file of zeros/],
  ['M7 zip', ascii('PK\x03\x04abcdef'), 'model/not-onnx', /a zip archive \(PyTorch and Keras/],
  ['M7 pickle', ascii('\x80\x02}q\x00.'), 'model/not-onnx', /a Python pickle, which can run code/],
  ['M7 ort', ascii('\x18\x00\x00\x00ORTM\x00\x00'), 'model/not-onnx', /the \.ort format/],
  ['M7 TensorFlow Lite', ascii('\x1c\x00\x00\x00TFL3\x00\x00'), 'model/not-onnx', /TensorFlow Lite/],
  ['M7 HDF5', ascii('\x89HDF\r\n'), 'model/not-onnx', /HDF5/],
  ['M7 safetensors', ascii('\x10\x00\x00\x00\x00\x00\x00\x00{"a":{"dtype":1}}'), 'model/not-onnx', /safetensors/],
  ['M7 LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\n'), 'model/not-onnx', /Git LFS pointer/],
  ['M7 web page', ascii('<!doctype html>'), 'model/not-onnx', /a web page/],
  ['M7 text', ascii('cat\ndog\n'), 'model/not-onnx', /a text file/],
  [
    'M7 random bytes',
    Uint8Array.from(
      { length: 4096 },
      (
        (r) => () =>
          r(256)
      )(seededNumbers(7)),
    ),
    'model/not-onnx',
    /not an ONNX model/,
  ],
  ['M7 cut short', hostile.honestModel().subarray(0, 100), 'model/damaged', /longer than what contains it/],
  ['numbers stored twice', hostile.storedTwice(), 'model/impossible-size', /its numbers are stored twice/],
  ['a name that is no text', hostile.brokenName(), 'model/damaged', /"output" is not text/],
  ['a single field given twice', hostile.twiceGiven(), 'model/damaged', /"raw_data" is given twice/],
])('%s', (_name, file, code, words) => {
  const error = refusal(file);
  expect(error.message).toMatch(words);
  expect(error.code).toBe(code);
});

test('33 graphs side by side are one too many', () => {
  const branch = hostile.graph([hostile.node('Identity', ['x'], ['z'])], [], [], []);
  const choice = (k: number) => hostile.node('If', ['c'], [`y${k}`], [hostile.attribute.graph('then_branch', branch)]);
  const choices = (count: number) =>
    hostile.model(
      hostile.graph(
        Array.from({ length: count }, (_, k) => choice(k)),
        [],
        [],
        [],
      ),
    );
  expect(gateModel(choices(32)).subgraphs).toBe(32);
  expect(refusal(choices(33)).message).toMatch(/more than 32 nested graphs/);
});

test('the size limit speaks in megabytes', () => {
  const limits = { ...gateLimits, maxBytes: 100 };
  expect(() => gateModel(bytes(3_000_000), limits)).toThrow(/The file has 3 MB; models up to 0 MB/);
});

test('millions of empty messages end at the limit on parts', () => {
  const file = Buffer.concat([Buffer.from([0x08, 0x08]), Buffer.alloc(6_000_000, Buffer.from([0x72, 0x00]))]);
  expect(refusal(file).message).toMatch(/more than 2000000 parts/);
});

test('the conformance cases pass, all but training operators and those that decode pictures', () => {
  const refused = new Map<string, number>();
  const cases = conformanceCases();
  for (const { bytes: file } of cases) {
    try {
      gateModel(file);
    } catch (error) {
      const why =
        error instanceof AppError
          ? `${error.code} ${JSON.stringify(error.details['operator'] ?? error.message)}`
          : String(error);
      refused.set(why, (refused.get(why) ?? 0) + 1);
    }
  }
  expect(cases.length).toBeGreaterThan(1000);
  const foreign = [...refused.keys()].filter(
    (why) => !why.startsWith('model/operator-refused "ai.onnx.preview.training.'),
  );
  expect(foreign).toEqual([]);
  expect([...refused.values()].reduce((a, b) => a + b, 0)).toBeLessThan(20);
});

test.each(['everyday-1000', 'photo-objects'])('the shipped model %s would pass', (name) => {
  const path = `assets/models/${name}.onnx`;
  expect(existsSync(path)).toBe(true);
  expect(gateModel(readFileSync(path)).nodes).toBeGreaterThan(100);
});

/** Everything that happens to a model between the gate and the quarantine. */
function readOn(file: Uint8Array): void {
  const model = decodeModel(file);
  encodeModel(model);
  summarise(model);
  printModel(model);
  findClassifierSignature(model);
}

test('of 1,000 damaged models each is refused by an AppError or read on without a surprise', () => {
  const real = [
    'node/test_loop11',
    'node/test_if',
    'node/test_lstm_defaults',
    'node/test_qlinearconv',
    'node/test_celu_expanded',
    'node/test_range_float_type_positive_delta_expanded',
  ];
  const bases = [
    ...conformanceCases()
      .filter(({ name }) => real.includes(name))
      .map((found) => found.bytes),
    hostile.honestModel(),
    hostile.functionChain(3),
    hostile.nestedGraphs(3),
    hostile.endlessLoop(),
    hostile.sparseModel([4]),
    hostile.sizedModel([2, 2], bytes(16)),
    hostile.nestedTypes(3),
  ];
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 1000; seed++) {
    const file = mutateModel(bases[seed % bases.length]!, seed);
    let outcome = 'passed';
    try {
      gateModel(file);
      readOn(file);
    } catch (error) {
      const isOurs = error instanceof AppError || (outcome === 'passed' && error instanceof ModelError);
      expect(isOurs, `seed ${seed}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`).toBe(true);
      outcome = error instanceof AppError || error instanceof ModelError ? error.code : '';
    }
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  process.stdout.write(`${JSON.stringify(Object.fromEntries(counts))}\n`);
  expect(counts.size).toBeGreaterThan(5); // the damage is varied: not everything ends in the same refusal
});
