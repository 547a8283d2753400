import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, keyIn, logIn, logInAnew, payWith, typeAtOnce, withSettings } from '../support/acts';
import { openWindow } from '../support/browser';
import type { Demo, DemoMerchant } from '../support/demo';
import { journey, world } from '../support/world';

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
const switchNamed = (page: Page, name: string) => page.getByRole('switch', { name });

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

describe('chapter 10: settings', () => {
  test(
    'the slide menu opens every function; switched off, the home button stands on every screen but home',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const homeButton = page.locator('header').getByRole('link', { name: '홈', exact: true });
      await logIn(page, merchant);
      await page.getByRole('button', { name: '메뉴 열기' }).click();
      const menu = page.getByRole('dialog', { name: '전체 메뉴' });
      for (const name of ['카드결제', '거래내역', '취소/환불', '상품조회', '장바구니', '가맹점 정보']) await menu.getByRole('link', { name }).waitFor();
      await menu.getByRole('link', { name: '환경설정' }).click();
      await withSettings(demo, merchant, {}, async () => {
        await page.getByRole('heading', { name: '환경설정' }).waitFor();
        assert.equal(await homeButton.count(), 0);
        await page.reload();
        await switchNamed(page, '슬라이드 메뉴').click();
        await page.getByText('저장했어요').waitFor();
        for (const path of ['settings', 'products', 'payments', 'merchant', 'pay/card', 'cart']) {
          await page.goto(`/app/${path}`);
          await homeButton.waitFor();
          assert.equal(await page.getByRole('button', { name: '메뉴 열기' }).count(), 0, path);
        }
        await homeButton.click();
        await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
        assert.equal(await homeButton.count(), 0);
        assert.equal(await page.locator('header a').first().getAttribute('aria-label'), '환경설정');
      });
    }),
  );

  test(
    'settings saved on one device hold on the next; a change on top of an old one is not saved, and told',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { browser } = await world();
      const other = await openWindow(browser, demo.file.baseUrl, {});
      try {
        await withSettings(demo, merchant, {}, async () => {
          await logIn(page, merchant);
          await page.goto('/app/settings');
          await switchNamed(page, '소리').waitFor();
          await logIn(other.page, merchant);
          await other.page.goto('/app/settings');
          await switchNamed(other.page, '소리').waitFor();

          await page.getByRole('radio', { name: '아주 크게' }).click();
          await page.getByText('저장했어요').waitFor();
          await page.getByRole('button', { name: /무서명 한도/ }).click();
          await page.getByRole('textbox', { name: '무서명 한도' }).fill('30000');
          await page.getByRole('button', { name: '저장', exact: true }).click();
          await page.getByRole('button', { name: /30,000원까지/ }).waitFor();

          await switchNamed(other.page, '소리').click();
          await other.page.getByText('다른 기기에서 설정을 바꿔서 저장하지 않았어요').waitFor();
          assert.equal(await switchNamed(other.page, '소리').getAttribute('aria-checked'), 'true');
          assert.equal(await other.page.getByRole('radio', { name: '아주 크게' }).getAttribute('aria-checked'), 'true');
          assert.equal(await other.page.evaluate(() => document.documentElement.dataset['text']), 'huge');
          await switchNamed(other.page, '소리').click();
          await other.page.getByText('저장했어요').waitFor();
          const stored = await demo.api<{ sound: boolean; textSize: string; signatureLimit: number }>(merchant, '/v1/settings');
          assert.deepEqual([stored.sound, stored.textSize, stored.signatureLimit], [false, 'HUGE', 30_000]);
          assert.deepEqual(other.watch.faults(), []);
        });
      } finally {
        await other.context.close();
      }
    }),
  );

  test(
    'asking for the buyer is switched off only with a buyer to take instead',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, {}, async () => {
        await logIn(page, merchant);
        await page.goto('/app/settings');
        await switchNamed(page, '구매자 정보 입력').click();
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByText('구매자 이름을 입력해 주세요.').waitFor();
        await page.getByLabel('이름').fill('매장 손님');
        await page.getByLabel('전화번호').fill('010-0000-0001');
        await page.getByLabel('이메일').fill('없는 주소');
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByText('이메일 주소를 다시 확인해 주세요.').waitFor();
        await page.getByLabel('이메일').fill('');
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByRole('button', { name: /매장 손님 010-0000-0001/ }).waitFor();
        const stored = await demo.api<{ buyerInfo: boolean; fixedBuyer: object }>(merchant, '/v1/settings');
        assert.deepEqual([stored.buyerInfo, stored.fixedBuyer], [false, { name: '매장 손님', phone: '01000000001' }]);
      });
    }),
  );

  test(
    'staff see the shop\'s settings and why they cannot change them, and choose a look for their own device',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant, 'STAFF');
      await page.goto('/app/settings');
      await page.getByText('매장 설정은 대표만 바꿀 수 있어요').waitFor();
      for (const name of ['슬라이드 메뉴', '장바구니(카트)', '구매자 정보 입력', '소리', '진동', '알림 받기']) assert.ok(await switchNamed(page, name).isDisabled(), name);
      await page.getByRole('radio', { name: '어둡게' }).click();
      await page.reload();
      await switchNamed(page, '소리').waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
      const { theme } = await demo.api<{ theme: string }>(merchant, '/v1/settings');
      assert.equal(theme, 'SYSTEM');
    }),
  );
});
