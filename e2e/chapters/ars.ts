import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn } from '../support/acts';
import { agree } from '../support/books';
import { at, call, CALLER, key } from '../support/calls';
import { journey } from '../support/world';

interface Asked {
  status: string;
  code: string;
  arsNumber: string;
  paymentId: string;
  amount: number;
}

/** Types an amount on the keypad and goes on to the buyer. */
async function enterAmount(page: Page, won: number): Promise<void> {
  await page.getByRole('heading', { name: 'ARS결제' }).waitFor();
  for (const digit of String(won)) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: /받는 사람 입력$/ }).click();
}

/** Names the buyer, waits for what would be sent and sends it; gives the request's address. */
async function send(page: Page, phone: string): Promise<string> {
  await page.getByLabel('휴대폰 번호').fill(phone);
  await page.locator('.preview .bubble', { hasText: '결제번호' }).waitFor();
  await page.getByRole('button', { name: /결제 요청 보내기$/ }).click();
  await page.waitForURL(/\/requests\/req_/);
  return `/v1/payment-requests/${new URL(page.url()).pathname.split('/').at(-1)}`;
}

const step = (page: Page, stand: string, text: string) => page.locator(`.step.is-${stand}`, { hasText: text });

/** Number and code as they stand on the screen, without what parts their digits. */
async function readOut(page: Page): Promise<[string, string]> {
  const [number, code] = [page.locator('.line-number'), page.locator('.line-code [aria-hidden]')];
  return [(await number.innerText()).replaceAll('-', ''), (await code.innerText()).replaceAll(' ', '')];
}

/** Keys in a card that is approved, while the seller watches. */
async function payByKeypad(phone: Page, seller: Page): Promise<void> {
  await key(phone, '1').click();
  await at(phone, 'consent');
  await key(phone, '1').click();
  await at(phone, 'card');
  await step(seller, 'now', '카드 입력').waitFor();
  await step(seller, 'done', '통화 중').waitFor();
  await phone.locator('.call-card').click();
  await phone.locator('.face[data-behaviour="APPROVE"]').first().click();
  await at(phone, 'expiry');
  for (const next of ['birth', 'password', 'confirm']) {
    await phone.locator('.call-card').click();
    await at(phone, next);
  }
  await key(phone, '1').click();
  await at(phone, 'approved');
}

describe('chapter 3: payment by ARS', () => {
  test(
    'asked from home, called and paid by keypad, with every step on the screen of the seller',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.getByRole('main').getByRole('link', { name: 'ARS결제' }).click();
      await enterAmount(page, 21_390);
      const address = await send(page, CALLER);
      await step(page, 'done', '문자 발송').waitFor();
      await step(page, 'now', '구매자가 전화하면 알려 드려요').waitFor();
      const asked = await demo.api<Asked>(merchant, address);
      assert.deepEqual(await readOut(page), [asked.arsNumber, asked.code]);
      assert.equal(await page.getByRole('link', { name: '전화 걸기' }).getAttribute('href'), `tel:${asked.arsNumber}`);
      assert.equal(await page.getByRole('button', { name: 'QR' }).count(), 0);

      const phone = await context.newPage();
      await call(phone);
      await step(page, 'now', '통화 중').waitFor();
      await payByKeypad(phone, page);
      await page.getByRole('heading', { name: '결제됐어요' }).waitFor();
      await step(page, 'done', '승인').locator('time').waitFor();
      await phone.close();
      await agree(demo, merchant, asked.paymentId, { status: 'DONE', amount: 21_390, canceled: [] });

      await page.goto('/app/payments');
      await page.getByRole('radio', { name: 'ARS', exact: true }).click();
      await page.locator('a.row', { hasText: '21,390원' }).waitFor();
      assert.match(page.url(), /channel=ARS/);
    }),
  );

  test(
    'reached from the menu: corrected to another number under the same code, and taken back',
    journey({ width: 320, height: 640 }, async ({ page, context }, demo) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.getByRole('button', { name: '전체' }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'ARS결제' }).click();
      await enterAmount(page, 22_390);
      const address = await send(page, '01000001201');
      const { code, arsNumber } = await demo.api<Asked>(merchant, address);
      await page.getByRole('button', { name: '번호 복사' }).click();
      await page.getByText('전화번호와 결제번호를 복사했어요').waitFor();
      const words = await page.evaluate(() => navigator.clipboard.readText());
      assert.ok(words.includes('22,390원') && words.includes(code) && words.replaceAll('-', '').includes(arsNumber), words);

      await page.getByRole('button', { name: '번호 수정' }).click();
      await page.getByRole('dialog').getByText('결제번호는 그대로예요').waitFor();
      await page.getByRole('dialog').getByLabel('휴대폰 번호').fill('01000001202');
      await page.getByRole('button', { name: '이 번호로 보내기' }).click();
      await page.getByText('새 번호로 보냈어요').waitFor();
      assert.deepEqual(await readOut(page), [arsNumber, code]);

      await page.getByRole('button', { name: '요청 취소' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '22,390원 요청 취소' }).click();
      await page.getByRole('heading', { name: '취소한 요청이에요' }).waitFor();
      assert.equal((await demo.api<Asked>(merchant, address)).status, 'WITHDRAWN');
      assert.deepEqual((await demo.journal()).filter(({ amount }) => amount === 22_390), []);
      // Asked for again in the way it was asked for before.
      await page.getByRole('button', { name: '새로 요청' }).click();
      await page.getByRole('heading', { name: 'ARS결제' }).waitFor();
    }),
  );

  test(
    'reached from the sheet of methods: the buyer is asked for what is in the cart',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/products');
      await page.getByRole('button', { name: /담기$/ }).first().click();
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      const link = page.getByRole('link', { name: /원 ARS결제$/ });
      const won = Number(((await link.getAttribute('aria-label')) ?? '').replace(/\D/g, ''));
      await link.click();
      const address = await send(page, '01000001203');
      const asked = await demo.api<Asked>(merchant, address);
      assert.equal(asked.amount, won);
      const payment = await demo.api<{ items: unknown[]; channel: string }>(merchant, `/v1/payments/${asked.paymentId}`);
      assert.deepEqual([payment.items.length, payment.channel], [1, 'ARS']);
      await demo.api(merchant, `${address}/withdraw`, {});
      await page.getByRole('heading', { name: '취소한 요청이에요' }).waitFor();
    }),
  );
});
