import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { logIn } from '../support/acts';
import { launchFilming, openWindow } from '../support/browser';
import { film } from '../support/film';
import { withGoods } from '../support/goods';
import { world } from '../support/world';

const CODE = '2000000900018';

describe('chapter 9: barcodes by the camera', () => {
  test('a code held before it adds its product and fills a form; the reader is fetched when it is wanted; refused, a code is typed', async () => {
    const { demo } = await world();
    const merchant = demo.merchant('TAXABLE');
    const folder = await mkdtemp(join(tmpdir(), 'innopay-film-'));
    await writeFile(join(folder, 'code.y4m'), film(CODE));
    const browser = await launchFilming(join(folder, 'code.y4m'));
    try {
      const { page, context, watch } = await openWindow(browser, demo.file.baseUrl, {});
      const reader = (): boolean => watch.sent.some(({ url }) => /\/zxing-/.test(url));
      await withGoods(demo, merchant, [{ name: '시험 티백', price: 8_000, barcode: CODE }], async () => {
        await logIn(page, merchant);
        await page.goto('/app/products');
        await page.locator('.product').first().waitFor();
        assert.ok(!reader(), 'nothing is fetched before the camera opens');
        await page.getByRole('button', { name: '카메라로 바코드 찍기' }).click();
        const sheet = page.getByRole('dialog', { name: '바코드 찍기' });
        await sheet.getByText('카메라를 쓸 수 있는 권한이 없어요.').waitFor();
        await sheet.getByLabel('바코드 번호').fill(CODE);
        await sheet.getByRole('button', { name: '입력' }).click();
        await page.getByRole('link', { name: '장바구니 1개 보기' }).waitFor();

        await context.grantPermissions(['camera'], { origin: demo.file.baseUrl });
        await sheet.getByRole('button', { name: '다시 시도' }).click();
        // As long as it is held there it counts once.
        await sheet.getByText('시험 티백 2개 담음').waitFor();
        assert.ok(reader());
        await page.keyboard.press('Escape');

        await page.goto('/app/products/new');
        await page.getByRole('button', { name: '카메라로 바코드 찍기' }).click();
        await page.getByText('‘시험 티백’에서 쓰는 바코드예요', { exact: false }).waitFor();
        assert.equal(await page.getByRole('textbox', { name: '바코드' }).inputValue(), CODE);
        assert.equal(await sheet.count(), 0);
        assert.deepEqual(watch.faults(), []);
      });
    } finally {
      await browser.close();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
