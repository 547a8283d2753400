import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, endSessionAt, logIn, logInAnew, owner, payWith, typeAtOnce } from '../support/acts';
import type { DemoCard } from '../support/demo';
import { categoriesOf, productNamed, productsOf, withGoods } from '../support/goods';
import { journey } from '../support/world';

const PHOTO = join(import.meta.dirname, '../../ui/public/icon-512.png');

const field = (page: Page, name: string) => page.getByRole('textbox', { name });
const row = (page: Page, name: string) => page.locator('.sortable-row').filter({ hasText: name });
const names = (page: Page): Promise<string[]> => page.locator('.sortable-row .product-name').allInnerTexts();

/** Both tracks of a card, as a reader types them. */
function stripe({ number, expiryYear, expiryMonth }: DemoCard): string {
  const rest = `${expiryYear}${expiryMonth}1010000`;
  return `%B${number}^TEST/CARD^${rest}?;${number}=${rest}?`;
}

describe('chapter 9: the owner makes a product', () => {
  test(
    'with picture, category and stock; it is sold, and its stock falls',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withGoods(demo, merchant, [], async () => {
        await logIn(page, merchant);
        await page.goto('/app/products');
        await page.getByRole('link', { name: '상품 관리' }).click();
        await page.getByRole('link', { name: '상품 추가' }).click();
        await page.getByRole('button', { name: '상품 추가' }).click();
        await page.getByText('상품 이름을 입력해 주세요.').waitFor();
        await page.getByText('가격을 1원부터 입력해 주세요.').waitFor();
        await page.locator('input[type=file]').setInputFiles(PHOTO);
        await page.getByRole('button', { name: '사진 바꾸기' }).waitFor();
        await field(page, '상품 이름').fill('시험 머그컵');
        await field(page, '가격').fill('12000');
        await page.getByRole('button', { name: /^분류/ }).click();
        await field(page, '새 분류').fill('시험 굿즈');
        await page.getByRole('button', { name: '만들기' }).click();
        await page.getByRole('button', { name: /^분류 시험 굿즈/ }).waitFor();
        await page.getByRole('switch', { name: '재고 세기' }).click();
        await field(page, '남은 수량').fill('3');
        await page.getByRole('button', { name: '상품 추가' }).click();
        await page.getByText('시험 머그컵 추가했어요').waitFor();
        await page.getByRole('link', { name: /시험 머그컵/ }).waitFor();

        const made = await productNamed(demo, merchant, '시험 머그컵');
        assert.deepEqual([made?.price, made?.stock, made?.taxFree], [12_000, 3, false]);
        assert.equal((await categoriesOf(demo, merchant)).find(({ id }) => id === made?.categoryId)?.name, '시험 굿즈');

        await page.goto('/app/products');
        await page.getByLabel('상품 검색').fill('시험 머그');
        const tile = page.locator('.product').filter({ hasText: '시험 머그컵' });
        await tile.getByText('3개 남음').waitFor();
        const picture = tile.locator('img');
        assert.deepEqual(await picture.evaluate(async (img: HTMLImageElement) => (await img.decode(), [img.naturalWidth, img.naturalHeight, img.loading])), [240, 240, 'lazy']);
        await page.getByRole('button', { name: '시험 머그컵 담기' }).click();
        await page.getByRole('button', { name: '시험 머그컵 하나 더' }).last().click();
        await page.getByRole('button', { name: '결제방법 선택' }).click();
        await page.getByRole('link', { name: '24,000원 카드결제' }).click();
        await payWith(page, 24_000, demo.card('APPROVE'));
        await approved(page);
        await page.goto('/app/products');
        await page.getByLabel('상품 검색').fill('시험 머그');
        await tile.getByText('1개 남음').waitFor();
        assert.equal((await productNamed(demo, merchant, '시험 머그컵'))?.stock, 1);
      });
    }),
  );

  test(
    'a barcode comes by scanner while any field has the focus, a card does not; another product with it is named',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withGoods(demo, merchant, [{ name: '시험 원두', price: 9_000, barcode: '2000000700017' }], async () => {
        await logIn(page, merchant);
        await page.goto('/app/products/new');
        await field(page, '상품 이름').fill('시험 드립백');
        await typeAtOnce(page, stripe(demo.card('APPROVE')));
        await page.getByText('카드 결제 화면에서 긁어 주세요').waitFor();
        assert.deepEqual([await field(page, '상품 이름').inputValue(), await field(page, '바코드').inputValue()], ['시험 드립백', '']);
        await typeAtOnce(page, '2000000700017');
        await page.getByText('‘시험 원두’에서 쓰는 바코드예요', { exact: false }).waitFor();
        assert.deepEqual([await field(page, '상품 이름').inputValue(), await field(page, '바코드').inputValue()], ['시험 드립백', '2000000700017']);
        await field(page, '가격').fill('5000');
        await page.getByRole('button', { name: '상품 추가' }).click();
        await page.getByRole('link', { name: '‘시험 원두’ 보기' }).waitFor();
        assert.equal(await productNamed(demo, merchant, '시험 드립백'), undefined);
        await typeAtOnce(page, '2000000700024');
        await page.getByRole('link', { name: '‘시험 원두’ 보기' }).waitFor({ state: 'detached' });
        await page.getByRole('button', { name: '추가하고 하나 더' }).click();
        await page.getByText('시험 드립백 추가했어요').waitFor();
        assert.equal(await field(page, '상품 이름').inputValue(), '');
        assert.equal((await productNamed(demo, merchant, '시험 드립백'))?.barcode, '2000000700024');
      });
    }),
  );

  test(
    'what two people change at once is brought together, and asked about where it is the same',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withGoods(demo, merchant, [{ name: '시험 케이크', price: 30_000 }], async ([made]) => {
        assert.ok(made);
        await logIn(page, merchant);
        await page.goto(`/app/products/${made.id}/edit`);
        await field(page, '가격').fill('31000');
        const { id, sort, taxFree } = made;
        const change = { name: '시험 치즈케이크', price: 30_000, taxFree, sort };
        await demo.put(merchant, `/v1/products/${id}`, { ...change, version: made.version });
        await page.getByRole('button', { name: '저장' }).click();
        await page.getByText('다른 곳에서 바꾼 내용도 그대로 뒀어요', { exact: false }).waitFor();
        const merged = await productNamed(demo, merchant, '시험 치즈케이크');
        assert.equal(merged?.price, 31_000);

        await page.getByRole('link', { name: /시험 치즈케이크/ }).click();
        await field(page, '가격').fill('32000');
        await demo.put(merchant, `/v1/products/${id}`, { ...change, price: 29_000, version: merged?.version });
        await page.getByRole('button', { name: '저장' }).click();
        const sheet = page.getByRole('dialog', { name: '다른 곳에서 먼저 바꿨어요' });
        await sheet.getByRole('radio', { name: /29,000원/ }).click();
        await sheet.getByRole('button', { name: '이대로 저장' }).click();
        await page.getByText('시험 치즈케이크 저장했어요').waitFor();
        assert.equal((await productNamed(demo, merchant, '시험 치즈케이크'))?.price, 29_000);
      });
    }),
  );

  test(
    'a form outlives the end of its session and leaving it; a deletion can be taken back',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withGoods(demo, merchant, [{ name: '시험 쿠키', price: 3_000 }], async ([made]) => {
        assert.ok(made);
        await logInAnew(page, merchant);
        await page.goto(`/app/products/${made.id}/edit`);
        await field(page, '가격').fill('3500');
        await page.getByRole('button', { name: '뒤로' }).click();
        await page.getByRole('link', { name: /시험 쿠키/ }).click();
        await page.getByText('저장하지 않은 내용을 불러왔어요').waitFor();
        assert.equal(await field(page, '가격').inputValue(), '3,500');
        await endSessionAt(page, 'PUT', `**/v1/products/${made.id}`);
        await page.getByRole('button', { name: '저장' }).click();
        const login = page.getByRole('dialog', { name: '다시 로그인해 주세요' });
        await login.getByLabel('비밀번호', { exact: true }).fill(owner(merchant).password);
        await login.getByRole('button', { name: '로그인' }).click();
        await page.getByText('시험 쿠키 저장했어요').waitFor();
        assert.equal((await productNamed(demo, merchant, '시험 쿠키'))?.price, 3_500);

        const link = page.getByRole('link', { name: /시험 쿠키/ });
        await link.click();
        await page.getByRole('button', { name: '상품 삭제' }).click();
        await page.getByText('시험 쿠키 삭제했어요').waitFor();
        await page.getByRole('heading', { name: '상품 관리' }).waitFor();
        await page.locator('.goods-row').first().waitFor();
        assert.equal(await link.count(), 0);
        await page.getByRole('button', { name: '되돌리기' }).click();
        await link.click();
        await page.getByRole('button', { name: '상품 삭제' }).click();
        await page.getByText('시험 쿠키 삭제했어요').waitFor();
        const gone = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
        // Whoever closes the page takes nothing back any more.
        await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
        assert.equal((await gone).status(), 204);
        assert.equal(await productNamed(demo, merchant, '시험 쿠키'), undefined);
      });
    }),
  );
});

describe('chapter 9: a large catalogue', () => {
  test(
    'of 500 products with pictures answers each key of a search at once, and fetches the pictures in sight alone',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const products = Array.from({ length: 500 }, (_, i) => {
        const id = `prd_${String(i).padStart(26, '0')}`;
        return { id, name: `${['아메리카노', '카페라떼', '소금빵', '유자차', '머그컵'][i % 5]} ${i}`, price: 1_000 + i, taxFree: false, soldOut: false, favourite: false, available: true, sort: i, version: 1, picture: { small: `/app/icon-192.png?${i}`, large: '/app/icon-512.png' } };
      });
      await page.route('**/v1/products?*', (route) => route.fulfill({ json: { products } }));
      await logIn(page, merchant);
      await page.goto('/app/products');
      await page.locator('.product img').first().waitFor();
      const spent = await page.evaluate(async () => {
        const field = document.querySelector<HTMLInputElement>('input[type=search]')!;
        const times: number[] = [];
        for (const typed of ['ㅇ', '아', '아메', '아메리카노 4', '아메리카노 42', '', 'ㅅㄱㅃ', '머그컵 499']) {
          const from = performance.now();
          field.value = typed;
          field.dispatchEvent(new InputEvent('input', { bubbles: true }));
          await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
          times.push(performance.now() - from);
        }
        return times.sort((a, b) => a - b);
      });
      await page.getByRole('status').filter({ hasText: '상품 1개' }).waitFor();
      assert.ok((spent[spent.length >> 1] ?? Infinity) < 100, `half of the keys were answered within ${spent.map(Math.round).join(', ')} ms`);
      const fetched = watch.sent.filter(({ url }) => url.includes('icon-192.png?')).length;
      assert.ok(fetched > 0 && fetched < 150, `${fetched} pictures were fetched`);
    }),
  );
});

describe('chapter 9: the order of the shelf', () => {
  test(
    'changes by buttons and by dragging, is saved at once, taken back, and the same on every screen; sold out is one press',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id: categoryId } = await demo.api<{ id: string }>(merchant, '/v1/categories', { name: '시험 순서', sort: 900_000 });
      const own = ['시험 가', '시험 나', '시험 다', '시험 라'].map((name) => ({ name, price: 1_000, categoryId }));
      const stored = async (): Promise<string[]> => (await productsOf(demo, merchant)).filter((product) => product.categoryId === categoryId).map(({ name }) => name);
      const others = (await productsOf(demo, merchant)).map(({ name }) => name);
      await withGoods(demo, merchant, own, async () => {
        await logIn(page, merchant);
        await page.goto('/app/products/manage');
        await page.getByRole('link', { name: '순서' }).click();
        await page.getByRole('radio', { name: '시험 순서' }).click();
        await row(page, '시험 라').waitFor();
        const down = page.getByRole('button', { name: '시험 가 아래로' });
        const saved = () => page.waitForResponse((answer) => answer.url().endsWith('/v1/products/order'));
        let answer = saved();
        await down.click();
        await page.getByText('시험 가, 2번째로 옮겼어요').waitFor();
        await answer;
        assert.deepEqual(await names(page), ['시험 나', '시험 가', '시험 다', '시험 라']);
        assert.ok(await down.evaluate((button) => button === document.activeElement), 'the pressed button keeps the focus');
        assert.deepEqual(await stored(), ['시험 나', '시험 가', '시험 다', '시험 라']);

        answer = saved();
        const grip = await row(page, '시험 라').locator('.sortable-grip').boundingBox();
        const first = await row(page, '시험 나').boundingBox();
        assert.ok(grip && first);
        await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2);
        await page.mouse.down();
        await page.mouse.move(grip.x, first.y + 10, { steps: 8 });
        await page.mouse.up();
        await page.getByText('시험 라, 1번째로 옮겼어요').waitFor();
        await answer;
        assert.deepEqual(await stored(), ['시험 라', '시험 나', '시험 가', '시험 다']);
        answer = saved();
        await page.getByRole('button', { name: '되돌리기' }).click();
        await answer;
        assert.deepEqual(await stored(), ['시험 나', '시험 가', '시험 다', '시험 라']);
        assert.deepEqual((await productsOf(demo, merchant)).map(({ name }) => name).filter((name) => !name.startsWith('시험 ')), others, 'all others stand as they stood');
        await page.getByRole('button', { name: '완료' }).click();

        await page.getByRole('radio', { name: '시험 순서' }).click();
        await page.getByRole('button', { name: '시험 다 품절' }).click();
        await page.getByText('시험 다 품절로 바꿨어요').waitFor();
        await page.goto('/app/products');
        await page.getByRole('radio', { name: '시험 순서' }).click();
        assert.deepEqual(await page.locator('.product-name').allInnerTexts(), ['시험 나', '시험 가', '시험 다', '시험 라']);
        assert.ok(await page.getByRole('button', { name: '시험 다 담기' }).isDisabled());

        await page.goto('/app/products/categories');
        await page.getByRole('button', { name: '시험 순서 이름 바꾸기' }).click();
        await field(page, '분류 이름').fill('시험 선반');
        await page.getByRole('button', { name: '저장' }).click();
        await page.getByText('시험 선반 저장했어요').waitFor();
        const shelf = (await categoriesOf(demo, merchant)).find(({ id }) => id === categoryId);
        assert.equal(shelf?.name, '시험 선반');
        await demo.remove(merchant, `/v1/categories/${categoryId}?version=${shelf?.version}`);
      });
    }),
  );
});
