import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { approved, enterAmount, keyIn, logIn, pay } from '../support/acts';
import { enterConsole } from '../support/console';
import type { Demo } from '../support/demo';
import { journey } from '../support/world';

/** A page of the console beside the seller's app, in the same browser. */
async function openDesk(page: Page, demo: Demo, path: string): Promise<Page> {
  const desk = await page.context().newPage();
  await desk.setViewportSize({ width: 1440, height: 900 });
  await enterConsole(desk, demo, path);
  return desk;
}

/** Chooses one merchant by its name. */
async function only(desk: Page, name: string): Promise<void> {
  await desk.getByRole('textbox', { name: '가맹점', exact: true }).fill(name);
  await desk.getByRole('list', { name: '가맹점', exact: true }).getByRole('button').first().click();
  await desk.getByText(`${name}에만`).waitFor();
}

/** Presses the act of a page and, in its dialog, once more, with the reason where one is asked for. */
async function confirm(desk: Page, act: string, reason = ''): Promise<void> {
  await desk.getByRole('button', { name: act, exact: true }).click();
  const dialog = desk.getByRole('dialog');
  if (reason) await dialog.getByLabel('사유').fill(reason);
  await dialog.getByRole('button', { name: act, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
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
      const desk = await openDesk(page, demo, '/console/notices/new');
      await only(desk, merchant.name);
      await desk.getByRole('textbox', { name: '제목' }).fill(title);
      await desk.getByRole('textbox', { name: '내용' }).fill('# 점검\n잠시 쉬어요. <b>굵게</b>');
      await desk.getByLabel('중요 공지').check();
      await desk.getByRole('region', { name: '가맹점에는 이렇게 보여요' }).getByRole('heading', { name: '점검', exact: true }).waitFor();
      await confirm(desk, '게시하기');
      const beside = desk.getByRole('complementary', { name: title });
      await beside.getByText(/명 중 0명/).first().waitFor();
      const shown = page.getByRole('link', { name: new RegExp(title) });
      await shown.waitFor({ timeout: 5000 });
      await page.getByRole('link', { name: /공지사항, 안 읽은 공지/ }).first().waitFor();
      await shown.click();
      await page.getByRole('heading', { name: '점검', exact: true }).waitFor();
      await page.getByText('<b>굵게</b>', { exact: false }).waitFor(); // plain text, never markup
      await page.goto('/app/');
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      await shown.waitFor({ state: 'detached' });
      await desk.reload();
      await beside.getByText(/명 중 1명/).first().waitFor();
      await confirm(desk, '거두기', '여정이 끝남');
      await beside.getByText('거둠', { exact: true }).waitFor();
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
      const desk = await openDesk(page, demo, '/console/interest-free/import');
      await only(desk, merchant.name);
      await desk.locator('input[type=file]').setInputFiles({ name: '무이자.csv', mimeType: 'text/csv', buffer: Buffer.from(file) });
      await desk.getByText('아직 아무것도 바꾸지 않았어요.', { exact: false }).waitFor();
      const bad = desk.getByRole('table', { name: '고쳐야 할 줄' }).locator('tbody tr');
      await bad.getByText('없는카드').waitFor();
      assert.ok((await bad.count()) >= 4, 'every wrong value has its row');
      await page.goto('/app/guide/interest-free');
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.equal(await page.getByRole('row', { name: /7~9개월/ }).count(), 0, 'nothing was changed yet');
      await desk.getByRole('button', { name: '바른 1건만 저장하기' }).click();
      await desk.getByText('무이자 행사 1건을 저장했어요').waitFor();
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
      await desk.getByRole('link', { name: '행사 보기' }).click();
      await desk.getByRole('row', { name: /7~9개월/ }).getByRole('button').first().click();
      await confirm(desk, '지우기', '여정이 끝남');
      await desk.getByRole('row', { name: /7~9개월/ }).waitFor({ state: 'detached' });
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
      const desk = await openDesk(page, demo, '/console/tickets');
      await desk.getByRole('button', { name: subject }).click();
      const beside = desk.getByRole('complementary', { name: subject });
      await beside.getByRole('link', { name: merchant.name }).waitFor();
      await beside.getByLabel('담당 운영자').selectOption({ label: '시험 운영자 (나)' });
      await beside.getByRole('textbox', { name: '답변' }).fill('한 번만 결제됐어요.');
      await beside.getByRole('button', { name: '답변 보내기' }).click();
      await beside.getByText('답변함', { exact: true }).waitFor();
      await page.getByText('한 번만 결제됐어요.').waitFor({ timeout: 5000 });
      await page.getByRole('textbox', { name: '답장' }).fill('고맙습니다.');
      await page.getByRole('button', { name: '보내기' }).click();
      await page.getByText('고맙습니다.').waitFor();
      await confirm(desk, '문의 끝내기');
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
