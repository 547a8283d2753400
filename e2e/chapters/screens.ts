import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { owner } from '../support/acts';
import { complaints } from '../support/axe';
import { changeAtOnce, enlarge, settled } from '../support/browser';
import { tour } from '../support/tour';
import { journey } from '../support/world';

const PHONE = { width: 412, height: 860 };
/** How each screen is looked at beside the light phone: what changes with looks alone is asked again there. */
const LOOKS: { name: string; width: number; height: number; dark?: boolean; large?: boolean }[] = [
  { name: 'dark, 320 px', width: 320, height: 640, dark: true },
  { name: 'text of 200 %', ...PHONE, large: true },
];

/** Sets a page's window, colours and size of text, and waits until it stands that way. */
async function turn(page: Page, { width, height, dark = false, large = false }: { width: number; height: number; dark?: boolean; large?: boolean }): Promise<void> {
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
  await page.waitForFunction((wanted) => window.innerWidth === wanted, width); // a busy browser takes its time
  await enlarge(page, large);
  await settled(page);
}

describe('every screen', () => {
  // One walk for all of them: the way to a screen takes longer than looking at it again.
  test(
    'has nothing for axe to find and does not scroll sideways: light at 412 px, dark at 320 px, text of 200 %',
    journey(PHONE, async ({ page }, demo) => {
      const found: string[] = [];
      await changeAtOnce(page); // what inherits a colour in transition begins its own after it
      await tour(page, demo, async (screen) => {
        found.push(...(await complaints(page, screen)));
        for (const look of LOOKS) {
          await turn(page, look);
          found.push(...(await complaints(page, `${screen}, ${look.name}`, true)));
        }
        await turn(page, PHONE);
      });
      assert.deepEqual(found, []);
    }),
  );

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
      for (const path of ['/app/pay/card', '/app/pay/ars', '/app/pay/sms', '/app/requests', '/app/pay/cash', '/app/cash-receipts', '/app/payments', '/app/products', '/app/products/manage', '/app/products/categories', '/app/products/new', '/app/products/import', '/app/settings', '/app/settings/printer', '/app/settings/devices', '/app/settings/security', '/app/settings/reader', '/app/settings/staff', '/app/merchant']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const words = await page.locator('nav, header').allInnerTexts();
        assert.doesNotMatch(words.join(' '), /[가-힣]/, path);
      }
    }),
  );
});
