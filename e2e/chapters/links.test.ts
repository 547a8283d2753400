import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { agree as consent, ask, asBuyer, becomes, fillIn, payButton, payHere, requestOf, type PayRequest } from '../support/requests';
import { logIn } from '../support/acts';
import { agree } from '../support/books';
import { journey, world } from '../support/world';

/** The least time a request may stand, in milliseconds, and a little for the way there. */
const LEAST = 60_000;
const WAY = 2000;

// A request stands for a minute at least: it runs out while the journeys before these are walked.
let short: PayRequest;
let over = 0;
before(async () => {
  const { demo } = await world();
  over = Date.now() + LEAST + WAY;
  short = await ask(demo, demo.merchant('MIXED'), 21_170, '01000002001', { expiresAt: new Date(over).toISOString() });
});

describe('the buyer at the link', () => {
  test(
    'a decline names its reason and leaves the link payable: another card pays, once',
    journey({ scriptless: true }, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id, url, paymentId } = await ask(demo, merchant, 22_170, '01000002002');
      await page.goto(url);
      await payHere(page, demo.card('DECLINE_LIMIT'));
      await page.getByRole('alert').getByText('한도').waitFor();
      await page.getByText('4번 더 시도할 수 있어요.').waitFor();
      // Nothing of the card came back.
      assert.equal(await page.getByLabel('카드번호').inputValue(), '');
      assert.deepEqual((({ status, tries, triesLeft }) => [status, tries, triesLeft])(await requestOf(demo, merchant, id)), ['SENT', 1, 4]);
      await payHere(page, demo.card('APPROVE'));
      await page.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      // Neither back nor a reload pays again.
      await page.reload();
      await page.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      await page.goto(url);
      await page.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      await agree(demo, merchant, paymentId, { status: 'DONE', amount: 22_170, canceled: [] });
    }),
  );

  test(
    'a link that was declined too often is closed, for the buyer and on the seller\'s screen',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id, url, triesLeft } = await ask(demo, merchant, 23_170, '01000002003');
      await logIn(page, merchant);
      await page.goto(`/app/requests/${id}`);
      await asBuyer(async (buying) => {
        await buying.goto(url);
        for (let left = triesLeft - 1; left >= 0; left--) {
          await payHere(buying, demo.card('DECLINE_LIMIT'));
          if (left > 0) await buying.getByText(`${left}번 더 시도할 수 있어요.`).waitFor();
        }
        await buying.getByRole('heading', { name: '더 이상 결제할 수 없는 링크예요' }).waitFor();
        await page.getByRole('heading', { name: '결제되지 않았어요' }).waitFor();
        await buying.goto(url);
        assert.equal(await payButton(buying).count(), 0);
      });
      const tried = (await demo.journal()).filter(({ amount, merchantId }) => amount === 23_170 && merchantId === merchant.id);
      assert.deepEqual(
        tried.map(({ type, result }) => [type, result]),
        Array.from({ length: triesLeft }, () => ['AUTHORIZE', 'DECLINED']),
      );
    }),
  );

  test(
    'called off and paid at the same moment: one of them holds, and the books say the same',
    journey({ scriptless: true }, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { id, url, paymentId } = await ask(demo, merchant, 24_170, '01000002004');
      await page.goto(url);
      await fillIn(page, demo.card('APPROVE'));
      await Promise.all([payButton(page).click(), demo.api(merchant, `/v1/payment-requests/${id}/withdraw`, {}).catch(() => undefined)]);
      const shown = page.getByRole('heading', { name: /^(결제를 마쳤어요|가맹점이 요청을 거둬들였어요)$/ });
      await shown.waitFor();
      const paid = (await shown.innerText()) === '결제를 마쳤어요';
      assert.equal((await requestOf(demo, merchant, id)).status, paid ? 'PAID' : 'WITHDRAWN');
      if (paid) await agree(demo, merchant, paymentId, { status: 'DONE', amount: 24_170, canceled: [] });
      else assert.deepEqual((await demo.journal()).filter(({ amount }) => amount === 24_170), []);
    }),
  );

  test(
    'two phones with one link: one pays, the other sees that it is paid',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const { url, paymentId } = await ask(demo, merchant, 25_170, '01000002005');
      await asBuyer(async (other) => {
        const pages = [page, other];
        for (const each of pages) {
          await each.goto(url);
          await fillIn(each, demo.card('APPROVE'));
        }
        await Promise.all(pages.map((each) => payButton(each).click()));
        for (const each of pages) await each.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      });
      await agree(demo, merchant, paymentId, { status: 'DONE', amount: 25_170, canceled: [] });
    }),
  );

  test('a messenger that looks at the link for its preview changes nothing and learns nothing of the buyer', async () => {
    const { demo } = await world();
    const merchant = demo.merchant('TAXABLE');
    const { id, url } = await ask(demo, merchant, 26_170, '01000002006', { buyer: { name: '홍길동', phone: '01000002006' } });
    const before = await becomes(demo, merchant, id, 'SENT');
    for (const agent of ['facebookexternalhit/1.1; kakaotalk-scrap/1.0; +https://devtalk.kakao.com/t/scrap/33984', 'curl/8.0']) {
      const answer = await fetch(url, { headers: { 'user-agent': agent } });
      assert.equal(answer.status, 200);
      const html = await answer.text();
      for (const tag of ['og:title', 'og:description', 'og:image']) assert.match(html, new RegExp(`<meta property="${tag}" content="[^"]+">`), tag);
      const preview = html.slice(0, html.indexOf('</head>'));
      assert.doesNotMatch(preview, /홍길동|0000.?2006|26,?170/);
      assert.doesNotMatch(html, /홍길동|0000.?2006/);
      const image = /og:image" content="([^"]+)"/.exec(html)?.[1] ?? '';
      assert.equal((await fetch(image)).headers.get('content-type'), 'image/png');
    }
    await fetch(url, { method: 'HEAD' });
    const after = await requestOf(demo, merchant, id);
    assert.deepEqual([after.status, after.openedAt, after.tries], [before.status, undefined, 0]);
    // A person is seen, and was the first.
    const seen = Date.now();
    await fetch(url, { headers: { 'user-agent': 'Mozilla/5.0 (Linux; Android 14) Mobile Safari/537.36' } });
    let openedAt: string | undefined;
    for (let look = 0; look < 50 && !openedAt; look++) {
      ({ openedAt } = await requestOf(demo, merchant, id));
      await sleep(50);
    }
    assert.ok(openedAt && Date.parse(openedAt) >= seen, openedAt);
  });

  test(
    'side by side, the demo of one minute: asked on the left, paid on the right from the wallet, seen on the left',
    journey({ width: 1280, height: 800 }, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const [buyer] = demo.file.buyers;
      assert.ok(buyer);
      await logIn(page, merchant);
      await page.goto('/simulator/phone?split=1');
      const app = page.frameLocator('iframe[src="/app/"]');
      const web = page.frameLocator('iframe.web');
      await app.getByRole('main').getByRole('link', { name: 'SMS결제' }).click();
      await app.getByRole('button', { name: '+5천' }).click();
      await app.getByRole('button', { name: '5,000원 받는 사람 입력' }).click();
      await app.getByLabel('휴대폰 번호').fill(buyer.phone);
      await app.getByRole('button', { name: '5,000원 결제 요청 보내기' }).click();
      await page.locator('.banner').waitFor();
      assert.match(await page.locator('.hint[aria-current]').innerText(), /오른쪽 휴대전화/);
      await page.locator('.banner-open').click();
      await page.locator('.bubble', { hasText: '5,000원' }).last().locator('a').click();
      await web.getByRole('button', { name: '5,000원 결제하기' }).waitFor();
      await page.getByRole('button', { name: '카드 지갑에서 채우기' }).click();
      await page.locator('.face[data-behaviour="APPROVE"]').first().click();
      await consent(web);
      await payButton(web).click();
      await web.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
      await app.getByRole('heading', { name: '결제됐어요' }).waitFor();
      const paid = await app.getByRole('link', { name: '거래 보기' }).getAttribute('href');
      await agree(demo, merchant, paid?.split('/').at(-1) ?? '', { status: 'DONE', amount: 5000, canceled: [] });
    }),
  );

  test(
    'its time over, the link asks for nothing and the seller can ask anew',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await page.goto(`/app/requests/${short.id}`);
      await sleep(Math.max(0, over - Date.now()));
      await asBuyer(async (buying) => {
        await buying.goto(short.url);
        await buying.getByRole('heading', { name: '결제할 수 있는 시간이 지났어요' }).waitFor();
      });
      await page.getByRole('heading', { name: '결제 기간이 지났어요' }).waitFor();
      await page.getByRole('button', { name: '새로 요청' }).click();
      await page.getByRole('button', { name: '21,170원 결제 요청 보내기' }).waitFor();
      await becomes(demo, merchant, short.id, 'EXPIRED');
      assert.deepEqual((await demo.journal()).filter(({ amount }) => amount === 21_170), []);
    }),
  );
});
