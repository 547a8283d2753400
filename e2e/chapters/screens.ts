import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { owner } from '../support/acts';
import { tour } from '../support/tour';
import { journey } from '../support/world';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on the page as it stands, one line each. No screen has frames, so no second page is opened to look into them. */
async function complaints(page: Page, name: string): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).setLegacyMode().analyze();
  return violations.flatMap((found) => found.nodes.map((node) => `${name}: ${found.id} ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
}

/** How far a page is wider than its window, in CSS pixels. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
}

const WINDOWS = [
  { name: 'light, 412 px', options: { width: 412, height: 860 } },
  { name: 'dark, 320 px', options: { width: 320, height: 640, dark: true } },
];

describe('every screen', () => {
  for (const { name, options } of WINDOWS) {
    test(
      `has nothing for axe to find and does not scroll sideways: ${name}`,
      journey(options, async ({ page }, demo) => {
        const found: string[] = [];
        await tour(page, demo, async (screen) => {
          const by = await overflow(page);
          if (by > 0) found.push(`${screen}: ${by} px too wide`);
          found.push(...(await complaints(page, screen)));
        });
        assert.deepEqual(found, []);
      }),
    );
  }

  test(
    'speaks English when asked to',
    journey({}, async ({ page }, demo) => {
      await page.addInitScript(() => localStorage.setItem('innopay.locale', 'en'));
      await page.goto('/app/');
      const login = owner(demo.merchant('TAXABLE'));
      await page.getByLabel('Login ID').fill(login.loginId);
      await page.getByLabel('Password', { exact: true }).fill(login.password);
      await page.getByRole('button', { name: 'Log in' }).click();
      await page.getByRole('heading', { name: 'Sales today' }).waitFor();
      for (const path of ['/app/pay/card', '/app/payments', '/app/products', '/app/settings', '/app/merchant']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const words = await page.locator('nav, header').allInnerTexts();
        assert.doesNotMatch(words.join(' '), /[가-힣]/, path);
      }
    }),
  );
});
