import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { kept, logIn, logInAnew, openCancel, paymentId } from '../support/acts';
import { launchKept } from '../support/browser';
import type { Demo, DemoMerchant } from '../support/demo';
import { journey, world } from '../support/world';

const PHONE = '01000005678';

interface Row {
  id: string;
  orderId: string;
  orderName: string;
  amount: number;
  status: string;
  channel: string;
  cash?: { received: number; change: number };
  balanceAmount: number;
}

/** The cash payments of a name, as the merchant's own system sees them. */
async function sold(demo: Demo, merchant: DemoMerchant, orderName: string): Promise<Row[]> {
  const { payments } = await demo.api<{ payments: Row[] }>(merchant, `/v1/payments?channel=CASH&limit=100`);
  return payments.filter((payment) => payment.orderName === orderName);
}

/** Types an amount and a name, up to the money on the counter. */
async function counter(page: Page, won: number, name: string): Promise<void> {
  for (const digit of String(won)) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: /^상품 / }).click();
  await page.getByRole('textbox', { name: '상품명' }).fill(name);
  await page.getByRole('button', { name: '완료' }).click();
  await page.getByRole('button', { name: /현금 받기$/ }).click();
  await page.getByLabel('받은 돈', { exact: true }).waitFor();
}

const bill = (page: Page, text: string): Promise<void> => page.getByRole('group', { name: '받은 지폐' }).getByRole('button', { name: text, exact: true }).click();

/** The demo's shops are in trades that may leave a receipt out; this makes the app take one for a trade that may not. */
async function boundTrade(page: Page): Promise<void> {
  await page.route('**/v1/merchant', async (route) => {
    const own = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...own, cashReceiptDuty: true } });
  });
}

describe('chapter 5: cash', () => {
  test(
    'from home: notes are counted, the change is told, the sale is found, and its cash is handed back by the cancel password',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.getByRole('navigation', { name: '기능' }).getByRole('link', { name: '현금결제' }).click();
      await counter(page, 55_000, '현금 시험 하나');
      await bill(page, '+5만');
      await page.getByText('5,000원 더 받아야 해요').waitFor();
      assert.ok(await page.getByRole('button', { name: '55,000원 현금 결제' }).isDisabled());
      await bill(page, '+1만');
      await page.getByText(/거스름돈\s*5,000원/).waitFor();
      await page.getByRole('button', { name: '55,000원 현금 결제' }).click();
      await page.getByRole('heading', { name: '현금으로 받았어요' }).waitFor();
      await page.locator('.outcome').getByText('거스름돈').waitFor();
      const id = paymentId(page);
      const [sale, ...others] = await sold(demo, merchant, '현금 시험 하나');
      assert.deepEqual([sale?.id, sale?.status, sale?.cash, others.length], [id, 'DONE', { received: 60_000, change: 5_000 }, 0]);

      await page.getByRole('link', { name: '상세 보기' }).click();
      await page.getByText('현금을 받은 것으로 기록했어요').waitFor();
      assert.doesNotMatch(await page.locator('main').innerText(), /카드사/);
      await page.goto('/app/payments');
      await page.getByRole('radio', { name: '현금', exact: true }).click();
      await page.getByRole('link', { name: /현금 시험 하나/ }).waitFor();

      await openCancel(page, id);
      await page.getByText('받은 현금을 구매자에게 직접 돌려주세요', { exact: false }).waitFor();
      await page.getByRole('radio', { name: '단순 변심' }).click();
      await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
      await page.getByRole('button', { name: '55,000원 취소' }).click();
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      assert.deepEqual((await sold(demo, merchant, '현금 시험 하나')).map(({ status, balanceAmount }) => [status, balanceAmount]), [['CANCELED', 0]]);
    }),
  );

  test(
    'is one of the ways to pay a cart, and a double press is one sale',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await page.goto('/app/products');
      await page.getByRole('button', { name: /담기$/ }).first().click();
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      await page.getByRole('link', { name: /원 현금결제$/ }).click();
      await page.getByRole('button', { name: /원 현금 결제$/ }).dblclick();
      await page.getByRole('heading', { name: '현금으로 받았어요' }).waitFor();
      await page.getByText('거스름돈이 없어요').waitFor();
      assert.equal(watch.sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length, 1);
    }),
  );

  test(
    'a bound trade is warned at once; the number of the receipt goes to the payment alone, and the office issues it while one looks',
    journey({}, async ({ page, watch }, demo) => {
      await boundTrade(page);
      await logIn(page, demo.merchant('TAXABLE'));
      await page.goto('/app/pay/cash');
      await counter(page, 120_000, '꽃다발');
      await page.getByText('의무발행 업종', { exact: false }).waitFor();
      await page.getByRole('radio', { name: '지출증빙' }).click();
      assert.equal(await page.getByText('의무발행 업종', { exact: false }).count(), 0);
      await page.getByLabel('사업자등록번호').fill('101-81-99994');
      await page.getByText('사업자등록번호가 맞지 않아요', { exact: false }).waitFor();
      await page.getByRole('radio', { name: '소득공제' }).click();
      await page.getByLabel('휴대폰 번호').fill('010 0000 567');
      assert.ok(await page.getByRole('button', { name: '120,000원 현금 결제' }).isDisabled());
      await page.getByLabel('휴대폰 번호').fill('010 0000 5678');
      await page.getByRole('button', { name: '120,000원 현금 결제' }).click();
      await page.getByRole('button', { name: '현금영수증 취소' }).waitFor();
      await page.getByText('국세청 확인', { exact: true }).first().waitFor();
      const told = watch.sent.filter(({ body }) => body.includes(PHONE));
      assert.deepEqual(told.map(({ method, url }) => [method, new URL(url).pathname]), [['POST', '/v1/payments']]);
      assert.ok(!(await kept(page)).includes(PHONE));

      const [slip] = await Promise.all([page.context().waitForEvent('page'), page.getByRole('link', { name: '영수증 보기' }).click()]);
      await slip.getByRole('heading', { name: /현금 판매 영수증/ }).waitFor();
      for (const text of ['국세청 승인번호', '*******5678', '소득공제']) await slip.getByText(text, { exact: true }).waitFor();
    }),
  );

  for (const [kind, identifier, shown, buyer] of [
    ['INCOME_DEDUCTION', PHONE, '소득공제', '01000005100'],
    ['EXPENSE_PROOF', '1018199993', '지출증빙', '01000005101'],
    ['SELF_ISSUED', undefined, '자진발급', '01000005102'],
  ] as const) {
    test(
      `${shown}: issued, confirmed, cancelled in part with its sale, and the slip of it is texted`,
      journey({}, async ({ page }, demo) => {
        const merchant = demo.merchant('TAXABLE');
        const sale = await demo.api<Row & { cashReceipt: { id: string } }>(merchant, '/v1/payments', {
          method: 'CASH', orderId: `e2e-${kind}`, orderName: `${shown} 시험`, amount: 120_000, cash: { received: 120_000, receipt: { type: kind, identifier } },
        });
        await logIn(page, merchant);
        await page.goto(`/app/payments/${sale.id}`);
        await page.getByText('국세청 확인', { exact: true }).first().waitFor();
        await page.getByText(shown, { exact: false }).first().waitFor();

        await openCancel(page, sale.id);
        await page.getByRole('radio', { name: '부분' }).click();
        await page.getByLabel('취소 금액').fill('20000');
        await page.getByRole('radio', { name: '단순 변심' }).click();
        await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
        await page.getByRole('button', { name: '20,000원 취소', exact: true }).click();
        await page.getByRole('heading', { name: '취소했어요' }).waitFor();

        await page.goto(`/app/payments/${sale.id}`);
        const cancels = page.getByRole('region', { name: '현금영수증 취소 내역' });
        await cancels.getByText('취소 완료').waitFor();
        const receipt = await demo.api<{ balanceAmount: number; cancels: { amount: number; status: string }[] }>(merchant, `/v1/cash-receipts/${sale.cashReceipt.id}`);
        assert.deepEqual([receipt.balanceAmount, receipt.cancels.map(({ amount, status }) => [amount, status])], [100_000, [[20_000, 'ISSUED']]]);

        await page.getByRole('button', { name: '영수증 보내기' }).click();
        const sheet = page.getByRole('dialog', { name: '영수증 보내기' });
        await sheet.getByLabel('받을 휴대폰 번호').fill(buyer);
        await sheet.getByRole('button', { name: '문자로 보내기' }).click();
        const text = await demo.text(buyer, '120,000원', '취소 금액 -20,000원');
        await page.goto(/https?:\/\/\S+\/r\/\S+/.exec(text.text)?.[0] ?? '');
        await page.getByRole('heading', { name: '현금 판매 영수증 (부분취소)' }).waitFor();
        assert.match(await page.locator('main').innerText(), /발급 금액\s+100,000원/);
      }),
    );
  }

  test(
    'of a sale made elsewhere: issued from the list, texted to the number it is for, and opened there',
    journey({}, async ({ page }, demo) => {
      const buyer = '01000005103';
      await logIn(page, demo.merchant('TAXABLE'));
      await page.goto('/app/cash-receipts/new');
      await page.getByLabel('금액', { exact: true }).fill('66000');
      await page.getByLabel('상품명').fill('출장 수리');
      await page.getByLabel('휴대폰 번호').fill(buyer);
      await page.getByRole('button', { name: /66,000원 현금영수증 발급/ }).click();
      await page.getByRole('button', { name: '영수증 보내기' }).click();
      const sheet = page.getByRole('dialog', { name: '영수증 보내기' });
      await sheet.getByText('비워 두면 발급받은 번호(끝자리 5103)로 보내요.').waitFor();
      await sheet.getByRole('button', { name: '문자로 보내기' }).click();
      const { text } = await demo.text(buyer, '출장 수리', '66,000원');
      await page.goto(/https?:\/\/\S+\/r\/c\S+/.exec(text)?.[0] ?? '');
      await page.getByRole('heading', { name: '현금영수증', exact: true }).first().waitFor();
      for (const shown of ['국세청 승인번호', '*******5103', '소득공제']) await page.getByText(shown, { exact: true }).waitFor();
    }),
  );

  test('taken without a network, it waits over the end of browser and server, and is recorded once', async () => {
    const { demo } = await world();
    const merchant = demo.merchant('TAXABLE');
    const folder = await mkdtemp(join(tmpdir(), 'innopay-profile-'));
    const again = async (walk: (page: Page, context: BrowserContext) => Promise<void>): Promise<void> => {
      const context = await launchKept(folder, demo.file.baseUrl);
      context.setDefaultTimeout(10_000);
      try {
        await walk(context.pages()[0] ?? (await context.newPage()), context);
      } finally {
        await context.close();
      }
    };
    try {
      await again(async (page, context) => {
        await logInAnew(page, merchant);
        await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated');
        await page.getByRole('navigation', { name: '기능' }).getByRole('link', { name: '현금결제' }).click();
        await page.getByRole('button', { name: '1', exact: true }).waitFor();
        await context.setOffline(true);
        await counter(page, 33_000, '현금 시험 오프라인');
        await bill(page, '+5만');
        await page.getByRole('button', { name: '33,000원 받고 전송 대기' }).click();
        await page.getByRole('heading', { name: '전송 대기로 적어 두었어요' }).waitFor();
        await page.locator('.outcome').getByText('17,000').waitFor();
        await page.getByRole('link', { name: '현금결제 1건 전송 대기' }).waitFor();
      });
      assert.equal((await sold(demo, merchant, '현금 시험 오프라인')).length, 0);
      await demo.restart();
      await again(async (page) => {
        await page.goto('/app/');
        await page.goto('/app/payments');
        await page.getByRole('link', { name: /현금 시험 오프라인/ }).waitFor();
        await page.getByRole('link', { name: '현금결제 1건 전송 대기' }).waitFor({ state: 'hidden' });
      });
      await again(async (page) => {
        await page.goto('/app/payments');
        await page.getByRole('link', { name: /현금 시험 오프라인/ }).waitFor();
      });
      const rows = await sold(demo, merchant, '현금 시험 오프라인');
      assert.deepEqual(rows.map(({ amount, cash }) => [amount, cash]), [[33_000, { received: 50_000, change: 17_000 }]]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
