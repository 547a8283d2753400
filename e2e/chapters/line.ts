import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn } from '../support/acts';
import { complaints } from '../support/axe';
import { agree } from '../support/books';
import { settled } from '../support/browser';
import { at, CALLER, key } from '../support/calls';
import type { Demo } from '../support/demo';
import { ask, linkIn, type PayRequest } from '../support/requests';
import { journey } from '../support/world';

type Called = PayRequest & { arsNumber: string; code: string };

/** From the approval to the word on the seller's screen, in milliseconds. */
const FLIP = 1000;

/** Asks a buyer for a payment by phone, and waits for the text; gives its help page. */
async function asked(demo: Demo, won: number): Promise<[Called, string]> {
  const request = (await ask(demo, demo.merchant('TAXABLE'), won, CALLER, { kind: 'ARS' })) as Called;
  const text = await demo.text(CALLER, request.code);
  return [request, new URL(linkIn(text)).pathname];
}

/** Opens the newest text on the buyer's phone and in it the help page. */
async function openHelp(phone: Page): Promise<void> {
  await phone.goto('/simulator/phone');
  await phone.locator('.who').nth(2).click();
  await phone.locator('.app[data-app="messages"]').click();
  await phone.locator('.row').first().click();
  await phone.locator('.bubble-text a', { hasText: '/a/' }).last().click();
  await phone.frameLocator('iframe.web').getByRole('link', { name: /전화/ }).first().waitFor();
}

/** Keys in a card that is approved, up to the question whether to pay. */
async function keyInCard(phone: Page): Promise<void> {
  await at(phone, 'order');
  await key(phone, '1').click();
  await at(phone, 'consent');
  await key(phone, '1').click();
  await at(phone, 'card');
  await phone.locator('.call-card').click();
  await phone.locator('.face[data-behaviour="APPROVE"]').first().click();
  await at(phone, 'expiry');
  for (const next of ['birth', 'password', 'confirm']) {
    await phone.locator('.call-card').click();
    await at(phone, next);
  }
}

/** Waits until the journal has the approval and gives when it was. */
async function approval(demo: Demo, won: number): Promise<number> {
  for (;;) {
    if ((await demo.journal()).some(({ amount, result, type }) => type === 'AUTHORIZE' && amount === won && result === 'APPROVED')) return Date.now();
  }
}

describe('a payment by phone, from the text to the seller', () => {
  test(
    'the page of the text opens the dial pad; paid by keypad, the seller is told within a second, wherever in the app',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const [request] = await asked(demo, 23_390);
      await logIn(page, merchant);
      await page.goto('/app/products');
      await page.getByRole('button', { name: /담기$/ }).first().waitFor();

      const phone = await context.newPage();
      await openHelp(phone);
      const number = phone.frameLocator('iframe.web').locator(`a[href^="tel:${request.arsNumber}"]`);
      await number.click();
      await phone.locator('.dial-go').click();
      await phone.locator('.screen-call[data-state="open"]').waitFor();
      await keyInCard(phone);
      await key(phone, '1').click();
      const toast = page.locator('.toast', { hasText: '23,390원 결제됐어요' });
      const [approvedAt, toldAt] = await Promise.all([approval(demo, 23_390), toast.waitFor().then(() => Date.now())]);
      assert.ok(toldAt - approvedAt < FLIP, `told ${toldAt - approvedAt} ms after the approval`);
      await at(phone, 'approved');
      await phone.close();

      await page.getByRole('button', { name: '보기', exact: true }).click();
      await page.waitForURL(new RegExp(`/payments/${request.paymentId}`));
      await agree(demo, merchant, request.paymentId, { status: 'DONE', amount: 23_390, canceled: [] });
      await page.goto('/app/payments');
      const row = page.locator('a.row', { hasText: '23,390원' });
      await row.waitFor();
      assert.match(await row.innerText(), /ARS/);
    }),
  );

  for (const look of [{ width: 320, height: 640 }, { width: 412 }, { width: 412, dark: true }, { width: 412, largeText: true }]) {
    test(
      `the page of the text has nothing for axe to find: ${JSON.stringify(look)}`,
      journey(look, async ({ page }, demo) => {
        const [request, path] = await asked(demo, 24_390);
        await page.goto(path);
        await page.getByText(request.code).waitFor();
        await settled(page);
        if (process.env['PICTURES']) await page.screenshot({ path: `${process.env['PICTURES']}/call-${look.width}${look.dark ? '-dark' : ''}${look.largeText ? '-large' : ''}.png`, fullPage: true });
        assert.deepEqual(await complaints(page, path), []);
        await demo.api(demo.merchant('TAXABLE'), `/v1/payment-requests/${request.id}/withdraw`, {});
      }),
    );
  }
});
