/** Tests that the archive written by hand is one that others can read. */
import { expect, test } from 'vitest';
import { flatAsar } from './flat-asar.mjs';
import { inRoot } from './paths.mjs';

test('index and contents lie where the format says', () => {
  const bytes = flatAsar(inRoot('scripts', 'default-app'));
  const indexLength = bytes.readUInt32LE(12);
  const contents = 8 + bytes.readUInt32LE(4);
  const index: unknown = JSON.parse(bytes.toString('utf8', 16, 16 + indexLength));
  const { files } = index as { files: Record<string, { size: number; offset: string }> };
  expect(Object.keys(files)).toEqual(['main.cjs', 'package.json']);
  const entry = files['package.json']!;
  const start = contents + Number(entry.offset);
  expect(JSON.parse(bytes.toString('utf8', start, start + entry.size))).toMatchObject({ main: 'main.cjs' });
  expect(bytes.length).toBe(start + entry.size);
});
