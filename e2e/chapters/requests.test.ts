import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { logIn, withSettings } from '../support/acts';
import { agree } from '../support/books';
import type { DemoMerchant } from '../support/demo';
import { ask, asBuyer, linkIn, payButton, payHere, requestOf } from '../support/requests';
import { journey } from '../support/world';

/** From the buyer's approval to the seller's toast, in milliseconds: a bound of the issue's, no measurement. */
const TOLD = 1000;

/** Types an amount on the keypad of a request and goes on to the buyer. */
async function enterAmount(page: Page, won: number): Promise<void> {
  await page.getByRole('heading', { name: 'SMS결제' }).waitFor();
  for (const digit of String(won)) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: /받는 사람 입력$/ }).click();
}

/** Names the buyer, waits for what would be sent and sends it; gives the request's id. */
async function send(page: Page, phone: string): Promise<string> {
  await page.getByLabel('휴대폰 번호').fill(phone);
  await page.locator('.preview-size').waitFor();
  await page.getByRole('button', { name: /결제 요청 보내기$/ }).click();
  return requestId(page);
}

async function requestId(page: Page): Promise<string> {
  await page.waitForURL(/\/requests\/req_/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Opens a request's own screen. */
async function open(page: Page, merchant: DemoMerchant, id: string): Promise<void> {
  await logIn(page, merchant);
  await page.goto(`/app/requests/${id}`);
  await page.getByRole('heading', { name: '결제 요청', level: 1 }).waitFor();
}

/** When words first stand in a toast, by the page's own clock. */
async function whenToasted(page: Page, words: string): Promise<number> {
  const told = await page.waitForFunction((wanted) => document.querySelector('.toast')?.textContent?.includes(wanted) && Date.now(), words);
  return Number(await told.jsonValue());
}

describe('chapter 4: payment by SMS', () => {
  test(
    'asked from home, paid on a page without a script, and the seller at the products hears of it within a second',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const [buyer] = demo.file.buyers;
      assert.ok(buyer);
      await logIn(page, merchant);
      let [id, url] = ['', ''];
      await asBuyer(
        async (phone) => {
          await phone.goto('/simulator/phone');
          await phone.locator('.app[data-app="messages"]').waitFor();
          await phone.waitForResponse(/\/messages/);

          await page.getByRole('main').getByRole('link', { name: 'SMS결제' }).click();
          await page.getByRole('button', { name: /^상품/ }).click();
          await page.getByRole('textbox', { name: '상품명' }).fill('돌잔치 꽃바구니');
          await page.getByRole('button', { name: '완료' }).click();
          await enterAmount(page, 38_170);
          await page.getByLabel('휴대폰 번호').fill(buyer.phone);
          await page.getByLabel('구매자 이름').fill('홍길동');
          await page.locator('.preview .bubble', { hasText: '돌잔치 꽃바구니' }).waitFor();
          assert.match(await page.locator('.preview-size').innerText(), /(SMS 단문|LMS 장문)\s+\d{2,3} \/ (90|2,000)바이트/);
          const shown = await page.locator('.preview .bubble').innerText();
          await page.getByRole('button', { name: '38,170원 결제 요청 보내기' }).click();
          id = await requestId(page);

          // It rings on the virtual phone, and the link opens inside.
          await phone.locator('.banner').waitFor();
          await phone.locator('.banner-open').click();
          const bubble = phone.locator('.bubble', { hasText: '돌잔치 꽃바구니' });
          url = (await bubble.locator('a').getAttribute('href')) ?? '';
          // What was shown before is what came, but for the link's secret and the minute that has passed.
          const settled = (text: string): string => text.replace(/[\w-]{28}/, '').replace(/\d\d:\d\d까지$/, '');
          assert.equal(settled(await bubble.locator('.bubble-text').innerText()), settled(shown));
          await bubble.locator('a').click();
          await phone.frameLocator('iframe.web').getByRole('button', { name: '38,170원 결제하기' }).waitFor();
          await page.locator('.step', { hasText: '링크 열람' }).locator('time').waitFor();
        },
        { scriptless: false },
      );

      // The seller goes on with something else.
      await page.getByRole('link', { name: '상품', exact: true }).click();
      await page.getByRole('heading', { name: '상품', level: 1 }).waitFor();
      const toasted = whenToasted(page, '38,170원 결제됐어요');
      await asBuyer(async (buying) => {
        await buying.goto(url);
        const answer = buying.waitForResponse((response) => response.request().method() === 'POST');
        await payHere(buying, demo.card('APPROVE'));
        await buying.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
        const { startTime, responseStart } = (await answer).request().timing();
        const late = (await toasted) - (startTime + responseStart);
        assert.ok(late <= TOLD, `told after ${Math.round(late)} ms`);
        await buying.getByRole('link', { name: '영수증 보기' }).click();
        await buying.getByRole('heading', { name: /매출전표/ }).waitFor();
      });
      await page.getByRole('link', { name: '거래, 새 소식 1건' }).first().waitFor();

      await page.getByRole('button', { name: '보기', exact: true }).click();
      await page.getByRole('heading', { name: '거래 상세' }).waitFor();
      assert.equal(await page.getByRole('link', { name: /새 소식/ }).count(), 0);
      const receipt = await page.getByRole('link', { name: '영수증' }).getAttribute('href');
      const { status, paymentId } = await requestOf(demo, merchant, id);
      assert.equal(status, 'PAID');
      assert.equal(new URL(page.url()).pathname, `/app/payments/${paymentId}`);
      await page.goto('/app/requests?show=ended');
      await page.locator('a.row', { hasText: '돌잔치 꽃바구니' }).click();
      await page.getByRole('heading', { name: '결제됐어요' }).waitFor();
      assert.equal(await page.getByRole('link', { name: '영수증 보기' }).getAttribute('href'), receipt);
      await page.goto('/app/payments?channel=SMS');
      const row = page.locator('a.row', { hasText: '돌잔치 꽃바구니' });
      await row.waitFor();
      assert.match(await row.innerText(), /SMS \S+카드 \d{4}\s+38,170/);
      await page.goto(receipt ?? '');
      await page.getByRole('heading', { name: /매출전표/ }).waitFor();
      await agree(demo, merchant, paymentId, { status: 'DONE', amount: 38_170, canceled: [] });
    }),
  );

  test(
    'reached from the menu: a request waits with its steps, its QR code, its link and a way to call it off',
    journey({ width: 320, height: 640 }, async ({ page, context }, demo) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await page.getByRole('button', { name: '전체' }).click();
      await page.getByRole('dialog').getByRole('link', { name: 'SMS결제' }).click();
      await enterAmount(page, 12_170);
      const id = await send(page, '01000001001');
      const { url } = await requestOf(demo, merchant, id);
      assert.equal(linkIn(await demo.text('01000001001', '12,170원')), url);
      await page.locator('.step.is-done', { hasText: '문자 발송' }).waitFor();
      await page.getByRole('timer').filter({ hasText: /23시간|24시간/ }).waitFor();
      await page.getByRole('button', { name: 'QR' }).click();
      await page.getByRole('img', { name: '결제 페이지 QR 코드' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('button', { name: '링크 복사' }).click();
      await page.getByText('결제 링크를 복사했어요').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);

      // It is called off while the buyer has the page open.
      await asBuyer(async (buying) => {
        await buying.goto(url);
        await payButton(buying).waitFor();
        await page.getByRole('button', { name: '요청 취소' }).click();
        await page.getByRole('dialog').getByRole('button', { name: '12,170원 요청 취소' }).click();
        await page.getByRole('heading', { name: '취소한 요청이에요' }).waitFor();
        await payHere(buying, demo.card('APPROVE'));
        await buying.getByRole('heading', { name: '가맹점이 요청을 거둬들였어요' }).waitFor();
      });
      await page.goto('/app/requests?show=ended');
      await page.locator('a.row', { hasText: '12,170원' }).getByText('요청 취소').waitFor();
      assert.deepEqual((await demo.journal()).filter(({ amount }) => amount === 12_170), []);
    }),
  );

  test(
    'reached from the sheet of methods: the buyer sees what is in the cart, and pays for that',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await page.goto('/app/products');
      const adds = page.getByRole('button', { name: /담기$/ });
      await adds.first().waitFor();
      const names = (await adds.evaluateAll((buttons) => buttons.slice(0, 2).map((button) => button.getAttribute('aria-label') ?? ''))).map((name) => name.replace(/ 담기$/, ''));
      for (const name of names) await page.getByRole('button', { name: `${name} 담기`, exact: true }).click();
      await page.getByRole('button', { name: '결제방법 선택' }).click();
      await page.getByRole('link', { name: /원 SMS결제$/ }).click();
      const id = await send(page, '01000001002');
      const { url, amount, paymentId, orderName } = await requestOf(demo, merchant, id);
      assert.equal(orderName, `${names[0]} 외 1건`);
      await asBuyer(async (buying) => {
        await buying.goto(url);
        await buying.getByText(`구매 내역 2개`).waitFor();
        for (const name of names) assert.ok((await buying.locator('details ul').innerText()).includes(name ?? ''), name);
        await payHere(buying, demo.card('APPROVE'));
        await buying.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      });
      await page.getByRole('heading', { name: '결제됐어요' }).waitFor();
      const payment = await demo.api<{ items: { name: string }[] }>(merchant, `/v1/payments/${paymentId}`);
      assert.deepEqual(
        payment.items.map(({ name }) => name),
        names,
      );
      await agree(demo, merchant, paymentId, { status: 'DONE', amount, canceled: [] });
      await page.goto('/app/cart');
      await page.getByRole('heading', { name: '장바구니가 비어 있어요' }).waitFor();
    }),
  );

  test(
    'sent again to the right number: the old link opens nothing, the new one pays',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id } = await ask(demo, merchant, 13_170, '01000001003');
      const old = linkIn(await demo.text('01000001003', '13,170원'));
      await open(page, merchant, id);
      await page.getByRole('button', { name: '번호 수정' }).click();
      await page.getByRole('dialog').getByLabel('휴대폰 번호').fill('01000001004');
      await page.getByRole('button', { name: '이 번호로 보내기' }).click();
      await page.getByText('새 번호로 보냈어요').waitFor();
      const url = linkIn(await demo.text('01000001004', '13,170원'));
      assert.notEqual(url, old);
      await asBuyer(async (buying) => {
        // Whatever opens nothing looks the same.
        const unknown = await buying.goto(`${demo.file.baseUrl}/p/${'A'.repeat(28)}`);
        const looks = await buying.getByRole('main').innerText();
        const dead = await buying.goto(old);
        assert.deepEqual([unknown?.status(), dead?.status()], [404, 404]);
        assert.equal(await buying.getByRole('main').innerText(), looks);
        await buying.goto(url);
        await payHere(buying, demo.card('APPROVE'));
        await buying.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      });
      await page.getByRole('heading', { name: '결제됐어요' }).waitFor();
      // What is told of it goes to the right number alone.
      await demo.text('01000001004', '결제 완료');
      assert.equal((await demo.texts('01000001003')).length, 1);
    }),
  );

  test(
    'the gateway away: the seller sees that the text waits and can pass the link on; then it goes by itself',
    journey({}, async ({ page, context }, demo) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      const merchant = demo.merchant('TAXABLE');
      await demo.scriptTexts([{ do: 'DOWN', forMs: 3000 }]);
      const { id, url } = await ask(demo, merchant, 14_170, '01000001005');
      await open(page, merchant, id);
      await page.locator('.step.is-now', { hasText: '문자를 보내고 있어요' }).waitFor();
      await page.getByRole('button', { name: '링크 복사' }).click();
      await page.getByText('결제 링크를 복사했어요').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), url);
      assert.deepEqual(await demo.texts('01000001005'), []);
      await page.locator('.step.is-done', { hasText: '문자 발송' }).waitFor({ timeout: 15_000 });
      assert.equal((await demo.texts('01000001005')).length, 1);
    }),
  );

  test(
    'a text refused for good: the seller sees why, corrects it, and the link was payable all the time',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await demo.scriptTexts([{ do: 'REJECT', times: 1 }]);
      const { id, url } = await ask(demo, merchant, 15_170, '01000001006');
      await open(page, merchant, id);
      await page.getByText('문자가 도착하지 않았어요').first().waitFor();
      await page.getByText('사유 솔라피가 막아 둔 번호예요.').waitFor();
      await page.goto('/app/requests');
      await page.locator('a.row', { hasText: '15,170원' }).getByText('미발송').waitFor();
      await page.locator('a.row', { hasText: '15,170원' }).click();
      await asBuyer(async (buying) => {
        await buying.goto(url);
        await payButton(buying).waitFor();
      });
      await page.getByRole('button', { name: '재전송' }).click();
      await page.getByText('문자를 다시 보냈어요').waitFor();
      assert.equal(linkIn(await demo.text('01000001006', '15,170원')), url);
      await page.locator('.step.is-done', { hasText: '문자 발송' }).waitFor();
    }),
  );

  test(
    'seller and buyer are texted: paid to both, a part taken back to the buyer, each with a receipt that opens',
    journey({ scriptless: true }, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const [seller, buyer] = ['01000001007', '01000001008'];
      await withSettings(demo, merchant, { notifyPhone: seller }, async () => {
        const { url, paymentId } = await ask(demo, merchant, 16_170, buyer);
        await page.goto(url);
        await payHere(page, demo.card('APPROVE'));
        await page.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
        const told = await demo.text(seller, '결제 받음', '16,170원');
        assert.ok(!told.text.includes(buyer) && told.text.includes('*1008'), told.text);
        await page.goto(linkIn(await demo.text(buyer, '결제 완료', '16,170원')));
        await page.getByRole('heading', { name: /매출전표/ }).waitFor();
        await demo.api(merchant, `/v1/payments/${paymentId}/cancel`, { amount: 6170, reason: '단순 변심', cancelPassword: merchant.cancelPassword });
        await page.goto(linkIn(await demo.text(buyer, '결제 취소', '취소 6,170원')));
        await page.locator('.stamp').waitFor();
        assert.match(await page.getByRole('main').innerText(), /-6,170원/);
        await agree(demo, merchant, paymentId, { status: 'PARTIAL_CANCELED', amount: 16_170, canceled: [6170] });
        assert.equal((await demo.texts(seller)).length, 1);
      });
    }),
  );
});
