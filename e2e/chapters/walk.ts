import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, enterAmount, keyIn, logIn, withSettings } from '../support/acts';
import { journey } from '../support/world';

/** The manual's functions (S0.1) and where each of them stands. */
const FUNCTIONS = { 카드결제: '/app/pay/card', ARS결제: '/app/pay/ars', SMS결제: '/app/pay/sms', 현금결제: '/app/pay/cash', 거래내역: '/app/payments', '취소/환불': '/app/cancel', 상품조회: '/app/products' };

/** Types an amount on the keypad that stands open. */
async function type(page: Page, won: number): Promise<void> {
  for (const digit of String(won)) await page.getByRole('button', { name: digit, exact: true }).click();
}

const product = (page: Page): Promise<void> => page.getByRole('button', { name: /^상품/ }).click();

describe('the manual from end to end', () => {
  test(
    'each of the seven functions opens from home and from the menu, and the gear stands at the top left',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const gear = await page.locator('header').getByRole('link', { name: '환경설정' }).boundingBox();
      assert.ok(gear && gear.x < 16 && gear.y < 16, JSON.stringify(gear));
      for (const [name, path] of Object.entries(FUNCTIONS)) {
        await page.getByRole('navigation', { name: '기능' }).getByRole('link', { name }).click();
        await page.waitForURL((url) => url.pathname === path);
        await page.getByRole('heading', { name, level: 1 }).waitFor();
        await page.getByRole('button', { name: '메뉴 열기' }).click();
        await page.getByRole('dialog', { name: '전체 메뉴' }).getByRole('link', { name: '가맹점 정보' }).click();
        await page.getByRole('heading', { name: '가맹점 정보', level: 1 }).waitFor();
        await page.getByRole('button', { name: '메뉴 열기' }).click();
        await page.getByRole('dialog', { name: '전체 메뉴' }).getByRole('link', { name, exact: true }).click();
        await page.waitForURL((url) => url.pathname === path);
        await page.getByRole('heading', { name, level: 1 }).waitFor();
        await page.goto('/app/');
      }
    }),
  );

  test(
    'in every form the product is typed, or chosen in the product view, from where the same form goes on',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const forms = [
        ['카드결제', '/app/pay/card', /카드 입력$/],
        ['ARS결제', '/app/pay/ars', /받는 사람 입력$/],
        ['SMS결제', '/app/pay/sms', /받는 사람 입력$/],
        ['현금결제', '/app/pay/cash', /^4,000원/],
      ] as const;
      for (const [name, path, next] of forms) {
        await page.goto(path);
        await product(page);
        await page.getByRole('textbox', { name: '상품명' }).fill(`손으로 쓴 ${name}`);
        await page.keyboard.press('Enter');
        await type(page, 4_000);
        await page.getByRole('button', { name: next }).click();
        await page.getByText(`손으로 쓴 ${name}`).first().waitFor();

        await page.goto(path);
        await product(page);
        await page.getByRole('link', { name: '상품에서 고르기' }).click();
        await page.getByRole('button', { name: /^아메리카노 (담기|하나 더)/ }).click();
        await page.getByRole('button', { name: '다른 방법으로 받기' }).waitFor();
        await page.getByRole('link', { name: `${name}로 계속` }).click();
        await page.waitForURL((url) => url.pathname === path && url.searchParams.has('step'));
        await page.getByText('아메리카노').first().waitFor();
        await page.goto('/app/products');
        await page.getByRole('button', { name: '비우기' }).click();
      }
    }),
  );

  test(
    'a card is keyed in without a tap between its fields',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      const card = demo.card('APPROVE');
      await enterAmount(page, 4_000);
      await page.getByLabel('카드번호').click();
      await page.keyboard.type(card.number + card.expiryMonth + card.expiryYear + card.passwordTwoDigits + card.birthOrBusinessNumber);
      await page.keyboard.press('Enter');
      await approved(page);
    }),
  );

  test(
    'a buyer fixed in the settings is on the card payment, and a request still asks for this buyer\'s phone',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, { buyerInfo: false, fixedBuyer: { name: '매장 손님', phone: '01000000001' } }, async () => {
        await logIn(page, merchant);
        await enterAmount(page, 4_000);
        await page.getByText('구매자 (고정)').waitFor();
        await keyIn(page, demo.card('APPROVE'));
        await page.getByRole('button', { name: '4,000원 결제' }).click();
        const id = await approved(page);
        await page.goto(`/app/payments/${id}`);
        await page.getByText('매장 손님 010-0000-0001').waitFor();
        for (const path of ['/app/pay/ars', '/app/pay/sms']) {
          await page.goto(path);
          await type(page, 4_000);
          await page.getByRole('button', { name: /받는 사람 입력$/ }).click();
          assert.equal(await page.getByLabel('휴대폰 번호').inputValue(), '');
          assert.ok(await page.getByRole('button', { name: '4,000원 결제 요청 보내기' }).isDisabled());
        }
      });
    }),
  );

  test(
    'the shop stands as its receipts show it; the help desk is called in one tap and leads to the terms and to both home pages',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/merchant');
      await page.getByText('영수증에 이렇게 나와요').waitFor();
      const number = merchant.businessNumber.replace(/^(\d{3})(\d{2})(\d{5})$/, '$1-$2-$3');
      const shown = await page.locator('main').innerText();
      for (const part of [merchant.name, number, '수수료', '정산 계좌', '계약']) assert.ok(shown.includes(part), part);
      assert.match(shown, /\*{4,}\d{4}/, 'the account is not masked');
      await page.getByRole('link', { name: '변경 요청' }).waitFor();

      await page.goto('/app/support');
      const leads = async (name: string | RegExp): Promise<string | null> => page.getByRole('link', { name }).getAttribute('href');
      assert.equal(await leads('전화하기'), 'tel:16000000');
      assert.equal(await leads(/^제품 홈페이지/), 'https://innopay.example/');
      assert.equal(await leads(/^회사 홈페이지/), 'https://company.example/');
      await page.getByRole('link', { name: '이용약관' }).click();
      await page.getByRole('heading', { name: /^제1조/ }).waitFor();
    }),
  );
});
