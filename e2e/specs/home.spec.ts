/** Home: the loop at work from the first start, and its doors. */
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '../fixtures/studio';

test.use({ studioOptions: { screen: 'Home' } });

test('the pair that comes with Duet draws and judges by itself, and again when asked', async ({ studio }) => {
  const { page, app } = studio;
  const draws = page.getByRole('region', { name: 'See it draw' });
  const judges = page.getByRole('region', { name: 'Judge it' });
  await expect(draws.getByText('60 of 60 drawn')).toBeVisible();
  await expect(judges.getByText(/digits-judge read (5\d|60) of 60 as asked/)).toBeVisible();
  await expect(judges.getByRole('listitem')).toHaveCount(5);
  const before = await draws.locator('canvas').screenshot();
  await draws.getByRole('button', { name: 'Draw 60 more' }).click();
  await expect(draws.getByRole('button', { name: 'Draw 60 more' })).not.toHaveAttribute('aria-disabled', 'true');
  await expect(draws.getByText('60 of 60 drawn')).toBeVisible();
  expect((await draws.locator('canvas').screenshot()).equals(before)).toBe(false);
  for (const theme of ['light', 'dark'] as const) {
    await app.evaluate(({ nativeTheme }, source) => (nativeTheme.themeSource = source), theme);
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'));
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  }
  await page.getByRole('region', { name: 'On your shelf' }).getByText('digits-gan').click();
  await expect(
    page.getByRole('article', { name: 'Model digits-gan' }).getByText('draws', { exact: true }),
  ).toBeVisible();
});
