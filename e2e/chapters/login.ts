import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { approved, endSessionAt, enterAmount, keyIn, logInAnew, owner } from '../support/acts';
import { journey } from '../support/world';

describe('chapter 1: login', () => {
  test(
    'one message for a wrong id or password, then in and out',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await page.goto('/app/login');
      await page.getByLabel('아이디').fill(owner(merchant).loginId);
      await page.getByLabel('비밀번호', { exact: true }).fill('not-the-password');
      await page.getByRole('button', { name: '로그인' }).click();
      await page.getByText('아이디 또는 비밀번호가 맞지 않아요').waitFor();
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'password');
      await page.getByRole('link', { name: '고객센터 1600-0000' }).waitFor();
      await logInAnew(page, merchant);
      await page.getByRole('link', { name: '환경설정' }).first().click();
      await page.getByRole('button', { name: '로그아웃' }).click();
      await page.getByRole('button', { name: '로그인' }).waitFor();
      await page.goto('/app/payments');
      await page.getByRole('button', { name: '로그인' }).waitFor();
    }),
  );

  test(
    'a link into the app arrives after the login',
    journey({}, async ({ page }, demo) => {
      const login = demo.merchant('TAXABLE').logins[1];
      await page.goto('/app/payments?period=month');
      await page.getByLabel('아이디').fill(login?.loginId ?? '');
      await page.getByLabel('비밀번호', { exact: true }).fill(login?.password ?? '');
      await page.getByRole('button', { name: '로그인' }).click();
      await page.getByRole('heading', { name: '거래내역' }).waitFor();
      assert.match(page.url(), /\/payments\?period=month$/);
    }),
  );

  test(
    'a session that ends in the middle of a payment keeps the form and pays once',
    journey({}, async ({ page, watch }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant);
      await enterAmount(page, 12_300);
      await keyIn(page, demo.card('APPROVE'));
      await endSessionAt(page, 'POST', '**/v1/payments');
      await page.getByRole('button', { name: '12,300원 결제' }).click();
      const dialog = page.getByRole('dialog', { name: '다시 로그인해 주세요' });
      await dialog.getByLabel('비밀번호', { exact: true }).fill(owner(merchant).password);
      await dialog.getByRole('button', { name: '로그인' }).click();
      const id = await approved(page);
      const keys = watch.sent.filter((request) => request.method === 'POST' && request.url.endsWith('/v1/payments'));
      assert.equal(keys.length, 2, 'refused once, sent again once');
      const payment = await demo.api<{ orderId: string; status: string }>(merchant, `/v1/payments/${id}`);
      assert.equal(payment.status, 'DONE');
    }),
  );
});
