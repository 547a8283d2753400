import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, logIn, pay } from '../support/acts';
import { journey } from '../support/world';

describe('chapter 7: history', () => {
  test(
    'filters stand in the address and survive reload and back',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.getByRole('link', { name: '거래내역' }).first().click();
      await page.getByRole('radio', { name: '1개월' }).click();
      await page.getByRole('radio', { name: '취소', exact: true }).click();
      await page.waitForURL(/period=month&status=CANCELED/);
      await page.getByText('거래 합계').waitFor();
      await page.reload();
      assert.equal(await page.getByRole('radio', { name: '1개월' }).getAttribute('aria-checked'), 'true');
      await page.locator('a.row').first().click();
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      await page.goBack();
      await page.getByText('거래 합계').waitFor();
      assert.match(page.url(), /period=month&status=CANCELED/);
      assert.equal(await page.getByRole('radio', { name: '취소', exact: true }).getAttribute('aria-checked'), 'true');
    }),
  );

  test(
    'the list grows while scrolling, and coming back finds the place',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.goto('/app/payments?period=quarter');
      const rows = page.locator('a.row');
      await rows.nth(29).waitFor();
      while ((await rows.count()) < 50) {
        await page.mouse.wheel(0, 3000);
        await page.waitForTimeout(100);
      }
      await rows.nth(40).scrollIntoViewIfNeeded();
      const before = await page.evaluate(() => window.scrollY);
      await rows.nth(40).click();
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      await page.goBack();
      await rows.nth(40).waitFor();
      await page.waitForFunction((y) => Math.abs(window.scrollY - y) < 120, before);
    }),
  );

  test(
    'a search finds one payment, and typed conditions narrow',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      const card = demo.card('APPROVE');
      await pay(page, 41_730, card);
      const id = await approved(page);
      await page.goto('/app/payments');
      await page.getByRole('button', { name: '상세 조건' }).click();
      await page.getByLabel('최소 금액').fill('41730');
      await page.getByLabel('최대 금액').fill('41730');
      await page.getByLabel('카드 끝 4자리').fill(card.number.slice(-4));
      await page.getByRole('button', { name: '조회' }).click();
      await page.locator(`a[href$="/payments/${id}"]`).waitFor();
      assert.equal(await page.locator('a.row').count(), 1);
      await page.getByLabel('거래 검색').fill('그런 거래는 없음');
      await page.getByRole('heading', { name: '조건에 맞는 거래가 없어요' }).waitFor();
    }),
  );

  test(
    "another merchant's payment is not there",
    journey({}, async ({ page }, demo) => {
      const { payments } = await demo.api<{ payments: { id: string }[] }>(demo.merchant('MIXED'), '/v1/payments?limit=1');
      await logIn(page, demo.merchant('TAXABLE'));
      await page.goto(`/app/payments/${payments[0]?.id}`);
      await page.getByRole('heading', { name: '거래를 찾을 수 없어요' }).waitFor();
    }),
  );
});
