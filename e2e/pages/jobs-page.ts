/** The jobs panel as a person names its parts, and a real import to fill it. */
import type { Locator, Page } from '@playwright/test';
import { dropFiles } from '../fixtures/studio';

export class JobsPage {
  readonly panel: Locator;
  readonly list: Locator;

  constructor(readonly page: Page) {
    this.panel = page.getByRole('region', { name: 'Jobs', exact: true });
    this.list = this.panel.getByRole('grid', { name: 'All jobs' });
  }

  /** Drops a folder on the Data screen and imports what was found in it as it is proposed. */
  async importFolder(folder: string): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Data').click();
    await dropFiles(this.page, [folder]);
    await this.page
      .getByRole('dialog', { name: 'Import data' })
      .getByRole('button', { name: /^Import \d/ })
      .click();
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: /^Open jobs/ }).click();
    await this.panel.waitFor();
  }

  row(text: string | RegExp): Locator {
    return this.list.getByRole('row', { name: text });
  }

  /** The button of a row, such as "Pause". */
  button(row: Locator, name: string): Locator {
    return row.getByRole('button', { name: new RegExp(`^${name}`) });
  }
}
