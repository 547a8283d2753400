import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, logIn, logInAnew, pay } from '../support/acts';
import { openWindow } from '../support/browser';
import { journey, world } from '../support/world';

describe('frame: live, offline', () => {
  test(
    'a second device sees the payment at once, without a reload',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const { browser } = await world();
      await logIn(page, merchant);
      const other = await openWindow(browser, demo.file.baseUrl, {});
      try {
        await logIn(other.page, merchant);
        const total = other.page.locator('.today .amount');
        const before = await total.innerText();
        await pay(page, 17_000, demo.card('APPROVE'));
        await approved(page);
        await other.page.waitForFunction((old) => document.querySelector('.today .amount')?.textContent !== old, before.replace(/\s/g, ''), { timeout: 5000 });
        await other.page.getByText(/방금/).first().waitFor();
        assert.deepEqual(other.watch.faults(), []);
      } finally {
        await other.context.close();
      }
    }),
  );

  test(
    'without a network the shell opens and shows what was kept, masked; log-out erases it',
    journey({ worker: true }, async ({ page, context }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      // In a session of its own: the log-out at the end ends it.
      await logInAnew(page, merchant);
      await page.waitForFunction(() => localStorage.getItem('innopay.kept') !== null);
      await page.evaluate(() => navigator.serviceWorker.ready);
      await context.setOffline(true);
      await page.reload();
      await page.getByText('오프라인이에요. 보기만 할 수 있어요.').waitFor();
      assert.ok((await page.locator('.row').count()) > 5);
      const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }));
      assert.doesNotMatch(stored, /\d{6}\*+\d{4}|010\d{7,8}/);
      const cached = await page.evaluate(async () => {
        const names: string[] = [];
        for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) names.push(new URL(request.url).pathname);
        return names;
      });
      assert.ok(cached.length > 5);
      assert.deepEqual(
        cached.filter((path) => !path.startsWith('/app/')),
        [],
      );
      await context.setOffline(false);
      await page.getByRole('button', { name: '다시 시도' }).click();
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      await page.goto('/app/settings');
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByRole('button', { name: '로그인' }).waitFor();
      assert.equal(await page.evaluate(() => localStorage.getItem('innopay.kept')), null);
    }),
  );
});
