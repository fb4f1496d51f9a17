/** Recipes in foreign files: what is wrong, too long, packed, cut off or of a stranger is no recipe, and nothing is decoded for it. */
import { deflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { maxRecipeBytes, recipeKeyword, type SampleRecipe } from '../../../contract/drawing';
import { encodePng } from '../../generation/png/encode-png';
import { crc32 } from '../datasets/crc32';
import { readRecipe } from './read-recipe';

const recipe: SampleRecipe = {
  format: 'duet-sample-1',
  model: { id: 'digits', title: 'Digits', hash: '0'.repeat(64) },
  seed: 1,
  index: 2,
  class: null,
  label: null,
  controls: {},
};
const picture = { height: 2, width: 2, channels: 1 as const, pixels: Uint8Array.of(0, 85, 170, 255) };
const withText = (text: string, keyword = recipeKeyword): Buffer => encodePng(picture, [{ keyword, text }]);
const json = (change: Record<string, unknown>): string => JSON.stringify({ ...recipe, ...change });

test('a recipe is read, with the pixels', async () => {
  const found = await readRecipe(withText(JSON.stringify(recipe)));
  expect(found).toEqual({
    recipe,
    height: 2,
    width: 2,
    pixels: Uint8Array.of(0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255),
  });
});

test.each([
  ['no JSON', 'no JSON'],
  ['half of it', JSON.stringify(recipe).slice(0, 60)],
  ['a list', '[]'],
  ['a field too many', json({ path: '/etc/passwd' })],
  ['a prototype', '{"__proto__": {"format": "duet-sample-1"}}'],
  ['another format', json({ format: 'duet-sample-2' })],
  ['a seed out of range', json({ seed: 2 ** 32 })],
  ['a path for a model', json({ model: { ...recipe.model, id: '../../secret' } })],
  ['no hash', json({ model: { ...recipe.model, hash: 'x' } })],
  ['a control of another name', json({ controls: { __proto__: 1, power: 9 } })],
  ['too long a text', json({ label: 'x'.repeat(301) })],
  ['a chunk of 1 MB', json({ label: 'x'.repeat(2 ** 20) })],
  ['deep nesting', '['.repeat(maxRecipeBytes - 100)],
])('%s is no recipe', async (_, text) => {
  expect(await readRecipe(withText(text))).toBeNull();
});

test('neither a picture without one nor another file has a recipe', async () => {
  expect(await readRecipe(encodePng(picture, []))).toBeNull();
  expect(await readRecipe(withText(JSON.stringify(recipe), `${recipeKeyword}2`))).toBeNull();
  expect(await readRecipe(Buffer.from(`${recipeKeyword}\0\0\0\0\0${JSON.stringify(recipe)}`))).toBeNull();
  expect(await readRecipe(Buffer.alloc(0))).toBeNull();
});

/** The chunk of the recipe begins behind the header's. */
const chunkAt = 8 + 25;

test('a chunk that was changed, cut off or packed is none', async () => {
  const whole = withText(JSON.stringify(recipe));
  const changed = Buffer.from(whole);
  changed[changed.indexOf('"seed":1') + 7] = 0x32;
  expect(await readRecipe(changed)).toBeNull();
  for (const length of [4, 12, 40, chunkAt + 8, chunkAt + 60])
    expect(await readRecipe(whole.subarray(0, length))).toBeNull();
  const long = Buffer.from(whole);
  long.writeUInt32BE(0xffff_fff0, chunkAt);
  expect(await readRecipe(long)).toBeNull();
  expect(await readRecipe(packed(whole))).toBeNull();
});

/** The same with the text deflated, as iTXt allows: a small file could claim any length. */
function packed(whole: Buffer): Buffer {
  const length = whole.readUInt32BE(chunkAt);
  const head = Buffer.from(`iTXt${recipeKeyword}\0\x01\0\0\0`, 'latin1');
  const body = Buffer.concat([head, deflateSync(JSON.stringify(recipe))]);
  const sizes = Buffer.alloc(8);
  sizes.writeUInt32BE(body.length - 4, 0);
  sizes.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([whole.subarray(0, chunkAt), sizes.subarray(0, 4), body, sizes.subarray(4), whole.subarray(chunkAt + 12 + length)]); // prettier-ignore
}

test('a picture larger than any that is drawn is not decoded, and one that is damaged says so', async () => {
  const side = 600;
  const large = { height: side, width: side, channels: 1 as const, pixels: new Uint8Array(side * side) };
  const found = await readRecipe(encodePng(large, [{ keyword: recipeKeyword, text: JSON.stringify(recipe) }]));
  expect(found).toMatchObject({ recipe, height: side, width: side, pixels: new Uint8Array(0) });
  const cut = withText(JSON.stringify(recipe));
  await expect(readRecipe(cut.subarray(0, cut.length - 20))).rejects.toMatchObject({ code: 'image/damaged' });
});
