import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, enterAmount, keyIn, logIn, pay } from '../support/acts';
import { operate } from '../support/operator';
import { journey } from '../support/world';

interface Notice {
  id: string;
  audience: number;
  readers: number;
}

interface Ticket {
  id: string;
  merchantId: string;
  subject: string;
}

describe('chapter 11: merchant information, guide, help desk', () => {
  test(
    'a notice comes live, stands on the home screen until it is read, and the read rate moves',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const streamed = page.waitForResponse('**/v1/events');
      await logIn(page, merchant);
      await streamed;
      const title = `새벽 점검 ${Date.now()}`;
      const notice = await operate<Notice>(demo, 'POST', '/v1/operator/notices', { merchantId: merchant.id, title, body: '# 점검\n잠시 쉬어요. <b>굵게</b>', important: true });
      assert.equal(notice.readers, 0);
      const shown = page.getByRole('link', { name: new RegExp(title) });
      await shown.waitFor({ timeout: 5000 });
      await page.getByRole('link', { name: /공지사항, 안 읽은 공지/ }).first().waitFor();
      await shown.click();
      await page.getByRole('heading', { name: '점검', exact: true }).waitFor();
      await page.getByText('<b>굵게</b>', { exact: false }).waitFor(); // plain text, never markup
      await page.goto('/app/');
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      await shown.waitFor({ state: 'detached' });
      const { notices } = await operate<{ notices: Notice[] }>(demo, 'GET', '/v1/operator/notices');
      const now = notices.find(({ id }) => id === notice.id);
      assert.ok(now && now.readers === 1 && now.audience >= 1, JSON.stringify(now));
      await operate(demo, 'DELETE', `/v1/operator/notices/${notice.id}?reason=journey`);
    }),
  );

  test(
    'imported interest-free months stand in the guide and in the picker, from their amount on',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const card = demo.card('APPROVE');
      await logIn(page, merchant);
      const today = new Date(Date.now() + 9 * 3_600_000).toISOString().slice(0, 10);
      const known = await demo.api<{ issuerName?: string }>(merchant, `/v1/installments?amount=90000&bin=${card.number.slice(0, 6)}`);
      assert.ok(known.issuerName);
      const file = `카드사,개월,최소금액,시작일,종료일\n${known.issuerName},7~9,"80,000",${today},${today}\n없는카드,1,x,내일,\n`;
      const path = `/v1/operator/interest-free/import?format=csv&merchantId=${merchant.id}`;
      const refused = await operate<{ imported: boolean; errorCount: number }>(demo, 'POST', path, file);
      assert.ok(!refused.imported && refused.errorCount >= 4, JSON.stringify(refused));
      const report = await operate<{ imported: boolean; added: number }>(demo, 'POST', `${path}&partial=true`, file);
      assert.deepEqual([report.imported, report.added], [true, 1]);
      await page.goto('/app/guide/interest-free');
      const row = page.getByRole('row', { name: /7~9개월/ });
      await row.waitFor();
      assert.match(await row.innerText(), /80,000원 이상/);
      for (const [won, free] of [[79_000, false], [80_000, true]] as const) {
        await enterAmount(page, won);
        await keyIn(page, card);
        await page.getByRole('button', { name: /^할부/ }).click();
        const months = page.getByRole('button', { name: /^8개월/ });
        await months.waitFor();
        assert.equal((await months.innerText()).includes('무이자'), free, `${won}`);
        await page.keyboard.press('Escape');
      }
      const { events } = await operate<{ events: { id: string }[] }>(demo, 'GET', `/v1/operator/interest-free?merchantId=${merchant.id}`);
      for (const { id } of events) await operate(demo, 'DELETE', `/v1/operator/interest-free/${id}?reason=journey&merchantId=${merchant.id}`);
    }),
  );

  test(
    'a problem with a payment is asked, answered live and ended; a card number is not sent',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('MIXED');
      await logIn(page, merchant);
      await pay(page, 20_000, demo.card('APPROVE'));
      const paid = await approved(page);
      const streamed = page.waitForResponse('**/v1/events');
      await page.goto(`/app/support/tickets/new?payment=${paid}`);
      await streamed;
      await page.locator('.pick').first().waitFor();
      const subject = `두 번 결제됐어요 ${Date.now()}`;
      await page.getByRole('textbox', { name: '제목' }).fill(subject);
      await page.getByRole('textbox', { name: '내용' }).fill('카드 4111-1111-1111-1111 로 결제했어요.');
      await page.getByRole('button', { name: '문의 보내기' }).click();
      await page.getByText('카드번호가 들어 있는 것 같아요', { exact: false }).waitFor();
      assert.ok(!watch.sent.some(({ url }) => url.endsWith('/v1/tickets') && url.includes('POST')));
      assert.ok(!watch.sent.some(({ body }) => body.includes('4111-1111')));
      await page.getByRole('textbox', { name: '내용' }).fill('끝자리 1111 카드로 결제했어요.');
      await page.getByRole('button', { name: '문의 보내기' }).click();
      await page.getByRole('heading', { name: subject }).waitFor();
      const { tickets } = await operate<{ tickets: Ticket[] }>(demo, 'GET', '/v1/operator/tickets?status=OPEN');
      const ticket = tickets.find((each) => each.subject === subject);
      assert.equal(ticket?.merchantId, merchant.id);
      const desk = `/v1/operator/tickets/${merchant.id}/${ticket?.id}`;
      await operate(demo, 'POST', `${desk}/messages`, { text: '한 번만 결제됐어요.' });
      await page.getByText('한 번만 결제됐어요.').waitFor({ timeout: 5000 });
      await page.getByRole('textbox', { name: '답장' }).fill('고맙습니다.');
      await page.getByRole('button', { name: '보내기' }).click();
      await page.getByText('고맙습니다.').waitFor();
      await operate(demo, 'POST', `${desk}/close`);
      await page.getByText('끝난 문의예요', { exact: false }).waitFor({ timeout: 5000 });
    }),
  );

  test(
    'the manual is searched and its pictures are seen without a network, and so is the phone of the help desk',
    journey({ worker: true }, async ({ page }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.goto('/app/support');
      await page.getByRole('link', { name: /고객센터 1600/ }).waitFor();
      await page.waitForFunction(async () => (await caches.match('/app/guide/cancel.webp', { ignoreSearch: true })) !== undefined);
      await page.context().setOffline(true);
      try {
        await page.goto('/app/guide');
        await page.getByLabel('매뉴얼 검색').fill('ㅊㅅ ㅂㅁㅂㅎ');
        await page.getByRole('link', { name: /^취소 비밀번호/ }).first().click();
        await page.getByRole('heading', { name: '취소 비밀번호' }).waitFor();
        await page.waitForFunction(() => (document.querySelector<HTMLImageElement>('.guide-picture')?.naturalWidth ?? 0) > 0);
        await page.goto('/app/support');
        assert.equal(await page.getByRole('link', { name: /고객센터 1600/ }).getAttribute('href'), 'tel:16000000');
      } finally {
        await page.context().setOffline(false);
      }
    }),
  );

  test(
    'a permission shows as it stands at the moment it changes',
    journey({}, async ({ page, context }, demo) => {
      await logIn(page, demo.merchant('MIXED'));
      await page.goto('/app/guide/permissions');
      const camera = page.locator('.permission', { hasText: '카메라' });
      await camera.getByText('쓸 때 물어봐요').waitFor();
      await context.grantPermissions(['camera']);
      await camera.getByText('허용됨').waitFor();
      await page.locator('details[open]', { hasText: 'PC Chrome' }).waitFor();
    }),
  );
});
