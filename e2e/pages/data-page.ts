/** The Data screen as a person names its parts. */
import { expect, type Locator, type Page } from '@playwright/test';

export class DataPage {
  readonly grid: Locator;
  readonly list: Locator;
  readonly inspector: Locator;
  readonly report: Locator;
  readonly classes: Locator;
  readonly sheet: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole('grid', { name: 'Samples' });
    this.list = page.getByRole('region', { name: 'Data sets', exact: true });
    this.inspector = page.getByRole('complementary', { name: 'Inspector' });
    this.report = page.getByRole('region', { name: 'Report' });
    this.classes = page.getByRole('list', { name: 'Samples of each class' });
    this.sheet = page.getByRole('dialog', { name: 'Import data' });
  }

  async show(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Data', { exact: true }).click();
    await this.list.or(this.page.getByRole('region', { name: 'No data sets yet' })).waitFor();
  }

  tile(name: string | RegExp): Locator {
    return this.grid.getByRole('gridcell', { name });
  }

  /** How many samples of a class the bars count, without the excluded ones; 0 when it is not there. */
  async count(name: string): Promise<number> {
    const row = this.classes
      .getByRole('listitem')
      .filter({ has: this.page.getByRole('button', { name, exact: true }) });
    if ((await row.count()) === 0) return 0;
    return Number((await row.locator('.class-count').innerText()).replaceAll(',', ''));
  }

  async expectCount(name: string, count: number): Promise<void> {
    await expect.poll(() => this.count(name), { message: `samples of ${name}` }).toBe(count);
  }

  /** Takes what the open sheet proposes, and waits until it is there. */
  async import(): Promise<void> {
    await this.sheet.getByRole('button', { name: /^Import/ }).click();
    await expect(this.sheet).toHaveCount(0);
    await this.grid.waitFor();
  }
}
