/** Reads and rewrites the ONNX project's own cases: nothing is lost, and the runtime computes the same from both files. */
import { equals } from '@bufbuild/protobuf';
import { afterAll, expect, test } from 'vitest';
import { liveSessions } from '../runtime/session';
import type { HostTensor } from '../tensor/host-tensor';
import { conformanceCases, conformanceInputs } from '../testing/conformance-cases';
import { runOutputs } from '../testing/run-outputs';
import { decodeModel } from './decode';
import { encodeModel } from './encode';
import { ModelProtoSchema } from './proto/onnx_pb';

afterAll(() => expect(liveSessions()).toBe(0));

const say = (text: string): void => void process.stdout.write(`${text}\n`);

test('decode and encode give back every case byte for byte, and the same tree again', () => {
  const cases = conformanceCases();
  for (const { name, bytes } of cases) {
    const tree = decodeModel(bytes);
    const rewritten = encodeModel(tree);
    expect(Buffer.compare(bytes, rewritten), name).toBe(0);
    expect(equals(ModelProtoSchema, tree, decodeModel(rewritten)), name).toBe(true);
  }
  expect(cases.length).toBeGreaterThan(1000);
});

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
const kindOf = (error: unknown): string =>
  reason(error)
    .replace(/^.*?not used: |\([-0-9]+\).*$|\/\S+/g, '')
    .slice(0, 90);

test('the runtime computes equal outputs from the original and the rewritten file', async () => {
  const counts = { equal: 0, notFed: 0, random: 0 };
  const refused = new Map<string, number>();
  for (const conformance of conformanceCases()) {
    const feeds = conformanceInputs(conformance);
    if (typeof feeds === 'string') {
      counts.notFed += 1;
      continue;
    }
    const rewritten = encodeModel(decodeModel(conformance.bytes));
    let original: Record<string, HostTensor>;
    try {
      original = await runOutputs(conformance.bytes, feeds);
    } catch (error) {
      // What the runtime cannot load or run must fail in the same words after the rewrite.
      await expect(runOutputs(rewritten, feeds), conformance.name).rejects.toThrow(reason(error));
      refused.set(kindOf(error), (refused.get(kindOf(error)) ?? 0) + 1);
      continue;
    }
    const repeated = await runOutputs(rewritten, feeds);
    try {
      expect(repeated, conformance.name).toEqual(original);
      counts.equal += 1;
    } catch (error) {
      // Random operators differ from run to run on the very same file.
      const again = await runOutputs(conformance.bytes, feeds);
      expect(() => expect(again).toEqual(original), reason(error)).toThrow();
      counts.random += 1;
    }
  }
  const kinds = [...refused].map(([kind, count]) => `${count} x ${kind}`);
  say(`${JSON.stringify(counts)}; cases that the runtime itself refuses:\n${kinds.join('\n')}`);
  expect(counts.equal).toBeGreaterThan(950);
  expect(counts.random).toBeLessThan(15);
}, 240_000);
