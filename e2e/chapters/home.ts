import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { logIn } from '../support/acts';
import { journey } from '../support/world';

const EMPTY = { products: [], payments: [] };

describe('home: the first run', () => {
  test(
    'a shop with nothing yet is shown three steps, below the card button, each leading to where it is done',
    journey({ width: 320, height: 640 }, async ({ page }, demo) => {
      // The demo's shops have sold for a year: the answers are those of a new one.
      await page.route(/\/v1\/(products|payments)\?/, (route) => route.fulfill({ json: EMPTY }));
      await logIn(page, demo.merchant('TAXABLE'));
      const list = page.getByRole('region', { name: '시작 준비' });
      await list.getByText('3가지 남았어요').waitFor();
      assert.equal(await list.getByRole('link', { name: /^상품 준비/ }).getAttribute('href'), '/app/products');
      assert.equal(await list.getByRole('link', { name: /^첫 결제 받기/ }).getAttribute('href'), '/app/pay/card');
      const [card, first] = await Promise.all([page.locator('.tile-main').boundingBox(), list.boundingBox()]);
      assert.ok(card && first && card.y + card.height < first.y);
    }),
  );

  test(
    'the step left is done here, by keyboard too, and the list is gone for good; the reader stands with its battery',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const list = page.getByRole('region', { name: '시작 준비' });
      await list.getByText('1가지 남았어요').waitFor();
      assert.equal(await page.getByRole('button', { name: '리더기 선택' }).count(), 0);
      await list.getByRole('button', { name: /^리더기 고르기/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^가상 리더기/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('배터리 73%').waitFor();
      await page.waitForFunction(() => document.activeElement?.textContent === '가상 리더기');
      assert.equal(await list.count(), 0);
      await page.reload();
      await page.getByText('배터리 73%').waitFor();
      await page.getByRole('button', { name: '가상 리더기' }).click();
      await page.getByRole('button', { name: '리더기 없이 쓰기' }).click();
      await page.getByRole('button', { name: '리더기 선택' }).waitFor();
      await page.locator('a.row').first().waitFor();
      assert.equal(await list.count(), 0);
    }),
  );

  test(
    'hidden, it stays hidden on this device; taken back, it is there again',
    journey({}, async ({ page, watch }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const list = page.getByRole('region', { name: '시작 준비' });
      await list.getByRole('button', { name: '시작 준비 숨기기' }).click();
      await page.getByRole('button', { name: '되돌리기' }).click();
      await list.waitFor();
      await list.getByRole('button', { name: '시작 준비 숨기기' }).click();
      await page.getByRole('button', { name: '리더기 선택' }).waitFor();
      const before = watch.sent.length;
      await page.reload();
      await page.locator('a.row').first().waitFor();
      assert.equal(await list.count(), 0);
      // Nor does it ask any more.
      assert.deepEqual(
        watch.sent.slice(before).filter(({ url }) => url.endsWith('/v1/products?limit=1')),
        [],
      );
    }),
  );
});
