import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, keyIn, logIn, payWith, typeAtOnce, withSettings } from '../support/acts';
import type { Demo, DemoMerchant } from '../support/demo';
import { journey } from '../support/world';

interface Product {
  id: string;
  name: string;
  price: number;
  barcode?: string;
  available: boolean;
  picture?: object;
  version: number;
}

interface Payment {
  amount: number;
  items: { name: string; unitPrice: number; quantity: number; discount?: number }[];
  receiptUrl: string;
}

/** Changes a product for the time of a journey. */
async function withProduct(demo: Demo, merchant: DemoMerchant, name: string, change: object, walk: () => Promise<void>): Promise<void> {
  // What the server makes of a product is not written back.
  const { id, available, picture, ...before } = await productOf(demo, merchant, name);
  await demo.put(merchant, `/v1/products/${id}`, { ...before, ...change });
  try {
    await walk();
  } finally {
    const { version } = await productOf(demo, merchant, name);
    await demo.put(merchant, `/v1/products/${id}`, { ...before, version });
  }
}

async function productOf(demo: Demo, merchant: DemoMerchant, name: string): Promise<Product> {
  const { products } = await demo.api<{ products: Product[] }>(merchant, '/v1/products?limit=200');
  const found = products.find((product) => product.name === name);
  assert.ok(found, `the seed has ${name}`);
  return found;
}

const search = (page: Page, text: string): Promise<void> => page.getByLabel('상품 검색').fill(text);
const add = (page: Page, name: string): Promise<void> => page.getByRole('button', { name: `${name} 담기`, exact: true }).click();
const more = (page: Page, name: string): Promise<void> => page.getByRole('button', { name: `${name} 하나 더`, exact: true }).last().click();

describe('chapter 9: products and cart', () => {
  test(
    'products found by their initials are paid with quantities, a discount and a memo, and the receipt shows them',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/products');
      await search(page, 'ㅇㅁㄹㅋㄴ');
      await page.getByRole('status').filter({ hasText: '상품 1개' }).waitFor();
      await add(page, '아메리카노');
      await more(page, '아메리카노');
      await search(page, 'ㅅㄱㅂ');
      await add(page, '소금빵');
      await page.getByRole('link', { name: '장바구니 3개 보기' }).click();

      await page.getByRole('button', { name: '아메리카노 할인·메모' }).click();
      await page.getByRole('radio', { name: '비율' }).click();
      await page.getByLabel('할인 비율').fill('10');
      await page.getByRole('textbox', { name: /^메모/ }).fill('얼음 적게');
      await page.getByRole('button', { name: '적용' }).click();
      await page.getByText('할인 −900원').waitFor();
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      await page.getByRole('link', { name: '11,600원 카드결제' }).click();
      await payWith(page, 11_600, demo.card('APPROVE'));

      const payment = await demo.api<Payment>(merchant, `/v1/payments/${await approved(page)}`);
      assert.equal(payment.amount, 11_600);
      assert.deepEqual(
        payment.items.map((item) => [item.name, item.unitPrice, item.quantity, item.discount ?? 0]),
        [
          ['아메리카노 (얼음 적게)', 4_500, 2, 900],
          ['소금빵', 3_500, 1, 0],
        ],
      );
      await page.goto(payment.receiptUrl);
      const receipt = await page.locator('body').innerText();
      for (const text of ['아메리카노 (얼음 적게)', '소금빵', '11,600']) assert.ok(receipt.includes(text), `the receipt shows ${text}`);
      await page.goto('/app/cart');
      await page.getByRole('heading', { name: '장바구니가 비어 있어요' }).waitFor();
    }),
  );

  test(
    'a card sale of a picked product takes six taps after the login',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const taps = await page.evaluateHandle(() => {
        const count = { taps: 0 };
        window.addEventListener('click', (event) => event.detail > 0 && (count.taps += 1), true);
        return count;
      });
      await page.getByRole('link', { name: '상품조회' }).click();
      await add(page, '크루아상');
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      await page.getByRole('link', { name: '4,200원 카드결제' }).click();
      await page.getByLabel('카드번호').click();
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '4,200원 결제' }).click();
      await approved(page);
      assert.ok((await taps.evaluate((count) => count.taps)) <= 6);
    }),
  );

  test(
    'a cart that is on outlives a reload, keeps neither names nor memos, and takes a removed line back',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/products');
      await add(page, '카페라떼');
      await more(page, '카페라떼');
      await add(page, '유자차');
      await page.reload();
      await page.getByRole('link', { name: '장바구니 3개 보기' }).waitFor();
      await page.goto('/app/payments');
      await page.getByRole('link', { name: '상품, 장바구니 3개' }).waitFor();
      const stored = await page.evaluate((id) => localStorage.getItem(`innopay.cart.${id}`) ?? '', merchant.id);
      assert.deepEqual(
        (JSON.parse(stored) as object[]).map((row) => Object.keys(row)),
        [
          ['id', 'quantity'],
          ['id', 'quantity'],
        ],
      );

      await page.goto('/app/cart');
      await page.getByRole('button', { name: '유자차 빼기', exact: true }).click();
      await page.getByText('유자차 뺐어요').waitFor();
      assert.equal(await page.locator('.cart-line').count(), 1);
      await page.getByRole('button', { name: '되돌리기' }).click();
      await page.getByRole('button', { name: '유자차 빼기', exact: true }).waitFor();

      await withProduct(demo, merchant, '유자차', { soldOut: true }, async () => {
        await page.reload();
        await page.getByText('품절인 상품 1가지를 장바구니에서 뺐어요').waitFor();
        assert.equal(await page.locator('.cart-line').count(), 1);
      });
    }),
  );

  test(
    'a cart that is off lives for one sale: through a decline, not past leaving it',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, { cart: false }, async () => {
        await logIn(page, merchant);
        await page.getByRole('link', { name: '상품조회' }).click();
        await add(page, '레몬에이드');
        assert.equal(await page.getByRole('link', { name: /장바구니/ }).count(), 0);
        await page.getByRole('button', { name: '결제방법 선택' }).click();
        await page.getByRole('link', { name: '6,200원 카드결제' }).click();
        await payWith(page, 6_200, demo.card('DECLINE_LIMIT'));
        await page.getByRole('link', { name: '다른 카드로 결제' }).click();
        await page.getByRole('button', { name: '6,200원 결제' }).waitFor();
        await page.goBack();
        await page.getByRole('link', { name: /홈$/ }).first().click();
        await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
        await page.getByRole('link', { name: '상품조회' }).click();
        await page.getByRole('button', { name: '레몬에이드 담기', exact: true }).waitFor();
        assert.equal(await page.getByRole('button', { name: '결제방법 선택' }).count(), 0);
        assert.equal(await page.evaluate((id) => localStorage.getItem(`innopay.cart.${id}`), merchant.id), null);
      });
    }),
  );

  test(
    'sold-out products are shown and cannot be chosen, stock bounds what can, favourites have a tab',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withProduct(demo, merchant, '콜드브루', { soldOut: true }, () =>
        withProduct(demo, merchant, '에스프레소', { stock: 2, favourite: true }, async () => {
          await logIn(page, merchant);
          await page.goto('/app/products');
          assert.ok(await page.getByRole('button', { name: '콜드브루 담기' }).isDisabled());
          await page.getByRole('radio', { name: '즐겨찾기' }).click();
          await page.getByText('2개 남음').waitFor();
          const shown = await page.locator('.product').allInnerTexts();
          const { products } = await demo.api<{ products: { name: string; favourite: boolean }[] }>(merchant, '/v1/products?limit=200');
          assert.deepEqual(
            shown.map((text) => products.find(({ name }) => text.includes(name))?.favourite),
            products.filter(({ favourite }) => favourite).map(() => true),
          );
          await add(page, '에스프레소');
          await more(page, '에스프레소');
          await more(page, '에스프레소');
          await page.getByText('남은 수량보다 많이 담을 수 없어요').waitFor();
          await page.getByRole('link', { name: '장바구니 2개 보기' }).waitFor();
        }),
      );
    }),
  );

  test(
    'a barcode adds its product, by hand in the search and by a scanner anywhere; an unknown one is named',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/products');
      await search(page, '2000000000015');
      await page.keyboard.press('Enter');
      await page.getByText('하우스 블렌드 200g 담았어요').waitFor();
      await page.getByRole('link', { name: '장바구니 1개 보기' }).waitFor();
      await search(page, '2000000999999');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').filter({ hasText: '등록되지 않은 바코드예요 (2000000999999)' }).waitFor();
      await page.getByRole('button', { name: '하우스 블렌드 200g 하나 빼기' }).focus();
      await typeAtOnce(page, '2000000000022');
      await page.getByRole('link', { name: '장바구니 2개 보기' }).waitFor();
      await page.goto('/app/cart');
      await page.locator('.cart-line').nth(1).waitFor();
      await typeAtOnce(page, '2000000000022');
      await page.getByRole('link', { name: '상품, 장바구니 3개' }).waitFor();
    }),
  );
});
