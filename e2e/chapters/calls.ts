import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { complaints } from '../support/axe';
import { settled } from '../support/browser';
import { at, call, CALLER, key } from '../support/calls';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

interface Request {
  id: string;
  status: string;
  arsNumber: string;
  code: string;
}

/** Asks a buyer for a payment by phone. */
function ask(demo: Demo, amount: number): Promise<Request> {
  const order = `call-${Date.now()}-${amount}`;
  return demo.api<Request>(demo.merchant('TAXABLE'), '/v1/payment-requests', { kind: 'ARS', orderId: order, orderName: '커피', amount, buyer: { name: '구매자', phone: CALLER } });
}

/** Waits until the request stands as wanted. */
async function becomes(demo: Demo, id: string, wanted: string): Promise<void> {
  let status = '';
  for (let tries = 0; tries < 50 && status !== wanted; tries += 1) {
    ({ status } = await demo.api<Request>(demo.merchant('TAXABLE'), `/v1/payment-requests/${id}`));
    if (status !== wanted) await sleep(200);
  }
  assert.equal(status, wanted);
}

describe('calls of the virtual phone', () => {
  test(
    'a buyer phones and pays by keypad, and the seller sees it',
    journey({}, async ({ page, watch }, demo) => {
      const request = await ask(demo, 12_300);
      const before = (await demo.journal()).length;
      await call(page);
      await page.getByText('만이천삼백원').waitFor();
      await becomes(demo, request.id, 'IN_CALL');
      assert.deepEqual(await complaints(page, 'call'), []);
      await key(page, '1').click();
      await at(page, 'consent');
      await key(page, '1').click();
      await at(page, 'card');
      await page.locator('.call-card').click();
      await page.locator('.face[data-behaviour="APPROVE"]').first().click();
      await at(page, 'expiry');
      assert.deepEqual(await complaints(page, 'call'), []);
      for (const next of ['birth', 'password', 'confirm']) {
        await page.locator('.call-card').click();
        await at(page, next);
      }
      assert.match((await page.locator('.call-typed').textContent()) ?? '', /^•*$/);
      await key(page, '1').click();
      await at(page, 'approved');
      await becomes(demo, request.id, 'PAID');
      const entries = (await demo.journal()).slice(before).filter(({ type }) => type === 'AUTHORIZE');
      assert.deepEqual(
        entries.map(({ amount, result }) => [amount, result]),
        [[12_300, 'APPROVED']],
      );
      const { number } = demo.card('APPROVE');
      assert.deepEqual(
        watch.sent.filter(({ url, body }) => url.includes(number) || body.includes(number)),
        [],
      );
      await page.locator('.call-end').click();
      await page.locator('.screen-call[data-state="ended"]').waitFor();
      await page.locator('.call-end').click();
      await page.locator('.screen-dial .row').first().waitFor();
    }),
  );

  test(
    'a hidden number is asked for the code, and hanging up gives the request back',
    journey({ dark: true }, async ({ page }, demo) => {
      const request = await ask(demo, 4_500);
      await page.goto('/simulator/phone');
      await page.locator('.who').nth(2).click();
      await page.locator('.app[data-app="messages"]').click();
      await page.locator('.row').first().click();
      await page.locator('.bubble-text a', { hasText: request.arsNumber }).last().click();
      await settled(page);
      assert.deepEqual(await complaints(page, 'call'), []);
      await page.locator('#withheld').check();
      await page.locator('.dial-go').click();
      await at(page, 'code');
      await page.keyboard.type(request.code);
      await at(page, 'order');
      await becomes(demo, request.id, 'IN_CALL');
      await page.locator('.call-end').click();
      await becomes(demo, request.id, 'SENT');
      await demo.api(demo.merchant('TAXABLE'), `/v1/payment-requests/${request.id}/withdraw`, {});
    }),
  );
});
