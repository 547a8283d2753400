import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logInAnew } from '../support/acts';
import { journey } from '../support/world';

const add = async (page: Page, ...names: string[]): Promise<void> => {
  await page.goto('/app/products');
  for (const name of names) await page.getByRole('button', { name: `${name} 담기`, exact: true }).click();
  await page.goto('/app/cart');
};
const lines = (page: Page): Promise<string[]> => page.locator('.cart-name strong').allInnerTexts();
const held = (page: Page): Promise<string[]> => page.locator('.held-text strong').allInnerTexts();

async function hold(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: '보류', exact: true }).click();
  await page.getByRole('dialog').getByLabel('이름').fill(name);
  await page.getByRole('button', { name: '보류하기' }).click();
  await page.getByRole('heading', { name: '장바구니가 비어 있어요' }).waitFor();
}

describe('chapter 9: a cart that waits', () => {
  test(
    'outlives a reload, comes back in exchange or on top, can be taken back, and is gone after the log-out',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant);
      await add(page, '아메리카노', '소금빵');
      await page.getByRole('button', { name: '아메리카노 할인·메모' }).click();
      await page.getByRole('textbox', { name: /^메모/ }).fill('얼음 적게');
      await page.getByRole('button', { name: '적용' }).click();
      await hold(page, '3번 테이블');
      await add(page, '유자차');
      await page.reload();
      await page.getByRole('button', { name: '3번 테이블 불러오기' }).click();
      const ask = page.getByRole('dialog', { name: '지금 담긴 상품은 어떻게 할까요?' });
      await ask.getByRole('button', { name: /^바꾸기/ }).click();
      await page.getByText('3번 테이블 불러왔어요').waitFor();
      assert.deepEqual([await lines(page), await held(page)], [['아메리카노', '소금빵'], ['보류 1번']]);
      await page.getByText('얼음 적게').waitFor();

      await page.getByRole('button', { name: '보류 1번 불러오기' }).click();
      await ask.getByRole('button', { name: /^합치기/ }).click();
      await page.getByText('보류 1번 불러왔어요').waitFor();
      assert.deepEqual([await lines(page), await held(page)], [['아메리카노', '소금빵', '유자차'], []]);
      await page.getByRole('button', { name: '되돌리기' }).click();
      assert.deepEqual([await lines(page), await held(page)], [['아메리카노', '소금빵'], ['보류 1번']]);

      await page.goto('/app/settings');
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByLabel('아이디').waitFor();
      assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('innopay.held'))), []);
      await logInAnew(page, merchant);
      await page.goto('/app/cart');
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.deepEqual(await held(page), []);
      await page.evaluate(() => localStorage.clear());
    }),
  );
});
