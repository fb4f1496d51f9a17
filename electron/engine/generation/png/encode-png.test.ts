/** Our PNG files: every pixel comes back, from small and odd sizes too, and they say that a model drew them. */
import { expect, test } from 'vitest';
import type { SampleRecipe } from '../../../contract/drawing';
import { uniforms } from '../../../../models/tensor/random';
import { declaresItselfGenerated } from '../../intake/datasets/provenance';
import { readRecipe } from '../../intake/recipes/read-recipe';
import { samplePng } from './sample-png';

const recipe: SampleRecipe = {
  format: 'duet-sample-1',
  model: { id: 'digits', title: 'Ziffern „schön“', hash: 'ab'.repeat(32) },
  seed: 0xffff_ffff,
  index: 12,
  class: 3,
  label: 'drei',
  controls: { temperature: 0.75, steps: 8 },
};

/** Noise in the left half, one level in the right. */
function pixelsOf(height: number, width: number, channels: 1 | 3): Uint8Array {
  const noise = uniforms({ seed: 4, stream: 9 }, height * width * channels, 0, 256);
  return Uint8Array.from(noise, (level, k) => (Math.floor(k / channels) % width < width / 2 ? level : 77));
}

test.each([
  [1, 1, 1],
  [1, 1, 3],
  [28, 28, 1],
  [3, 17, 1],
  [32, 32, 3],
  [19, 5, 3],
  [64, 64, 3],
] as const)('a picture of %i x %i x %i is read as it was written, with its recipe', async (height, width, channels) => {
  const pixels = pixelsOf(height, width, channels);
  const png = samplePng({ height, width, channels, pixels }, recipe);
  const found = await readRecipe(png);
  expect(found).toMatchObject({ recipe, height, width });
  const rgb = channels === 3 ? [...pixels] : [...pixels].flatMap((level) => [level, level, level]);
  expect([...(found?.pixels ?? [])]).toEqual(rgb);
  expect(declaresItselfGenerated(png, 'png')).toBe(true);
  expect(samplePng({ height, width, channels, pixels }, recipe).equals(png)).toBe(true);
});
