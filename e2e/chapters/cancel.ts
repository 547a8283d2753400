import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, logIn, openCancel, pay } from '../support/acts';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

interface Payment {
  status: string;
  balanceAmount: number;
  cancels: { amount: number; status: string }[];
}

describe('chapter 8: cancel', () => {
  test(
    'login, pay, receipt, history, part, whole: to zero, and the receipt says so',
    journey({}, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await pay(page, 66_000, demo.card('APPROVE'));
      const id = await approved(page);
      const opening = context.waitForEvent('page');
      await page.getByRole('link', { name: '영수증 보기' }).click();
      const receipt = await opening;
      await receipt.getByText('66,000').first().waitFor();

      await page.goto('/app/payments?period=today');
      await page.locator(`a[href$="/payments/${id}"]`).click();
      await page.getByRole('link', { name: '결제 취소' }).click();
      await page.getByRole('radio', { name: '부분' }).click();
      await page.getByLabel('취소 금액').fill('16000');
      await page.getByRole('radio', { name: '단순 변심' }).click();
      await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
      await page.getByRole('button', { name: '16,000원 취소' }).click();
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      await page.getByText('50,000').waitFor();
      assert.deepEqual(await books(demo, id), { status: 'PARTIAL_CANCELED', balanceAmount: 50_000 });

      await openCancel(page, id);
      await page.getByRole('radio', { name: '직접 입력' }).click();
      await page.getByLabel('직접 입력').last().fill('손님이 나머지도 반품');
      await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
      await page.getByRole('button', { name: '50,000원 취소' }).click();
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      assert.deepEqual(await books(demo, id), { status: 'CANCELED', balanceAmount: 0 });

      await page.goto('/app/payments?period=today&status=CANCELED');
      await page.locator(`a[href$="/payments/${id}"]`).waitFor();
      await page.goto(`/app/payments/${id}/cancel`);
      await page.getByText('이미 전액 취소했어요.').waitFor();
      await receipt.reload();
      await receipt.getByText('취소').first().waitFor();
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
      assert.equal((await books(demo, id, 'MIXED')).status, 'DONE');
      await page.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
      await page.getByRole('button', { name: '27,000원 취소' }).click();
      await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      await page.getByText('승인취소', { exact: true }).waitFor();
    }),
  );

  test(
    'the menu entry leads to a list of what can be cancelled, and on to the form',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.getByRole('link', { name: '취소/환불' }).first().click();
      await page.getByRole('heading', { name: '어떤 거래를 취소할까요?' }).waitFor();
      await page.locator('a.row').first().click();
      await page.getByRole('heading', { name: '취소할 거래 선택' }).waitFor();
      await page.locator('a.row').first().click();
      await page.getByRole('heading', { name: '결제 취소' }).waitFor();
    }),
  );
});

async function books(demo: Demo, id: string, tax: 'TAXABLE' | 'MIXED' = 'TAXABLE'): Promise<Omit<Payment, 'cancels'>> {
  const { status, balanceAmount } = await demo.api<Payment>(demo.merchant(tax), `/v1/payments/${id}`);
  return { status, balanceAmount };
}
