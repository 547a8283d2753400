import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, logIn, logInAnew, openCancel, pay } from '../support/acts';
import { agree, totals } from '../support/books';
import type { DemoMerchant } from '../support/demo';
import { journey } from '../support/world';

describe('chapter 8: cancel', () => {
  test(
    'the whole way: login, pay with signature, receipt, history, part, the rest; and the money agrees everywhere',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant);
      const before = await totals(demo, merchant);
      await pay(page, 66_000, demo.card('APPROVE'));
      const id = await approved(page);
      await agree(demo, merchant, id, { status: 'DONE', amount: 66_000, canceled: [] });

      const opening = context.waitForEvent('page');
      await page.getByRole('link', { name: '영수증 보기' }).click();
      const receipt = await opening;
      await receipt.getByRole('heading', { name: '신용카드 매출전표' }).waitFor();
      assert.match(await receipt.locator('.total').first().innerText(), /66,000원/);
      assert.equal(await receipt.getByRole('img', { name: '서명' }).count(), 1);
      assert.equal(await receipt.locator('.stamp').count(), 0);

      await page.bringToFront();
      await openFromHistory(page, id, '66,000');
      await cancelAs(page, merchant, { part: 16_000, left: 66_000 });
      await page.getByText('50,000').waitFor();
      await agree(demo, merchant, id, { status: 'PARTIAL_CANCELED', amount: 66_000, canceled: [16_000] });
      await receipt.reload();
      assert.equal(await receipt.locator('.stamp').innerText(), '부분취소');

      await openFromHistory(page, id, '66,000');
      await cancelAs(page, merchant, { left: 50_000 });
      await agree(demo, merchant, id, { status: 'CANCELED', amount: 66_000, canceled: [16_000, 50_000] });
      await receipt.reload();
      assert.equal(await receipt.locator('.stamp').innerText(), '취소');
      assert.match(await receipt.locator('.total').last().innerText(), /\b0원/);
      await receipt.close();

      await page.goto('/app/payments?period=today&status=CANCELED');
      await page.locator(`a[href$="/payments/${id}"]`).waitFor();
      await page.goto(`/app/payments/${id}/cancel`);
      await page.getByText('이미 전액 취소했어요.').waitFor();
      assert.deepEqual(await totals(demo, merchant), {
        count: before.count + 1,
        amount: before.amount + 66_000,
        canceledCount: before.canceledCount + 2,
        canceledAmount: before.canceledAmount + 66_000,
        netAmount: before.netAmount,
      });
    }),
  );

  test(
    'a wrong cancel password says how many tries are left, and nothing moves',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await pay(page, 27_000, demo.card('APPROVE'));
      const id = await approved(page);
      await openCancel(page, id);
      await page.getByRole('radio', { name: '금액 오류' }).click();
      await page.getByLabel('취소 비밀번호').fill('wrong-password');
      await page.getByRole('button', { name: '27,000원 취소' }).click();
      await page.getByText(/남은 시도 4회/).waitFor();
      assert.equal(await page.getByLabel('취소 비밀번호').inputValue(), '');
      await agree(demo, merchant, id, { status: 'DONE', amount: 27_000, canceled: [] });
      await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
      await page.getByRole('button', { name: '27,000원 취소' }).click();
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      await page.getByText('승인취소', { exact: true }).waitFor();
    }),
  );

  test(
    'the menu entry leads to a list of what can be cancelled, to its slip with everything to be done, and on to the form',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.getByRole('link', { name: '취소/환불' }).first().click();
      await page.getByRole('heading', { name: '어떤 거래를 취소할까요?' }).waitFor();
      await page.locator('a.row').first().click();
      await page.getByRole('heading', { name: '취소할 거래 선택' }).waitFor();
      await page.getByRole('button', { name: '상세 조건' }).click();
      await page.getByLabel('최소 금액').fill('100');
      await page.getByRole('button', { name: '조회' }).click();
      await page.waitForURL(/channel=CARD.*minAmount=100/);
      await page.locator('a.row').first().click();
      // The slip, with everything that can be done with it, the printer being off.
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      await page.getByRole('button', { name: '영수증 보내기' }).waitFor();
      await page.getByRole('link', { name: '결제 취소' }).click();
      await page.getByRole('heading', { name: '결제 취소' }).waitFor();
      await page.getByRole('button', { name: '취소 사유를 골라 주세요' }).waitFor();
    }),
  );
});

/** Finds a payment in today's history by its link, and opens it. */
async function openFromHistory(page: Page, id: string, amount: string): Promise<void> {
  await page.goto('/app/payments?period=today');
  const row = page.locator(`a[href$="/payments/${id}"]`);
  await row.getByText(amount).waitFor();
  await row.click();
  await page.getByRole('link', { name: '결제 취소' }).click();
}

/** Fills the cancel form: a part of what is left, or all of it, up to the done screen. */
async function cancelAs(page: Page, merchant: DemoMerchant, { part, left }: { part?: number; left: number }): Promise<void> {
  const won = `${(part ?? left).toLocaleString('en-US')}원`;
  if (part === undefined) {
    await page.getByRole('radio', { name: '직접 입력' }).click();
    await page.getByLabel('직접 입력').last().fill('손님이 나머지도 반품');
  } else {
    await page.getByRole('radio', { name: '부분' }).click();
    await page.getByLabel('취소 금액').fill(String(part));
    await page.getByRole('radio', { name: '단순 변심' }).click();
  }
  await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
  await page.getByRole('button', { name: `${won} 취소`, exact: true }).click();
  await page.getByRole('heading', { name: '취소했어요' }).waitFor();
}
