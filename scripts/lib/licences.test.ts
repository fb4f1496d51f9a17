/** Tests of the collection of licence texts. */
import { expect, test } from 'vitest';
import { licenceText, packagesOf } from './licences.mjs';

test('bundled files lead to their packages, nested ones too, and our own files to none', () => {
  const files = [
    'electron/main/main.ts',
    'node_modules/zod/v4/core/index.js',
    'node_modules/zod/v4/classic/index.js',
    'node_modules/@radix-ui/react-slot/dist/index.mjs?v=1',
    'node_modules/vite/node_modules/esbuild/lib/main.js',
  ];
  expect(packagesOf(files)).toEqual([
    'node_modules/zod',
    'node_modules/@radix-ui/react-slot',
    'node_modules/vite/node_modules/esbuild',
  ]);
});

test('the text names each package with its version and its own licence', () => {
  const text = licenceText(['node_modules/zod', 'node_modules/react']);
  expect(text.indexOf('react 19')).toBeLessThan(text.indexOf('zod 4'));
  expect(text.match(/^Licence: MIT$/gm)).toHaveLength(2);
  expect(text).toContain('Permission is hereby granted');
});
