import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { approved, enterAmount, kept, keyIn, logIn, pay, paymentId, payWith, sign } from '../support/acts';
import { journey } from '../support/world';

interface Payment {
  id: string;
  orderId: string;
  status: string;
  amount: number;
  taxFreeAmount: number;
  signatureMissing: boolean;
  failure?: { code: string };
  receiptUrl?: string;
}

/** Sentences that must not stand on a screen while an outcome is open. */
const VERDICTS = /실패|승인되지 않|이루어지지 않/;

describe('chapter 2: card payment', () => {
  test(
    'key-in with signature: receipt, history, and no trace of the card',
    journey({}, async ({ page, context, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logIn(page, merchant);
      await pay(page, 61_000, card);
      const id = await approved(page);
      await page.getByText('55,455').waitFor();

      assert.ok(!(await kept(page)).includes(card.number), 'the card number stayed in the page or its storage');
      const carriers = watch.sent.filter(({ url, body }) => (url + body).includes(card.number));
      assert.deepEqual(
        carriers.map(({ method, url }) => `${method} ${new URL(url).pathname}`),
        ['POST /v1/payments'],
      );

      const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
      assert.equal(payment.status, 'DONE');
      assert.equal(payment.signatureMissing, false);

      const opening = context.waitForEvent('page');
      await page.getByRole('link', { name: '영수증 보기' }).click();
      const receipt = await opening;
      await receipt.waitForLoadState();
      assert.match(new URL(receipt.url()).pathname, /^\/r\/./);
      assert.equal(await receipt.locator('script').count(), 0);
      const slip = await receipt.locator('body').innerText();
      for (const part of ['61,000', merchant.name, `${card.number.slice(0, 4)}`]) assert.ok(slip.includes(part), `the receipt lacks ${part}`);
      assert.ok(!slip.replace(/\s/g, '').includes(card.number));
      await receipt.close();

      await page.goto('/app/payments?period=today');
      await page.locator(`a[href$="/payments/${id}"]`).waitFor();
    }),
  );

  test(
    'each step starts at its top, however far the keypad was scrolled',
    journey({ width: 320, height: 480 }, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.goto('/app/pay/card');
      for (const digit of ['6', '0', '0', '0', '0']) await page.getByRole('button', { name: digit, exact: true }).click();
      await page.mouse.wheel(0, 2000);
      await page.waitForFunction(() => window.scrollY > 0);
      await page.getByRole('button', { name: /카드 입력$/ }).click();
      await page.getByLabel('카드번호').waitFor();
      await page.waitForFunction(() => window.scrollY === 0);
    }),
  );

  test(
    'up to the limit no signature is asked',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      await pay(page, 50_000, demo.card('APPROVE'));
      await approved(page);
    }),
  );

  test(
    'a signature put off is taken later',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await enterAmount(page, 70_000);
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '서명하기' }).click();
      await page.getByRole('button', { name: '나중에 서명받기' }).click();
      const id = await approved(page);
      await page.getByRole('link', { name: '상세 보기' }).click();
      await page.getByRole('button', { name: '서명 받기' }).click();
      await sign(page);
      await page.getByRole('button', { name: '서명 저장' }).click();
      await page.getByText('서명을 저장했어요').waitFor();
      assert.equal((await demo.api<Payment>(merchant, `/v1/payments/${id}`)).signatureMissing, false);
    }),
  );

  test(
    'declined, then another card: amount kept, card not, two payments',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const bad = demo.card('DECLINE_LIMIT');
      await logIn(page, merchant);
      await pay(page, 33_000, bad);
      await page.getByRole('heading', { name: '승인되지 않았어요' }).waitFor();
      await page.getByText('CARD_DECLINED_LIMIT').waitFor();
      const first = await demo.api<Payment>(merchant, `/v1/payments/${paymentId(page)}`);
      assert.ok(!(await kept(page)).includes(bad.number));
      await page.getByRole('link', { name: '다른 카드로 결제' }).click();
      assert.equal(await page.getByLabel('카드번호').inputValue(), '');
      await payWith(page, 33_000, demo.card('APPROVE'));
      const second = await demo.api<Payment>(merchant, `/v1/payments/${await approved(page)}`);
      assert.equal(first.status, 'ABORTED');
      assert.equal(second.status, 'DONE');
      assert.notEqual(second.orderId, first.orderId);
    }),
  );

  test(
    'a silent acquirer: checking, no verdict while open, then settled by itself',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      // The first reversal gets no answer either, so that there is time to look.
      await demo.script([{ on: 'REVERSE', do: 'DROP', times: 1 }]);
      await pay(page, 21_000, demo.card('TIMEOUT'));
      await page.getByRole('heading', { name: '결제 결과를 확인 중이에요' }).waitFor();
      assert.doesNotMatch(await page.locator('body').innerText(), VERDICTS);
      const id = paymentId(page);
      await page.getByRole('heading', { name: '결제가 이루어지지 않았어요' }).waitFor({ timeout: 60_000 });
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
      assert.equal(payment.status, 'ABORTED');
      assert.equal(payment.failure?.code, 'REVERSED');
    }),
  );

  test(
    'an answer lost on the way: the app asks, and pays once',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.route('**/v1/payments', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        await route.fetch();
        await route.abort('connectionreset');
      });
      await pay(page, 18_000, demo.card('APPROVE'));
      const id = await approved(page);
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
      assert.equal(payment.status, 'DONE');
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 1);
      assert.ok(watch.sent.some(({ url }) => url.endsWith(`/v1/payments/orders/${payment.orderId}`)));
    }),
  );

  test(
    'a request that never arrived can be sent again under the same key',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await page.clock.install();
      await logIn(page, merchant);
      const keys: string[] = [];
      await page.route('**/v1/payments', async (route) => {
        if (route.request().method() !== 'POST') return route.fallback();
        keys.push(route.request().headers()['idempotency-key'] ?? '');
        await (keys.length === 1 ? route.abort('connectionrefused') : route.continue());
      });
      await pay(page, 19_000, demo.card('APPROVE'));
      const lost = page.getByRole('heading', { name: '결제 요청이 전달되지 않았어요' });
      await page.getByRole('heading', { name: '결제 결과를 확인 중이에요' }).waitFor();
      for (let ask = 0, seen = false; ask < 20 && !seen; ask++) {
        const asked = page.waitForResponse(/\/v1\/payments\/orders\//).then(() => false);
        const shown = lost.waitFor().then(() => true);
        await page.clock.fastForward(5000);
        seen = await Promise.race([asked, shown]);
      }
      await lost.waitFor();
      await page.getByRole('button', { name: '같은 결제 다시 보내기' }).click();
      await approved(page);
      assert.equal(keys.length, 2);
      assert.equal(keys[0], keys[1]);
    }),
  );

  test(
    'a reload while approving finds the payment again',
    journey({}, async ({ page, watch }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      // The first reversal gets no answer either, so that there is time to look.
      await demo.script([{ on: 'REVERSE', do: 'DROP', times: 1 }]);
      // The acquirer is silent for its read time-out, long enough to reload.
      await pay(page, 22_000, demo.card('TIMEOUT'));
      await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
      await sleep(300);
      page.once('dialog', (dialog) => void dialog.accept());
      await page.reload();
      await page.getByRole('heading', { name: '결제 결과를 확인 중이에요' }).waitFor();
      await page.getByRole('heading', { name: '결제가 이루어지지 않았어요' }).waitFor({ timeout: 60_000 });
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 1);
    }),
  );

  test(
    'back is barred while approving, and a double press pays once',
    journey({}, async ({ page, watch }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      await page.route('**/v1/payments', async (route) => {
        if (route.request().method() === 'POST') await sleep(1200);
        await route.fallback();
      });
      await enterAmount(page, 23_000);
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '23,000원 결제' }).dblclick();
      await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
      await page.evaluate(() => history.back());
      await sleep(200);
      await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
      await approved(page);
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 1);
    }),
  );

  test(
    'a merchant of both kinds names the tax-free part, and the split is live',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await page.goto('/app/pay/card');
      await page.getByRole('button', { name: '+1만' }).click();
      await page.getByText('공급가액 9,091 · 부가세 909').waitFor();
      await page.getByRole('button', { name: /^면세/ }).click();
      await page.getByRole('dialog').getByLabel('면세 금액').fill('4500');
      await page.getByRole('button', { name: '완료' }).click();
      await page.getByText('공급가액 5,000 · 부가세 500 · 면세 4,500').waitFor();
      await page.getByRole('button', { name: /카드 입력$/ }).click();
      await payWith(page, 10_000, demo.card('APPROVE'));
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${await approved(page)}`);
      assert.equal(payment.taxFreeAmount, 4_500);
    }),
  );

  test(
    'installments come with the amount they need',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      await enterAmount(page, 49_000);
      await page.getByText('할부는 50,000원부터 고를 수 있어요').waitFor();
      await enterAmount(page, 50_000);
      await page.getByRole('button', { name: /할부/ }).click();
      await page.getByRole('button', { name: '3개월' }).click();
      await payWith(page, 50_000, demo.card('APPROVE'));
      await approved(page);
      await page.getByText('3개월').waitFor();
    }),
  );
});
