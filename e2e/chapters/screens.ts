import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { owner } from '../support/acts';
import { complaints } from '../support/axe';
import { tour } from '../support/tour';
import { journey } from '../support/world';

const WINDOWS = [
  { name: 'light, 412 px', options: { width: 412, height: 860 } },
  { name: 'dark, 320 px', options: { width: 320, height: 640, dark: true } },
  { name: 'light, 412 px, text of 200 %', options: { width: 412, height: 860, largeText: true } },
];

describe('every screen', () => {
  for (const { name, options } of WINDOWS) {
    test(
      `has nothing for axe to find and does not scroll sideways: ${name}`,
      journey(options, async ({ page }, demo) => {
        const found: string[] = [];
        await tour(page, demo, async (screen) => {
          found.push(...(await complaints(page, screen, options.largeText ?? options.dark)));
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
      for (const path of ['/app/pay/card', '/app/pay/ars', '/app/pay/sms', '/app/requests', '/app/pay/cash', '/app/cash-receipts', '/app/payments', '/app/products', '/app/products/manage', '/app/products/categories', '/app/products/new', '/app/products/import', '/app/settings', '/app/settings/printer', '/app/settings/devices', '/app/settings/security', '/app/settings/reader', '/app/settings/staff', '/app/merchant']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const words = await page.locator('nav, header').allInnerTexts();
        assert.doesNotMatch(words.join(' '), /[가-힣]/, path);
      }
    }),
  );
});
