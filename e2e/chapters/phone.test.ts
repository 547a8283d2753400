import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { complaints } from '../support/axe';
import { settled } from '../support/browser';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

const SHOP = '0212345678';
const BUYER = '01000000001';
const OTHER = '01000000002';

interface Message {
  id: string;
  at: string;
  from: string;
  to: string;
  kind: 'SMS' | 'LMS' | 'ALIMTALK';
  subject?: string;
  text: string;
  buttons?: { name: string; link: string }[];
}

interface Mail {
  id: string;
  at: string;
  to: string;
  subject: string;
  text: string;
  html: string;
}

/** Stands for the message simulator: what lies in it is delivered, from an id on. */
class Exchange {
  readonly messages: Message[] = [];
  readonly mails: Mail[] = [];

  async serve(page: Page): Promise<void> {
    await page.route(/\/simulator\/phone\/\d+\/messages/, (route) => {
      const url = new URL(route.request().url());
      const mine = this.messages.filter(({ to }) => to === url.pathname.split('/')[3]);
      const known = mine.findIndex(({ id }) => id === url.searchParams.get('after'));
      return route.fulfill({ json: { messages: mine.slice(known + 1) } });
    });
    await page.route(/\/simulator\/mail(\?|$)/, (route) => {
      const known = this.mails.findIndex(({ id }) => id === new URL(route.request().url()).searchParams.get('after'));
      return route.fulfill({ json: { mails: this.mails.slice(known + 1) } });
    });
  }

  send(message: Partial<Message>): void {
    const id = `msg_${this.messages.length + 1}`;
    this.messages.push({ id, at: new Date().toISOString(), from: SHOP, to: BUYER, kind: 'SMS', text: '', ...message });
  }

  post(mail: Partial<Mail>): void {
    const id = `mail_${this.mails.length + 1}`;
    this.mails.push({ id, at: new Date().toISOString(), to: 'buyer@example.com', subject: '', text: '', html: '', ...mail });
  }
}

/** The address of a receipt of the demo: a buyer's page that stands already. */
async function receipt(demo: Demo): Promise<string> {
  const { payments } = await demo.api<{ payments: { receiptUrl: string }[] }>(demo.merchant('TAXABLE'), '/v1/payments?status=DONE&limit=1');
  const url = payments[0]?.receiptUrl;
  assert.ok(url, 'the demo has a payment');
  return url;
}

const app = (page: Page, name: string) => page.locator(`.app[data-app="${name}"]`);
const web = (page: Page) => page.frameLocator('iframe.web');

describe('virtual phone', () => {
  test(
    'a message rings, opens, and its link opens inside the phone',
    journey({}, async ({ page, context }, demo) => {
      const exchange = new Exchange();
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      await app(page, 'messages').waitFor();
      await page.waitForResponse(/\/messages/);
      assert.equal(await page.locator('.app .badge').count(), 0);

      const url = await receipt(demo);
      exchange.send({ text: `[시험 상점] 결제가 완료됐어요.\n영수증 ${url}` });
      await page.locator('.banner').waitFor();
      assert.match(await page.locator('.banner').innerText(), /02-1234-5678/);
      await app(page, 'messages').getByText('새 소식 1개').waitFor({ state: 'attached' });

      await page.locator('.banner-open').click();
      await page.getByRole('heading', { name: '02-1234-5678' }).waitFor();
      await page.getByRole('link', { name: url }).click();
      await web(page).getByRole('heading', { name: /매출전표/ }).waitFor();
      assert.equal(context.pages().length, 1, 'no other tab was opened');
      assert.equal(new URL(page.url()).pathname, '/simulator/phone');

      // Back to the conversation, and home: what was read is not new any more, also after a reload.
      await page.getByRole('button', { name: '닫기' }).click();
      await page.getByRole('heading', { name: '02-1234-5678' }).waitFor();
      await page.getByRole('button', { name: '홈 화면' }).click();
      await app(page, 'messages').waitFor();
      assert.equal(await page.locator('.app .badge').count(), 0);
      await page.reload();
      await app(page, 'messages').click();
      await page.locator('.row').waitFor();
      assert.equal(await page.locator('.row.is-new').count(), 0);
    }),
  );

  test(
    'conversations by sender: subject of a long text, AlimTalk, and addresses that are not ours stay text',
    journey({}, async ({ page }) => {
      const exchange = new Exchange();
      exchange.send({ text: '첫 문자' });
      exchange.send({ kind: 'LMS', subject: '결제 안내', text: '긴 문자\n둘째 줄 https://example.com/p/abc' });
      exchange.send({ from: '15880000', kind: 'ALIMTALK', text: '결제가 취소됐어요', buttons: [{ name: '영수증 보기', link: '/r/unknown' }] });
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      // What lay there before is new, but does not ring.
      await app(page, 'messages').getByText('새 소식 3개').waitFor({ state: 'attached' });
      assert.equal(await page.locator('.banner').count(), 0);
      await app(page, 'messages').click();
      assert.deepEqual(await page.locator('.row strong').allInnerTexts(), ['1588-0000', '02-1234-5678']);
      await page.locator(`.row[data-from="${SHOP}"]`).click();
      assert.equal(await page.locator('.bubble').count(), 2);
      await page.locator('.bubble-subject', { hasText: '결제 안내' }).waitFor();
      assert.equal(await page.locator('.bubble a').count(), 0);
      await page.keyboard.press('Escape');
      await page.locator('.row', { hasText: '1588-0000' }).click();
      await page.locator('.is-alimtalk', { hasText: '알림톡' }).waitFor();
      await page.getByRole('button', { name: '영수증 보기' }).click();
      await page.locator('iframe.web').waitFor();
      await page.getByRole('button', { name: '닫기' }).click();
      // One that arrives while its conversation is open is read at once.
      exchange.send({ from: '15880000', text: '하나 더' });
      await page.locator('.bubble', { hasText: '하나 더' }).waitFor();
      assert.equal(await page.locator('.banner').count(), 0);
    }),
  );

  test(
    'another buyer has another phone, and its news shows on the picker',
    journey({}, async ({ page }) => {
      const exchange = new Exchange();
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      await page.getByRole('button', { name: /구매자 1/, pressed: true }).waitFor();
      exchange.send({ to: OTHER, text: '구매자 2에게' });
      await page.getByRole('button', { name: /구매자 2/ }).locator('.badge').waitFor();
      assert.equal(await page.locator('.banner').count(), 0);
      await page.getByRole('button', { name: /구매자 2/ }).click();
      await app(page, 'messages').click();
      await page.locator('.row', { hasText: '구매자 2에게' }).waitFor();
      await page.getByRole('button', { name: /구매자 1/ }).click();
      await app(page, 'messages').click();
      await page.getByText('아직 받은 문자가 없어요').waitFor();
    }),
  );

  test(
    'the wallet has a card of every behaviour; a tap copies its number and shows what to type',
    journey({}, async ({ page, context }, demo) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await new Exchange().serve(page);
      await page.goto('/simulator/phone');
      await app(page, 'wallet').click();
      await page.getByRole('heading', { name: /^승인/ }).waitFor();
      for (const { behaviour } of demo.file.cards) assert.ok((await page.locator(`.face[data-behaviour="${behaviour}"]`).count()) > 0, behaviour);
      // Every behaviour is said in words.
      for (const deed of await page.locator('.face-deed').allInnerTexts()) assert.match(deed, /[가-힣]/);
      const card = demo.card('DECLINE_LIMIT');
      await page.getByRole('button', { name: /^거절/ }).click();
      await page.getByRole('button', { name: /한도초과/ }).click();
      await page.getByText('카드번호를 복사했어요').waitFor();
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), card.number);
      const details = await page.locator('.details').innerText();
      for (const shown of [`${card.expiryMonth}/${card.expiryYear}`, card.birthOrBusinessNumber, card.passwordTwoDigits]) assert.ok(details.includes(shown), shown);
    }),
  );

  test(
    'a page that asks for a card is filled from the wallet',
    journey({}, async ({ page }, demo) => {
      const exchange = new Exchange();
      const fields = ['autocomplete="cc-number"', 'autocomplete="cc-exp"', 'name="birthOrBusinessNumber"', 'name="passwordTwoDigits"'];
      const form = `<!doctype html><html lang="ko"><title>결제</title><main><h1>결제</h1><form>${fields.map((field) => `<input aria-label="칸" ${field}>`).join('')}</form></main></html>`;
      await page.route('**/p/abc', (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', body: form }));
      exchange.send({ text: `결제 ${demo.file.baseUrl}/p/abc` });
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      await app(page, 'messages').click();
      await page.locator('.row').click();
      await page.locator('.bubble a').click();
      await page.getByRole('button', { name: '카드 지갑에서 채우기' }).click();
      await page.getByRole('button', { name: /한도초과/ }).click();
      const card = demo.card('DECLINE_LIMIT');
      await page.getByText('카드 정보를 채웠어요').waitFor();
      const values = await web(page).locator('input').evaluateAll((inputs) => inputs.map((input) => (input as HTMLInputElement).value));
      assert.deepEqual(values, [card.number, `${card.expiryMonth}/${card.expiryYear}`, card.birthOrBusinessNumber, card.passwordTwoDigits]);
    }),
  );

  test(
    'a mail is shown without its scripts, and its link opens in the phone',
    journey({}, async ({ page, watch }, demo) => {
      const exchange = new Exchange();
      const url = await receipt(demo);
      const evil = '<script>parent.postMessage({ open: "/r/stolen" }, "*")</script><img alt="" src="data:," onerror="parent.postMessage({ open: \'/r/stolen\' }, \'*\')">';
      exchange.post({ subject: '영수증이 도착했어요', html: `<html><head><style>h1{color:rgb(0,128,0)}</style></head><body><h1>안녕하세요</h1><a href="${url}">영수증 보기</a>${evil}</body></html>` });
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      await app(page, 'mail').locator('.badge').waitFor();
      await app(page, 'mail').click();
      await page.getByRole('button', { name: /영수증이 도착했어요/ }).click();
      const letter = page.frameLocator('iframe.letter');
      await letter.getByRole('heading', { name: '안녕하세요' }).waitFor();
      assert.equal(await letter.locator('h1').evaluate((heading) => getComputedStyle(heading).color), 'rgb(0, 128, 0)');
      assert.equal(await letter.locator('script:not([src])').count(), 0);
      // The handler stands in the mail, and the policy of its document refused it.
      assert.match(watch.violations.join('\n'), /script-src-attr inline/);
      watch.violations.length = 0;
      assert.equal(await page.locator('iframe.web').count(), 0);
      await letter.getByRole('link', { name: '영수증 보기' }).click();
      await web(page).getByRole('heading', { name: /매출전표/ }).waitFor();
    }),
  );

  test(
    'the merchant works on the left and the buyer on the right, when there is room',
    journey({ width: 1280, height: 800 }, async ({ page }) => {
      const exchange = new Exchange();
      await exchange.serve(page);
      await page.goto('/simulator/phone');
      await page.getByRole('heading', { name: 'INNOPAY 1분 데모' }).waitFor();
      await page.frameLocator('iframe[src="/app/"]').getByLabel('아이디').waitFor();
      assert.match(await page.locator('.hint[aria-current]').innerText(), /왼쪽에서 SMS 결제를 요청하세요/);
      await page.waitForResponse(/\/messages/);
      exchange.send({ text: '결제 요청' });
      await page.locator('.hint[aria-current]', { hasText: '오른쪽 휴대전화' }).waitFor();
      await page.getByRole('button', { name: '나란히 보기' }).click();
      await page.locator('iframe[src="/app/"]').waitFor({ state: 'hidden' });
      assert.equal(new URL(page.url()).searchParams.get('split'), '0');
      await page.reload();
      await app(page, 'messages').waitFor();
      assert.equal(await page.locator('iframe[src="/app/"]').count(), 0);
    }),
  );

  test(
    'a demo that wants a token asks for it, and every question carries it',
    journey({}, async ({ page }) => {
      const asked: string[] = [];
      await new Exchange().serve(page);
      await page.route('**/simulator/phone/setup', (route) => {
        const token = route.request().headers()['authorization'] ?? '';
        asked.push(token);
        return token === 'Bearer secret' ? route.continue() : route.fulfill({ status: 401, json: { code: 'UNAUTHENTICATED' } });
      });
      await page.goto('/simulator/phone#token=wrong');
      await page.getByText('토큰이 달라요').waitFor();
      assert.equal(new URL(page.url()).hash, '');
      const messages = page.waitForRequest(/\/messages/);
      await page.getByLabel('시뮬레이터 토큰').fill('secret');
      await page.getByRole('button', { name: '휴대전화 열기' }).click();
      await app(page, 'messages').waitFor();
      assert.equal((await messages).headers()['authorization'], 'Bearer secret');
      assert.deepEqual(asked, ['Bearer wrong', 'Bearer secret']);
    }),
  );

  test(
    'speaks English when asked to',
    journey({ width: 1280, height: 800 }, async ({ page }) => {
      await new Exchange().serve(page);
      await page.goto('/simulator/phone?lang=en');
      await app(page, 'wallet').click();
      await page.getByRole('heading', { name: 'Card wallet' }).waitFor();
      const words = [await page.locator('.head-top h1, .hints, .bar, .lead, .face-deed').allInnerTexts()].flat().join(' ');
      assert.doesNotMatch(words, /[가-힣]/);
      assert.equal(await page.evaluate(() => document.documentElement.lang), 'en');
    }),
  );

  for (const { name, options } of [
    { name: 'light, 412 px', options: { width: 412, height: 860 } },
    { name: 'dark, 320 px, text of 200 %', options: { width: 320, height: 640, dark: true, largeText: true } },
  ]) {
    test(
      `has nothing for axe to find and does not scroll sideways: ${name}`,
      journey(options, async ({ page }, demo) => {
        const found = await look(page, demo, async (screen) => complaints(page, screen));
        assert.deepEqual(found, []);
      }),
    );
  }

  for (const { name, options } of [
    { name: 'dark', options: { width: 1280, height: 800, dark: true } },
    { name: 'light, 900 px', options: { width: 900, height: 760 } },
  ]) {
    test(
      `has nothing for axe to find side by side: ${name}`,
      journey(options, async ({ page }) => {
        await new Exchange().serve(page);
        await page.goto('/simulator/phone?split=1');
        await page.frameLocator('iframe[src="/app/"]').getByLabel('아이디').waitFor();
        await app(page, 'wallet').click();
        await settled(page);
        assert.deepEqual(await complaints(page, 'side by side'), []);
      }),
    );
  }
});

/** Walks through every screen of the phone and gives what was found on them. */
async function look(page: Page, demo: Demo, see: (screen: string) => Promise<string[]>): Promise<string[]> {
  const exchange = new Exchange();
  const found: string[] = [];
  const at = async (screen: string) => {
    await settled(page);
    found.push(...(await see(screen)));
  };
  await exchange.serve(page);
  await page.goto('/simulator/phone');
  await app(page, 'messages').waitFor();
  await page.waitForResponse(/\/messages/);
  await app(page, 'messages').click();
  await at('no messages');
  await page.getByRole('button', { name: '홈 화면' }).click();
  exchange.post({ subject: '영수증이 도착했어요', html: '<html lang="ko"><body><main><h1>영수증</h1><p>감사합니다.</p></main></body></html>' });
  await page.locator('.banner').waitFor();
  await at('home with a banner');
  await page.locator('.banner-close').click();
  await app(page, 'messages').click();
  exchange.send({ text: `[시험 상점] 12,000원 결제를 요청했어요. ${await receipt(demo)}` });
  exchange.send({ kind: 'LMS', subject: '결제 안내', text: '내일까지 결제해 주세요.' });
  exchange.send({ kind: 'ALIMTALK', text: '12,000원이 승인됐어요.' });
  await page.locator('.row').waitFor();
  await at('messages');
  await page.locator('.row').click();
  await at('conversation');
  await page.locator('.bubble a').click();
  await web(page).getByRole('heading', { name: /매출전표/ }).waitFor();
  await at('browser');
  await page.getByRole('button', { name: '홈 화면' }).click();
  await app(page, 'mail').click();
  await page.locator('.row').waitFor();
  await at('mail');
  await page.locator('.row').click();
  await page.frameLocator('iframe.letter').getByRole('heading').waitFor();
  await at('letter');
  await page.getByRole('button', { name: '홈 화면' }).click();
  await app(page, 'wallet').click();
  await page.getByRole('button', { name: /^거절/ }).click();
  await at('wallet');
  await page.locator('.face').first().click();
  await at('card');
  return found;
}
