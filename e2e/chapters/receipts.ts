import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, logIn, pay } from '../support/acts';
import { complaints } from '../support/axe';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

interface Taken {
  id: string;
  to: string;
  kind?: string;
  subject?: string;
  text: string;
  html?: string;
}

/** How long a message may be on its way, in milliseconds. */
const ARRIVES = 15_000;

/** What lies in the virtual phone of a number, or in the mailbox of an address, once it is there. */
async function taken(page: Page, demo: Demo, box: string, fits: (one: Taken) => boolean): Promise<Taken> {
  const until = Date.now() + ARRIVES;
  while (Date.now() < until) {
    const answer = await page.request.get(`${demo.file.baseUrl}/simulator/${box}`);
    const { messages, mails } = (await answer.json()) as { messages?: Taken[]; mails?: Taken[] };
    const found = (messages ?? mails ?? []).find(fits);
    if (found) return found;
    await page.waitForTimeout(200);
  }
  throw new Error(`nothing that fits in ${box}`);
}

const linkIn = (text: string): string => /https?:\/\/\S+\/r\/\S+/.exec(text)?.[0] ?? '';

/** A payment on the screen of its result, with the sheet that gives its receipt away open. */
async function openSheet(page: Page, demo: Demo, won: number): Promise<string> {
  await logIn(page, demo.merchant('TAXABLE'));
  await pay(page, won, demo.card('APPROVE'));
  const id = await approved(page);
  await page.getByRole('button', { name: '영수증 보내기' }).click();
  await page.getByRole('dialog', { name: '영수증 보내기' }).waitFor();
  return id;
}

describe('chapters 2 to 8: receipts', () => {
  test(
    'by text to the virtual phone, where the link opens the slip; the log says that it arrived',
    journey({}, async ({ page, context }, demo) => {
      await openSheet(page, demo, 31_000);
      const sheet = page.getByRole('dialog', { name: '영수증 보내기' });
      await sheet.getByLabel('받을 휴대폰 번호').fill('010 0000 3101');
      await sheet.getByRole('button', { name: '문자로 보내기' }).click();
      const text = await taken(page, demo, 'phone/01000003101/messages', ({ text }) => text.includes('31,000'));
      await sheet.locator('.receipt-log').getByText('010****3101').waitFor();
      await sheet.locator('.receipt-log').getByText('도착', { exact: true }).waitFor();
      assert.deepEqual(await complaints(page, 'receipt sheet'), []);
      const slip = await context.newPage();
      await slip.goto(linkIn(text.text));
      await slip.getByRole('heading', { name: /신용카드 매출전표/ }).waitFor();
      assert.match(await slip.locator('.total').first().innerText(), /31,000원/);
      for (const [name, type, begin] of [['PDF', 'application/pdf', '%PDF-'], ['PDF 80mm', 'application/pdf', '%PDF-'], ['그림(PNG)', 'image/png', '\u0089PNG']] as const) {
        const href = await slip.getByRole('link', { name, exact: true }).getAttribute('href');
        const file = await slip.request.get(new URL(href ?? '', slip.url()).href);
        assert.equal(file.headers()['content-type'], type);
        assert.ok((await file.body()).toString('latin1').startsWith(begin), name);
      }
    }),
  );

  test(
    'by KakaoTalk, and by mail as text and HTML; a wrong number is corrected',
    journey({}, async ({ page }, demo) => {
      await openSheet(page, demo, 32_000);
      const sheet = page.getByRole('dialog', { name: '영수증 보내기' });
      await sheet.getByRole('radio', { name: '카카오톡' }).click();
      await sheet.getByLabel('받을 휴대폰 번호').fill('010 0000 3201');
      await sheet.getByRole('button', { name: '카카오톡으로 보내기' }).click();
      const talk = await taken(page, demo, 'phone/01000003201/messages', ({ text }) => text.includes('32,000'));
      assert.equal(talk.kind, 'ALIMTALK');

      await sheet.getByRole('radio', { name: '이메일' }).click();
      await sheet.getByRole('radio', { name: 'English' }).click();
      await sheet.getByLabel('받을 이메일 주소').fill('buyer32@example.com');
      await sheet.getByRole('button', { name: '이메일로 보내기' }).click();
      const mail = await taken(page, demo, 'mail', ({ to }) => to === 'buyer32@example.com');
      assert.match(mail.subject ?? '', /Card sales slip/);
      for (const part of [mail.text, mail.html ?? '']) assert.match(part, /KRW 32,000/);
      assert.doesNotMatch(mail.html ?? '', /<(img|script|link)\b/);

      // Numbers that end in 9999 are nobody's.
      await sheet.getByRole('radio', { name: '문자', exact: true }).click();
      await sheet.getByLabel('받을 휴대폰 번호').fill('010 0000 9999');
      await sheet.getByRole('button', { name: '문자로 보내기' }).click();
      await sheet.getByRole('button', { name: '주소 고쳐 다시 보내기' }).click();
      await sheet.getByLabel('받을 휴대폰 번호').fill('010 0000 3202');
      await sheet.getByRole('button', { name: '문자로 보내기' }).click();
      await taken(page, demo, 'phone/01000003202/messages', ({ text }) => text.includes('32,000'));
    }),
  );

  test(
    'a device without a share sheet copies the link; links that were given out can be blocked, and files and a code stay at hand',
    journey({}, async ({ page, context }, demo) => {
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.addInitScript(() => Object.defineProperty(navigator, 'share', { value: undefined }));
      await openSheet(page, demo, 33_000);
      const sheet = page.getByRole('dialog', { name: '영수증 보내기' });
      const copy = async (): Promise<string> => {
        await sheet.getByRole('radio', { name: 'SNS·기타' }).click();
        await sheet.getByRole('button', { name: '링크 복사' }).click();
        await page.getByText('링크를 복사했어요').first().waitFor();
        return page.evaluate(() => navigator.clipboard.readText());
      };
      const old = await copy();
      assert.equal((await page.request.get(old)).status(), 200);
      await sheet.getByRole('radio', { name: 'QR' }).click();
      await sheet.getByRole('img', { name: '영수증 링크 QR 코드' }).waitFor();
      const colours = await sheet.locator('.qr path').evaluateAll((paths) => paths.map((path) => getComputedStyle(path).fill));
      assert.deepEqual(colours, ['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
      await sheet.getByRole('radio', { name: '파일 저장' }).click();
      assert.match((await sheet.getByRole('link', { name: 'PDF (80mm)' }).getAttribute('href')) ?? '', /\/receipt\.pdf\?lang=ko&size=80$/);
      await sheet.getByRole('button', { name: '보낸 링크 모두 막기' }).click();
      await sheet.getByRole('button', { name: '링크 막기', exact: true }).click();
      await page.getByText('보낸 링크를 모두 막았어요').first().waitFor();
      assert.equal((await page.request.get(old)).status(), 404);
      const renewed = await copy();
      assert.notEqual(renewed, old);
      assert.equal((await page.request.get(renewed)).status(), 200);
    }),
  );

  test(
    'a buyer without the link finds the receipt by phone, approval number and amount',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      const { number, expiryMonth, expiryYear, passwordTwoDigits, birthOrBusinessNumber } = card;
      const paid = await demo.api<{ card: { approvalNumber: string } }>(merchant, '/v1/payments', {
        method: 'CARD', orderId: `receipts-${Date.now()}`, orderName: '꽃다발', amount: 34_000, buyer: { name: '구매자 1', phone: '01000003401' },
        card: { entry: 'KEY_IN', number, expiryMonth, expiryYear, passwordTwoDigits, birthOrBusinessNumber },
      });
      await page.goto('/r');
      await page.getByRole('heading', { name: '영수증 찾기' }).waitFor();
      assert.deepEqual(await complaints(page, 'find a receipt'), []);
      const fill = async (amount: string): Promise<void> => {
        await page.getByLabel('휴대폰 번호').fill('010-0000-3401');
        await page.getByLabel('승인번호').fill(paid.card.approvalNumber);
        await page.getByLabel('결제 금액').fill(amount);
        await page.getByRole('button', { name: '찾기' }).click();
      };
      await fill('34,001');
      await page.getByRole('alert').waitFor();
      await fill('34,000원');
      await page.getByRole('heading', { name: /신용카드 매출전표/ }).waitFor();
      assert.match(page.url(), /\/r\/[0-9a-zA-Z_-]{60,}/);
    }),
  );
});
