/** The Classify screen as a person names its parts. */
import type { ElectronApplication, Locator, Page } from '@playwright/test';

export class ClassifyPage {
  readonly grid: Locator;
  readonly inspector: Locator;
  readonly threshold: Locator;
  readonly find: Locator;

  constructor(readonly page: Page) {
    this.grid = page.getByRole('grid', { name: 'Pictures' });
    this.inspector = page.getByRole('complementary', { name: 'Inspector' });
    this.threshold = page.getByRole('slider', { name: 'Sure from' });
    this.find = page
      .getByRole('textbox', { name: 'Find by label or file name' })
      .or(page.getByRole('searchbox', { name: 'Find by label or file name' }));
  }

  tile(text: string | RegExp): Locator {
    return this.grid.getByRole('gridcell', { name: text });
  }

  /** The heading of a section, such as "Sure". */
  section(title: string): Locator {
    return this.grid.getByRole('rowheader').filter({ has: this.page.getByText(title, { exact: true }) });
  }

  /** How many pictures the section says it has; 0 when it is not there. */
  async count(title: string): Promise<number> {
    const section = this.section(title);
    if ((await section.count()) === 0) return 0;
    return Number((await section.locator('.section-count').innerText()).replaceAll(',', ''));
  }

  /** Waits until nothing is being judged and `count` pictures have been. */
  async judged(count: number): Promise<void> {
    await this.page.getByText(`${count} pictures judged`).first().waitFor();
  }

  async menu(button: string | RegExp, item: string | RegExp): Promise<void> {
    await this.page.getByRole('button', { name: button }).click();
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}

/** The next save dialog answers with `file`, or with a folder for the folder chooser. */
export async function answerDialogs(app: ElectronApplication, file: string): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: chosen });
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);
}
