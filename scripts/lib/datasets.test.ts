/** What set-up fetches is what the gallery reads, and every built-in data set has its notice. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundledSets } from '../../electron/engine/datasets/builtin/catalog';
import { fetchedDatasets } from './datasets.mjs';

test.each(bundledSets.map(({ name, licence }) => [name, licence]))('%s has a licence and a notice', (name, licence) => {
  expect(licence).not.toBe('');
  expect(readFileSync('NOTICE.md', 'utf8')).toContain(`| \`${name}\``);
});

test.each(fetchedDatasets.map((dataset) => [dataset.name, dataset]))(
  '%s is pinned alike in both places',
  (name, { files }) => {
    const set = bundledSets.find((one) => one.name === name);
    const pinned = set?.files.map((file) => [path.posix.basename(file.path, '.gz'), file.sha256]);
    expect(Object.fromEntries(pinned ?? [])).toEqual(files);
  },
);
