/** The label files people have, and the ones that cannot be understood. */
import { describe, expect, test } from 'vitest';
import { parseLabels } from './labels';

const parse = (text: string): string[] => parseLabels(new Uint8Array(Buffer.from(text)));

describe('parseLabels', () => {
  test.each([
    ['lines', 'cat\ndog\n'],
    ['Windows lines with a byte-order mark', '\ufeffcat\r\ndog\r\n\r\n'],
    ['a JSON list', '["cat", "dog"]'],
    ['index to name', '{"1": "dog", "0": "cat"}'],
    ['index to synset and name', '{"0": ["n02121808", "cat"], "1": ["n02084071", "dog"]}'],
    ['name to index', '{"dog": 1, "cat": 0}'],
    ['a list under a usual key', '{"version": "1", "labels": ["cat", "dog"]}'],
    ['a map under a usual key', ' {"id2label": {"0": "cat", "1": "dog"}}'],
  ])('%s', (_, text) => {
    expect(parse(text)).toEqual(['cat', 'dog']);
  });

  test.each([
    ['', 'names no classes'],
    ['\n\n', 'names no classes'],
    ['[]', 'names no classes'],
    ['cat\n\ndog', 'Line 2 of the labels file is empty'],
    ['{"0": "cat", "2": "dog"}', 'names no class 1'],
    ['["cat", null]', 'Entry 2 of the labels file is not a name'],
    ['{"a": {"labels": []}}', 'holds no list of classes'],
    ['[1, 2', 'cannot be parsed'],
    ['a\0b', 'not UTF-8 text'],
    [`["${'x'.repeat(501)}"]`, 'Class 1 of the labels file has a name of more than 500 letters'],
    ['x\n'.repeat(100_001), '100000 are the limit'],
  ])('%j is refused', (text, message) => {
    expect(() => parse(text)).toThrow(message);
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'model/labels-mismatch' }));
  });

  test('bytes that are no text are refused', () => {
    expect(() => parseLabels(Uint8Array.of(0xff, 0xfe, 0x41))).toThrow('not UTF-8 text');
  });
});
