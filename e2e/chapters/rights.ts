import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn, logInAnew } from '../support/acts';
import { openWindow } from '../support/browser';
import type { Demo, DemoMerchant } from '../support/demo';
import { journey, world } from '../support/world';

const sale = (demo: Demo, merchant: DemoMerchant): Promise<{ id: string }> =>
  demo.api(merchant, '/v1/payments', { orderId: `rights-${Date.now()}`, orderName: '권한 시험', amount: 20_000, method: 'CASH', cash: { received: 20_000 } });

/** Sends something with the session of a page; gives the code of the refusal. */
const refusal = (page: Page, path: string, body: object): Promise<string> =>
  page.evaluate(
    async ([to, text]) => {
      const answer = await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }, body: text });
      return ((await answer.json()) as { code: string }).code;
    },
    [path, JSON.stringify(body)] as const,
  );

describe('chapter 9: what the staff may do', () => {
  test(
    'the owner says it at once; the app hides or explains what somebody may not, and the server refuses it',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const { browser } = await world();
      const staff = await openWindow(browser, demo.file.baseUrl, {});
      try {
        await logIn(page, merchant);
        await page.goto('/app/settings');
        await page.getByRole('link', { name: /직원 권한/ }).click();
        const person = page.locator('section.person').filter({ has: page.getByRole('switch') }).first();
        const turn = async (name: string): Promise<void> => {
          const saved = page.waitForResponse((answer) => answer.url().endsWith('/permissions'));
          await person.getByRole('switch', { name }).click();
          assert.equal((await saved).status(), 200);
        };
        await turn('할인');
        await page.getByText('저장했어요').waitFor();
        await person.getByRole('button', { name: /취소 한도/ }).click();
        await page.getByRole('textbox', { name: '취소 한도' }).fill('5000');
        await page.getByRole('button', { name: '저장', exact: true }).click();
        await person.getByText('5,000원까지').waitFor();
        await page.reload();
        await person.getByText('5,000원까지').waitFor();
        assert.equal(await person.getByRole('switch', { name: '할인' }).getAttribute('aria-checked'), 'false');

        const { id } = await sale(demo, merchant);
        const other = staff.page;
        await logInAnew(other, merchant, 'STAFF');
        await other.goto('/app/products');
        await other.locator('.product-body:enabled').first().click();
        assert.equal(await other.getByRole('link', { name: '상품 관리' }).count(), 0);
        await other.goto('/app/cart');
        await other.getByRole('button', { name: /할인·메모$/ }).click();
        await other.getByText('할인은 권한이 있는 사람만', { exact: false }).waitFor();
        assert.equal(await other.getByLabel('할인 금액').count(), 0);
        for (const path of ['/app/products/new', '/app/products/manage', '/app/products/import', '/app/settings/staff']) {
          await other.goto(path);
          await other.getByRole('heading', { name: '쓸 수 있는 권한이 없어요' }).waitFor();
        }
        await other.goto(`/app/payments/${id}/cancel`);
        await other.getByText('5,000원까지 취소할 수 있어요', { exact: false }).waitFor();
        await other.getByRole('radio', { name: '금액 오류' }).click();
        await other.getByLabel('취소 비밀번호').fill(merchant.cancelPassword);
        assert.ok(await other.getByRole('button', { name: '20,000원 취소' }).isDisabled());
        // Whoever goes around the app is refused by the server.
        const asked = await Promise.all([
          refusal(other, '/v1/products', { name: '몰래', price: 1 }),
          refusal(other, `/v1/payments/${id}/cancel`, { reason: '몰래', cancelPassword: merchant.cancelPassword }),
        ]);
        assert.deepEqual(asked, ['FORBIDDEN', 'CANCEL_LIMIT']);

        await turn('결제 취소');
        await turn('상품 편집');
        await other.goto(`/app/payments/${id}`);
        await other.getByText('권한 시험').first().waitFor();
        assert.equal(await other.getByRole('link', { name: '결제 취소' }).count(), 0);
        await other.goto('/app/products');
        await other.getByRole('link', { name: '상품 관리' }).click();
        await other.getByRole('link', { name: '상품 추가' }).waitFor();
        await turn('결제 취소');
        await turn('상품 편집');
        await turn('할인');
        await person.getByRole('button', { name: /취소 한도/ }).click();
        await page.getByRole('textbox', { name: '취소 한도' }).fill('0');
        await page.getByRole('button', { name: '저장', exact: true }).click();
        await person.getByText('한도 없음').waitFor();
        assert.deepEqual(staff.watch.faults(), []);
      } finally {
        await staff.context.close();
      }
    }),
  );
});
