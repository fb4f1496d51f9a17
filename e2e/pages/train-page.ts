/** The Train screen as a person names its parts. */
import { expect, type Locator, type Page } from '@playwright/test';

export class TrainPage {
  readonly setUp: Locator;
  readonly run: Locator;
  readonly goes: Locator;

  constructor(readonly page: Page) {
    this.setUp = page.getByRole('region', { name: 'Set up a run' });
    this.run = page.getByRole('region', { name: 'The run', exact: true });
    this.goes = page.getByRole('region', { name: 'How it goes' });
  }

  async show(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByText('Train', { exact: true }).click();
  }

  /** From the screen without data: adds the digits that always come with Duet. */
  async learnFromDigits(): Promise<void> {
    await this.page.getByRole('button', { name: 'Learn from Digits', exact: true }).click();
    await expect(this.setUp.getByRole('button', { name: /^Recipe: / })).toBeVisible();
  }

  async chooseRecipe(name: RegExp): Promise<void> {
    await this.setUp.getByRole('button', { name: /^Recipe: / }).click();
    await this.page.getByRole('menuitem', { name }).click();
  }

  async setSteps(steps: number): Promise<void> {
    await this.openGroup('Length');
    await this.setUp.getByRole('textbox', { name: 'Steps' }).fill(String(steps));
  }

  async openGroup(name: string): Promise<void> {
    const row = this.setUp.getByRole('button', { name: new RegExp(`^${name}`) });
    if ((await row.getAttribute('aria-expanded')) === 'false') await row.click();
  }

  async setUpAnother(): Promise<void> {
    await this.run.getByRole('button', { name: /^Run: / }).click();
    await this.page.getByRole('menuitem', { name: 'Set up a new run' }).click();
  }

  async expectPhase(words: string): Promise<void> {
    await expect(this.run.getByText(words, { exact: true })).toBeVisible({ timeout: 60_000 });
  }
}
