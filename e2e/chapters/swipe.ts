import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, enterAmount, keyIn, kept, logIn, sign, typeAtOnce as swipe } from '../support/acts';
import { complaints } from '../support/axe';
import type { DemoCard } from '../support/demo';
import { journey } from '../support/world';

interface Payment {
  status: string;
  amount: number;
  serviceFee: number;
  signatureMissing: boolean;
  card: { entry: string; maskedNumber: string; interestFree: boolean };
}

/** Both tracks of a card, as a reader types them; with a chip the service code says so. */
function stripe(card: DemoCard, chip = false): string {
  const rest = `${card.expiryYear}${card.expiryMonth}${chip ? '201' : '101'}0000`;
  return `%B${card.number}^TEST/CARD^${rest}?;${card.number}=${rest}?`;
}

const hero = (page: Page): Promise<string> => page.locator('.hero .amount').first().innerText();

const posts = (sent: readonly { method: string; url: string }[]): number => sent.filter(({ method, url }) => method === 'POST' && url.endsWith('/v1/payments')).length;

describe('chapter 2: swipe', () => {
  test(
    'a card swiped over the keypad moves no amount, leaves no trace and is paid with its reason',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logIn(page, merchant);
      await page.goto('/app/pay/card');
      for (const digit of '12000') await page.getByRole('button', { name: digit, exact: true }).click();
      await page.getByRole('group', { name: '금액 키패드' }).focus();
      await swipe(page, stripe(card));
      await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
      assert.match(await hero(page), /^12,000/);
      const masked = `${card.number.slice(0, 6)}******${card.number.slice(-4)}`;
      const seen = (await kept(page)).replace(/\s/g, '');
      assert.ok(seen.includes(masked), 'the masked number is not shown');
      assert.ok(!seen.includes(card.number), 'the card number stayed in the page or its storage');
      assert.ok(!seen.includes(`=${card.expiryYear}${card.expiryMonth}`), 'a track stayed in the page or its storage');

      await page.getByRole('radio', { name: 'IC 칩을 읽지 못함' }).click();
      await page.getByRole('button', { name: '12,000원 결제' }).click();
      const id = await approved(page);
      assert.ok(!(await kept(page)).includes(card.number));
      const carriers = watch.sent.filter(({ url, body }) => (url + body).includes(card.number));
      assert.deepEqual(
        carriers.map(({ method, url }) => `${method} ${new URL(url).pathname}`),
        ['POST /v1/payments'],
      );
      const body = JSON.parse(carriers[0]?.body ?? '{}') as { card: { fallbackReason: string; device: { model: string } } };
      assert.equal(body.card.fallbackReason, 'CHIP_FAILED IC 칩을 읽지 못함');
      assert.equal(body.card.device.model, 'KEYBOARD_WEDGE');
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
      assert.deepEqual([payment.status, payment.amount, payment.card.entry, payment.card.maskedNumber], ['DONE', 12_000, 'SWIPE', masked]);
    }),
  );

  test(
    'a garbled swipe asks for another; a chip card says that the chip comes first',
    journey({}, async ({ page, watch }, demo) => {
      const card = demo.card('APPROVE');
      await logIn(page, demo.merchant('TAXABLE'));
      await enterAmount(page, 60_000);
      await page.getByRole('radio', { name: '리더기' }).click();
      await page.getByRole('button', { name: /키보드 리더기/ }).click();
      await page.getByText('배터리 확인할 수 없음').waitFor();
      await swipe(page, '%E?;E?');
      await page.getByText('카드를 읽지 못했어요 (1번째)').waitFor();
      await swipe(page, stripe(card).slice(0, 40));
      await page.getByText('카드를 읽지 못했어요 (2번째)').waitFor();
      assert.ok(!(await kept(page)).includes(card.number));
      await swipe(page, stripe(card, true));
      await page.getByText('칩을 먼저 쓰고').waitFor();
      assert.equal(await page.getByRole('radio', { name: '칩이 없는 카드' }).count(), 0);
      assert.ok(await page.getByRole('button', { name: '긁은 이유를 골라 주세요' }).isDisabled());
      await page.getByRole('radio', { name: '그 밖의 이유' }).click();
      await page.getByLabel('이유', { exact: true }).fill('010-0000-1234');
      await page.getByText('번호는 적을 수 없어요').waitFor();
      await page.getByLabel('이유', { exact: true }).fill('단말기 점검 중');
      await page.getByRole('button', { name: '서명하기' }).click();
      await page.getByRole('button', { name: '화면 돌리기' }).click();
      await sign(page);
      await page.getByRole('button', { name: '60,000원 결제' }).click();
      await approved(page);
      assert.equal(posts(watch.sent), 1);
      // The reader is this device's choice: the next sale waits for it.
      await enterAmount(page, 8_000);
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
    }),
  );

  test(
    'a card swiped on another screen goes nowhere',
    journey({}, async ({ page, watch }, demo) => {
      const card = demo.card('APPROVE');
      await logIn(page, demo.merchant('TAXABLE'));
      for (const path of ['/app/', '/app/payments', '/app/products']) {
        await page.goto(path);
        await page.getByRole('heading', { level: 1 }).waitFor();
        const field = page.getByRole('searchbox').or(page.getByRole('textbox')).first();
        if (await field.count()) await field.focus();
        await swipe(page, stripe(card));
        await page.getByText('카드 결제 화면에서 긁어 주세요').waitFor();
        assert.ok(!(await kept(page)).includes(card.number.slice(4, 12)), path);
      }
      assert.ok(!watch.sent.some(({ url, body }) => (url + body).includes(card.number)));
    }),
  );

  test(
    'a double tap on a swiped sale pays once, and a second swipe meanwhile goes nowhere',
    journey({}, async ({ page, watch }, demo) => {
      const card = demo.card('APPROVE');
      await logIn(page, demo.merchant('TAXABLE'));
      let release = (): void => undefined;
      const bothCame = new Promise<void>((resolve) => (release = resolve));
      await page.route('**/v1/payments', async (route) => {
        if (route.request().method() === 'POST') await bothCame;
        await route.fallback();
      });
      await enterAmount(page, 9_000);
      await swipe(page, stripe(card));
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: '9,000원 결제' }).dblclick();
      await page.getByRole('heading', { name: '카드사에 승인을 요청하고 있어요' }).waitFor();
      await swipe(page, stripe(demo.card('DECLINE_LIMIT')));
      release();
      await approved(page);
      assert.equal(posts(watch.sent), 1);
    }),
  );

  test(
    'the simulated reader draws test cards and shows its battery',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await enterAmount(page, 7_000);
      await page.getByRole('radio', { name: '리더기' }).click();
      await page.getByRole('button', { name: /가상 리더기/ }).click();
      await page.getByText('배터리 73%').waitFor();
      await page.getByRole('button', { name: '카드 긁기' }).click();
      await page.getByRole('button', { name: /읽히지 않는 카드/ }).click();
      await page.getByText('카드를 읽지 못했어요 (1번째)').waitFor();
      await page.getByText('배터리 71%').waitFor();
      await page.getByRole('button', { name: '카드 긁기' }).click();
      await page.getByRole('radio', { name: '마그네틱만' }).click();
      await page.getByRole('button', { name: /한도 초과로 거절돼요/ }).click();
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: '7,000원 결제' }).click();
      await page.getByRole('heading', { name: '승인되지 않았어요' }).waitFor();
      await page.getByRole('link', { name: '다른 카드로 결제' }).click();
      await page.getByRole('heading', { name: '카드를 긁어 주세요' }).waitFor();
    }),
  );
});

/** The screens of this chapter that the tour of all screens does not pass. */
async function counterScreens(page: Page, visit: (name: string) => Promise<void>): Promise<void> {
  await page.goto('/app/pay/card');
  await page.getByRole('button', { name: '+1만' }).click();
  await page.getByRole('button', { name: '더하기' }).click();
  await page.getByRole('button', { name: '+5만' }).click();
  await visit('sum');
  await page.getByRole('button', { name: /봉사료/ }).click();
  await page.getByRole('button', { name: '10%' }).click();
  await visit('tax and service fee');
  await page.getByRole('button', { name: '완료' }).click();
  await page.getByRole('button', { name: /카드 입력$/ }).click();
  await page.getByRole('radio', { name: '리더기' }).click();
  await visit('choose a reader');
  await page.getByRole('button', { name: /가상 리더기/ }).click();
  await page.getByRole('button', { name: '카드 긁기' }).click();
  await page.getByText('승인돼요').waitFor();
  await visit('test cards');
  await page.getByRole('button', { name: /읽히지 않는 카드/ }).click();
  await visit('not read');
  await page.getByRole('button', { name: '카드 긁기' }).click();
  await page.getByRole('button', { name: /승인돼요/ }).click();
  await page.getByRole('radio', { name: '그 밖의 이유' }).click();
  await visit('read');
  await page.getByRole('radio', { name: 'IC 칩을 읽지 못함' }).click();
  await page.getByRole('button', { name: '서명하기' }).click();
  await page.getByRole('button', { name: '화면 돌리기' }).click();
  await visit('signature, turned');
}

describe('chapter 2: the counter', () => {
  for (const { name, options } of [
    { name: 'dark, 320 px', options: { width: 320, height: 640, dark: true } },
    { name: 'light, 412 px, text of 200 %', options: { largeText: true } },
  ]) {
    test(
      `has nothing for axe to find and does not scroll sideways: ${name}`,
      journey(options, async ({ page }, demo) => {
        await logIn(page, demo.merchant('MIXED'));
        const found: string[] = [];
        await counterScreens(page, async (screen) => {
          found.push(...(await complaints(page, screen)));
        });
        assert.deepEqual(found, []);
      }),
    );
  }

  test(
    'a card sale by the keyboard alone: digits, plus, undo, swipe, reason, pay',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/pay/card');
      const pad = page.getByRole('group', { name: '금액 키패드' });
      await pad.waitFor();
      // A digit outside the keypad is nobody's (WCAG 2.1.4).
      await page.keyboard.press('7');
      assert.match(await hero(page), /^0/);
      for (let i = 0; i < 30 && !(await pad.evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press('Tab');
      await page.keyboard.type('4000');
      await page.keyboard.press('+');
      await page.keyboard.type('2500');
      assert.match(await hero(page), /^6,500/);
      await page.keyboard.press('Delete');
      assert.match(await hero(page), /^0/);
      await page.keyboard.press('Control+z');
      assert.match(await hero(page), /^6,500/);
      await page.keyboard.press('Enter');
      await page.getByLabel('카드번호').waitFor();
      await swipe(page, stripe(demo.card('APPROVE')));
      await page.getByRole('heading', { name: '카드를 읽었어요' }).waitFor();
      // From the heading: swipe again, then the reasons.
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Space');
      await page.getByRole('radio', { name: 'IC 칩을 읽지 못함', checked: true }).waitFor();
      for (let i = 0; i < 10 && !(await page.getByRole('button', { name: '6,500원 결제' }).evaluate((element) => element === document.activeElement)); i++) await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      const id = await approved(page);
      assert.equal((await demo.api<Payment>(merchant, `/v1/payments/${id}`)).amount, 6_500);
    }),
  );

  test(
    'a picked product is sold in six taps after the login, to the receipt of a swiped card',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      let taps = 0;
      const tap = async (name: string | RegExp, role: 'link' | 'button' | 'radio'): Promise<void> => {
        taps += 1;
        await page.getByRole(role, { name }).first().click();
      };
      await tap('상품조회', 'link');
      await tap(/담기$/, 'button');
      await tap('결제방법 선택', 'button');
      await tap(/원 카드결제$/, 'link');
      await page.getByLabel('카드번호').waitFor();
      await swipe(page, stripe(demo.card('APPROVE')));
      await tap('칩이 없는 카드', 'radio');
      await tap(/원 결제$/, 'button');
      await approved(page);
      assert.ok(taps <= 6, `${taps} taps`);
    }),
  );

  test(
    'interest-free months show once the issuer is known, without the number leaving the page',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logIn(page, merchant);
      await enterAmount(page, 50_000);
      await page.getByRole('button', { name: /할부/ }).click();
      await page.getByText('무이자 개월은 카드를 읽거나').waitFor();
      await page.keyboard.press('Escape');
      await swipe(page, stripe(card));
      await page.getByRole('radio', { name: '칩이 없는 카드' }).click();
      await page.getByRole('button', { name: /할부/ }).click();
      await page.getByText('KB국민카드').waitFor();
      await page.getByRole('button', { name: '3개월 무이자' }).click();
      await page.getByRole('button', { name: '50,000원 결제' }).click();
      const id = await approved(page);
      await page.getByText('3개월 (무이자)').waitFor();
      const payment = await demo.api<Payment>(merchant, `/v1/payments/${id}`);
      assert.equal(payment.card.interestFree, true);
      const digits = card.number.slice(0, 7);
      assert.deepEqual(watch.sent.filter(({ url }) => url.includes(digits)), []);
    }),
  );

  test(
    'a shop with a fixed buyer shows it and sends it',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.route('**/v1/settings', async (route) => {
        const answer = await route.fetch();
        const settings = (await answer.json()) as Record<string, unknown>;
        await route.fulfill({ response: answer, json: { ...settings, buyerInfo: false, fixedBuyer: { name: '구매자 1', phone: '01000001111' } } });
      });
      await enterAmount(page, 5_000);
      await page.getByText('구매자 1 010-0000-1111').waitFor();
      assert.equal(await page.getByRole('button', { name: /구매자/ }).count(), 0);
      await keyIn(page, demo.card('APPROVE'));
      const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/v1/payments'));
      await page.getByRole('button', { name: '5,000원 결제' }).click();
      const body = (await sent).postDataJSON() as { buyer: unknown };
      assert.deepEqual(body.buyer, { name: '구매자 1', phone: '01000001111' });
      await approved(page);
    }),
  );

  test(
    'a service fee comes on top, without VAT, and the last amounts are offered again',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.goto('/app/pay/card');
      await page.getByRole('button', { name: '+1만' }).click();
      await page.getByRole('button', { name: /^봉사료/ }).click();
      await page.getByRole('button', { name: '10%' }).click();
      await page.getByRole('dialog').getByText('1,000원', { exact: true }).waitFor();
      await page.getByRole('button', { name: '완료' }).click();
      await page.getByText('공급가액 9,091 · 부가세 909 · 봉사료 1,000').waitFor();
      await page.getByRole('button', { name: /카드 입력$/ }).click();
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '11,000원 결제' }).click();
      const id = await approved(page);
      assert.equal((await demo.api<Payment>(merchant, `/v1/payments/${id}`)).serviceFee, 1_000);
      await page.getByRole('link', { name: '새 결제' }).click();
      await page.getByRole('button', { name: '11,000원', exact: true }).click();
      assert.match(await hero(page), /^11,000/);
    }),
  );

  test(
    'the result makes way for the next sale by itself, unless it was touched',
    journey({}, async ({ page }, demo) => {
      await logIn(page, demo.merchant('TAXABLE'));
      await page.clock.install();
      await enterAmount(page, 5_000);
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '5,000원 결제' }).click();
      await approved(page);
      await page.clock.runFor(11_000);
      await page.getByRole('group', { name: '금액 키패드' }).waitFor();
      await enterAmount(page, 5_000);
      await keyIn(page, demo.card('APPROVE'));
      await page.getByRole('button', { name: '5,000원 결제' }).click();
      await approved(page);
      await page.keyboard.press('Shift');
      await page.clock.runFor(15_000);
      await page.getByRole('heading', { name: '결제했어요' }).waitFor();
    }),
  );
});
