import type { Locator, Page } from 'playwright-core';

/** The third telephone in the list of the virtual phone. */
export const CALLER = '01000000003';

/** A key of the open call. */
export const key = (page: Page, name: string): Locator => page.locator(`.screen-call .key[data-key="${name}"]`);

/** Opens the buyer's phone with a number in its dial pad, and calls. */
export async function call(page: Page): Promise<void> {
  await page.goto('/simulator/phone');
  await page.locator('.who').nth(2).click();
  await page.locator('.app[data-app="calls"]').click();
  await page.locator('.dial-hint').click();
  await page.locator('.dial-go').click();
  await page.locator('.screen-call[data-state="open"]').waitFor();
}

/** Waits until the line asks for something, or has said how it went. */
export async function at(page: Page, step: string): Promise<void> {
  await page.locator(`.screen-call[data-step="${step}"]`).waitFor();
}
