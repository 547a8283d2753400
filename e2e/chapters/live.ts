import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { approved, enterAmount, keyIn, logIn, logInAnew, pay } from '../support/acts';
import { openWindow } from '../support/browser';
import { Demo } from '../support/demo';
import { journey, world } from '../support/world';

describe('frame: live, offline', () => {
  test(
    'a second device sees the payment at once, without a reload',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const { browser } = await world();
      await logIn(page, merchant);
      const other = await openWindow(browser, demo.file.baseUrl, {});
      try {
        await logIn(other.page, merchant);
        const total = other.page.locator('.today .amount');
        const before = await total.innerText();
        await pay(page, 17_000, demo.card('APPROVE'));
        await approved(page);
        await other.page.waitForFunction((old) => document.querySelector('.today .amount')?.textContent !== old, before.replace(/\s/g, ''), { timeout: 5000 });
        await other.page.getByText(/방금/).first().waitFor();
        assert.deepEqual(other.watch.faults(), []);
      } finally {
        await other.context.close();
      }
    }),
  );

  test(
    'what one device sells out, and what a sale takes, another shows at once',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { browser } = await world();
      const name = `시험 재고 ${Date.now()}`;
      const { id } = await demo.api<{ id: string }>(merchant, '/v1/products', { name, price: 1_000, stock: 2 });
      await logIn(page, merchant);
      await page.goto('/app/products');
      await page.getByLabel('상품 검색').fill(name);
      const tile = page.locator('.product', { hasText: name });
      const out = page.locator('.product.is-out', { hasText: name });
      await tile.getByText('2개 남음').waitFor();
      const other = await openWindow(browser, demo.file.baseUrl, {});
      try {
        await logIn(other.page, merchant);
        await other.page.goto('/app/products/manage');
        await other.page.getByLabel('상품 검색').fill(name);
        await other.page.getByRole('button', { name: `${name} 품절` }).click();
        await out.waitFor({ timeout: 5000 });
        await other.page.getByRole('button', { name: `${name} 품절` }).click();
        await out.waitFor({ state: 'detached', timeout: 5000 });
        const sale = { method: 'CASH', orderId: `stock-${Date.now()}`, orderName: name, amount: 2_000, items: [{ productId: id, name, unitPrice: 1_000, quantity: 2 }], cash: { received: 2_000 } };
        await demo.api(merchant, '/v1/payments', sale);
        await out.waitFor({ timeout: 5000 });
        assert.deepEqual(other.watch.faults(), []);
      } finally {
        await other.context.close();
        await page.evaluate(async (product) => {
          const { version } = (await (await fetch(`/v1/products/${product}`)).json()) as { version: number };
          await fetch(`/v1/products/${product}?version=${version}`, { method: 'DELETE' });
        }, id);
      }
      await tile.waitFor({ state: 'detached', timeout: 5000 });
    }),
  );

  test(
    'started without a network it shows what was kept, masked, and takes cash, which is sent once; log-out erases what was kept',
    journey({ worker: true }, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      // In a session of its own: the log-out at the end ends it.
      await logInAnew(page, merchant);
      await page.waitForFunction(() => localStorage.getItem('innopay.kept') !== null);
      await page.evaluate(() => navigator.serviceWorker.ready);
      await context.setOffline(true);
      await page.reload();
      await page.getByText('오프라인이에요. 연결되면 자동으로 이어져요.').waitFor();
      assert.ok((await page.locator('.row').count()) > 5);
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.doesNotMatch(stored, /\d{6}\*+\d{4}|010\d{7,8}/);
      const cached = await page.evaluate(async () => {
        const names: string[] = [];
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) names.push(new URL(request.url).pathname);
        return names;
      });
      assert.ok(cached.length > 5);
      assert.deepEqual(
        cached.filter((path) => !path.startsWith('/app/')),
        [],
      );
      await page.getByRole('link', { name: '현금결제' }).click();
      for (const digit of '7700') await page.getByRole('button', { name: digit, exact: true }).click();
      await page.getByRole('button', { name: /현금 받기$/ }).click();
      const before = new Date();
      await page.getByRole('button', { name: '7,700원 받고 전송 대기' }).click();
      await page.getByRole('heading', { name: '전송 대기로 적어 두었어요' }).waitFor();
      await page.getByRole('link', { name: '현금결제 1건 전송 대기' }).first().click();
      await page.getByText('현금은 지금도 받을 수 있어요', { exact: false }).waitFor();
      await context.setOffline(false);
      await page.getByRole('link', { name: /^일반 상품.*현금/ }).first().waitFor();
      const { payments } = await demo.api<{ payments: { amount: number; approvedAt: string; requestedAt: string }[] }>(merchant, '/v1/payments?channel=CASH&minAmount=7700&maxAmount=7700');
      assert.equal(payments.length, 1);
      const [sale] = payments;
      assert.ok(sale && new Date(sale.approvedAt) >= before && sale.approvedAt < sale.requestedAt, 'it is of the time at which the money was taken');
      await page.goto('/app/');
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      await page.goto('/app/settings');
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByRole('button', { name: '로그인' }).waitFor();
      assert.equal(await page.evaluate(() => localStorage.getItem('innopay.kept')), null);
    }),
  );

  test('the server dies while the acquirer is silent: the payment resolves once, by itself', async () => {
    // A demo of its own, for it is killed.
    const [demo, { browser }] = await Promise.all([Demo.start(), world()]);
    const { page, context, watch } = await openWindow(browser, demo.file.baseUrl, {});
    try {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant);
      await pay(page, 24_170, demo.card('TIMEOUT'));
      await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
      await waitForEntry(demo, 'AUTHORIZE', 24_170);
      await demo.restart();
      await page.getByRole('heading', { name: '결제가 이루어지지 않았어요' }).waitFor({ timeout: 60_000 });
      const { payments } = await demo.api<{ payments: { status: string; failure?: { code: string } }[] }>(merchant, '/v1/payments?minAmount=24170&maxAmount=24170');
      assert.deepEqual(
        payments.map(({ status, failure }) => [status, failure?.code]),
        [['ABORTED', 'REVERSED']],
      );
      const done = (await demo.journal()).filter((entry) => entry.amount === 24_170 && entry.merchantId === merchant.id && entry.result === 'APPROVED');
      assert.deepEqual(
        done.map(({ type }) => type),
        ['AUTHORIZE', 'REVERSE'],
      );
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 1);
    } finally {
      await context.close();
      await demo.stop();
    }
  });

  test(
    'two tabs with the same cart are two sales; two presses of one tab are one',
    journey({}, async ({ page, context, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      const other = await context.newPage();
      for (const tab of [page, other]) {
        await enterAmount(tab, 25_170);
        await keyIn(tab, demo.card('APPROVE'));
      }
      await Promise.all([page, other].map((tab) => tab.getByRole('button', { name: '25,170원 결제' }).dblclick()));
      const ids = await Promise.all([approved(page), approved(other)]);
      assert.notEqual(ids[0], ids[1]);
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 2);
      const sold = (await demo.journal()).filter((entry) => entry.amount === 25_170 && entry.merchantId === merchant.id && entry.type === 'AUTHORIZE');
      assert.equal(sold.length, 2);
    }),
  );
});

/** Waits until the acquirer has booked a message of the amount. */
async function waitForEntry(demo: Demo, type: string, amount: number): Promise<void> {
  for (let look = 0; look < 100; look++) {
    if ((await demo.journal()).some((entry) => entry.type === type && entry.amount === amount)) return;
    await sleep(50);
  }
  throw new Error(`the acquirer never saw ${type} of ${amount}`);
}
