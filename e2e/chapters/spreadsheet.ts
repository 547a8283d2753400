import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn } from '../support/acts';
import { productNamed, productsOf, withGoods } from '../support/goods';
import { journey } from '../support/world';

const choose = (page: Page, name: string, buffer: Buffer): Promise<void> => page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

describe('chapter 9: products from a spreadsheet', () => {
  test(
    'bad rows are told one by one before anything is saved, then the good ones are taken',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withGoods(demo, merchant, [{ name: '시험 감귤', price: 5_000, barcode: '2000000800012' }], async () => {
        const before = await productsOf(demo, merchant);
        await logIn(page, merchant);
        await page.goto('/app/products/manage');
        await page.getByRole('link', { name: '엑셀' }).click();
        await choose(page, 'goods.hwp', Buffer.from('x'));
        await page.getByText('XLSX나 CSV 파일을 골라 주세요.').waitFor();
        const lines = ['상품명,가격,바코드,재고', '시험 감귤,5500,2000000800012,', '시험 자몽,7000,2000000800029,12', '시험 라임,공짜,,', '시험 유자,3000,가나다,-5'];
        await choose(page, 'goods.csv', Buffer.from(lines.join('\n')));
        await page.getByRole('heading', { name: '이렇게 고쳐 주세요' }).waitFor();
        const counts = await page.locator('.count').allInnerTexts();
        assert.deepEqual(
          counts.map((text) => text.replace(/\s+/g, ' ')),
          ['추가 1', '변경 1', '그대로 0', '고칠 곳 3'],
        );
        const wrong = await page.locator('.bad-rows li').allInnerTexts();
        assert.deepEqual(
          wrong.map((text) => /^(\d+행)\s+(\S+)\s+(\S+)/.exec(text)?.slice(1)),
          [
            ['4행', '가격', '공짜'],
            ['5행', '바코드', '가나다'],
            ['5행', '재고', '-5'],
          ],
        );
        assert.deepEqual(await productsOf(demo, merchant), before, 'looking changes nothing');

        await page.getByRole('button', { name: '문제없는 2개만 가져오기' }).click();
        await page.getByText('상품 2개를 가져왔어요').waitFor();
        await page.locator('.bad-rows li').first().waitFor();
        const [lime, grapefruit, tangerine] = await Promise.all(['시험 라임', '시험 자몽', '시험 감귤'].map((name) => productNamed(demo, merchant, name)));
        assert.deepEqual([lime, grapefruit?.price, grapefruit?.stock, tangerine?.price], [undefined, 7_000, 12, 5_500]);
      });
    }),
  );

  test(
    'what was exported comes back unchanged; the empty form has headings alone',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await page.goto('/app/products/import');
      for (const name of ['엑셀 (XLSX)', 'CSV']) {
        const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: true }).click()]);
        await choose(page, download.suggestedFilename(), await readFile(await download.path()));
        await page.getByText('이 파일로 바뀌는 상품이 없어요.').waitFor();
        const [, , unchanged] = await page.locator('.count dd').allInnerTexts();
        assert.equal(unchanged, String((await productsOf(demo, merchant)).length));
        await page.getByRole('button', { name: '그만두기' }).click();
      }
      const [form] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '빈 양식 내려받기' }).click()]);
      await choose(page, form.suggestedFilename(), await readFile(await form.path()));
      await page.getByText('이 파일로 바뀌는 상품이 없어요.').waitFor();
    }),
  );
});
