import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { owner } from '../support/acts';
import type { Demo } from '../support/demo';
import { authenticator, byName } from '../support/passkey';

async function fillLogin(page: Page, loginId: string, password: string): Promise<void> {
  await page.goto('/app/');
  await page.getByLabel('아이디', { exact: true }).fill(loginId);
  await page.getByLabel('비밀번호', { exact: true }).fill(password);
}

const enter = (page: Page): Promise<void> => page.getByRole('button', { name: '로그인', exact: true }).click();

async function inside(page: Page): Promise<void> {
  await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
}

async function leave(page: Page): Promise<void> {
  await page.goto('/app/settings');
  await page.getByRole('button', { name: '로그아웃' }).click();
  await page.getByRole('button', { name: '로그인', exact: true }).waitFor();
}

/** The code that an authenticator app shows (RFC 6238), ahead by so many steps. */
function codeOf(secret: string, ahead = 0): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Waits for the newest mail to an address with these words. */
async function mailTo(demo: Demo, to: string, words: RegExp): Promise<string> {
  for (let i = 0; i < 100; i++) {
    const { mails } = (await (await fetch(`${demo.file.simulatorUrl}/simulator/mail`)).json()) as { mails: Mail[] };
    const found = mails.filter((mail) => mail.to.includes(to) && words.test(mail.subject + mail.text)).at(-1);
    if (found) return found.text;
    await sleep(150);
  }
  throw new Error(`no mail to ${to} with ${words}`);
}

async function post(demo: Demo, path: string, body: object, cookie = ''): Promise<Response> {
  return fetch(demo.file.baseUrl + path, { method: 'POST', headers: { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) }, body: JSON.stringify(body) });
}

describe('chapter 1: signing in', () => {
  test('a passkey is made in the security settings and logs in alone', () =>
    byName(async (page, demo) => {
      const merchant = demo.merchant('MIXED');
      await authenticator(page);
      const { loginId, password } = owner(merchant);
      await fillLogin(page, loginId, password);
      await enter(page);
      await inside(page);
      await page.goto('/app/settings');
      await page.getByRole('link', { name: /로그인 보안/ }).click();
      await page.getByRole('button', { name: '패스키 만들기' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('패스키 이름').fill('매장 전화');
      await dialog.getByLabel('지금 비밀번호').fill(password);
      await dialog.getByRole('button', { name: '패스키 만들기' }).click();
      await page.getByText('매장 전화').waitFor();
      await leave(page);
      await page.getByRole('button', { name: '패스키로 로그인' }).click();
      await inside(page);
      await page.goto('/app/settings/security');
      await page.getByRole('button', { name: '매장 전화 관리' }).click();
      await page.getByRole('dialog').getByRole('button', { name: '패스키 지우기' }).click();
      await page.getByText('매장 전화').waitFor({ state: 'detached' });
    }));

  test('an authenticator app is set up, asked for at the next login, and a recovery code works once', () =>
    byName(async (page, demo) => {
      const merchant = demo.merchant('MIXED');
      const { loginId, password } = owner(merchant);
      await fillLogin(page, loginId, password);
      await enter(page);
      await inside(page);
      await page.goto('/app/settings/security');
      await page.getByRole('button', { name: '2단계 인증 켜기' }).click();
      await page.getByLabel('지금 비밀번호').fill(password);
      await page.getByRole('button', { name: '계속' }).click();
      await page.getByRole('img', { name: '인증 앱에 등록할 QR 코드' }).waitFor();
      const secret = ((await page.locator('.security-key').textContent()) ?? '').replaceAll(' ', '');
      await page.getByLabel('인증 앱의 6자리 코드').fill(codeOf(secret));
      await page.getByRole('button', { name: '켜기', exact: true }).click();
      const codes = await page.locator('.security-codes li').allTextContents();
      assert.equal(codes.length, 10);
      await page.getByRole('button', { name: '적어 두었어요' }).click();
      await leave(page);
      await fillLogin(page, loginId, password);
      await enter(page);
      // One step ahead: the code that set it up is taken.
      await page.getByLabel('인증 코드 6자리').fill(codeOf(secret, 1));
      await enter(page);
      await inside(page);
      const again = { loginId, password, totpCode: codes[0] };
      assert.equal((await post(demo, '/v1/sessions', again)).status, 201);
      assert.equal((await post(demo, '/v1/sessions', again)).status, 401);
      await page.goto('/app/settings/security');
      await page.getByText('남은 복구 코드 9개').waitFor();
      await page.getByRole('button', { name: '2단계 인증 끄기' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('지금 비밀번호').fill(password);
      await dialog.getByLabel('인증 앱의 코드 또는 복구 코드').fill(codes[1] ?? '');
      await dialog.getByRole('button', { name: '2단계 인증 끄기' }).click();
      await page.getByRole('button', { name: '2단계 인증 켜기' }).waitFor();
    }));

  test('a forgotten password is set again through the mail that was proven, and a new device is told of', () =>
    byName(async (page, demo) => {
      const merchant = demo.merchant('MIXED');
      const { loginId, password } = owner(merchant);
      const address = 'owner.mixed@example.com';
      await fillLogin(page, loginId, password);
      await enter(page);
      await inside(page);
      await page.goto('/app/settings/security');
      await page.getByRole('button', { name: '이메일 등록' }).click();
      await page.getByLabel('이메일 주소').fill(address);
      await page.getByLabel('지금 비밀번호').fill(password);
      await page.getByRole('button', { name: '확인 코드 받기' }).click();
      const code = /\b\d{6}\b/.exec(await mailTo(demo, address, /확인 코드/))?.[0] ?? '';
      await page.getByLabel('확인 코드 6자리').fill(code);
      await page.getByRole('button', { name: '확인', exact: true }).click();
      await page.getByText('확인됨').waitFor();
      assert.equal((await post(demo, '/v1/sessions', { loginId, password })).status, 201);
      await mailTo(demo, address, /새 기기에서 로그인/);
      await leave(page);
      await page.getByRole('button', { name: '비밀번호를 잊으셨나요?' }).click();
      await page.getByRole('dialog').getByLabel('아이디').fill(loginId);
      await page.getByRole('button', { name: '링크 받기' }).click();
      await page.getByText('곧 링크가 도착해요').waitFor();
      const link = /https?:\S+\/activate\/\S+/.exec(await mailTo(demo, address, /activate/))?.[0] ?? '';
      const next = 'vermilion-otter-71-quilt';
      await page.goto(new URL(link).pathname);
      for (const field of await page.locator('input[type=password]').all()) await field.fill(next);
      await page.locator('button[type=submit], input[type=submit], form button').first().click();
      await page.waitForURL(/\/activate\/done/);
      await fillLogin(page, loginId, next);
      await enter(page);
      await inside(page);
      // As the other journeys know it.
      await page.goto('/app/settings/security');
      await page.getByRole('button', { name: /비밀번호 바꾸기/ }).click();
      await page.getByLabel('지금 비밀번호').fill(next);
      await page.getByLabel('새 비밀번호').fill(password);
      await page.getByRole('dialog').getByRole('button', { name: '비밀번호 바꾸기' }).click();
      await page.getByText('비밀번호를 바꿨어요').waitFor();
    }));

  test('who is locked out is let in again by an operator', () =>
    byName(async (page, demo) => {
      const merchant = demo.merchant('MIXED');
      const staff = merchant.logins.find(({ role }) => role === 'STAFF');
      const { operator } = demo.file;
      assert.ok(staff);
      // From the fifth wrong try on the next one has to wait, and is refused unseen.
      let status = 0;
      for (let i = 0; i < 12 && status !== 429; i++) ({ status } = await post(demo, '/v1/sessions', { loginId: staff.loginId, password: 'not-the-password' }));
      assert.equal(status, 429);
      await fillLogin(page, staff.loginId, staff.password);
      const session = await post(demo, '/v1/sessions', { loginId: operator.loginId, password: operator.password, totpCode: codeOf(operator.totpSecret) });
      assert.equal(session.status, 201, await session.text());
      const cookie = session.headers.getSetCookie().map((each) => each.split(';')[0]).join('; ');
      const { staff: people } = await demo.api<{ staff: { id: string; role: string }[] }>(merchant, '/v1/staff');
      const person = people.find(({ role }) => role === 'STAFF');
      const unlocked = await post(demo, `/v1/operator/merchants/${merchant.id}/users/${person?.id}/unlock`, { reason: '본인 확인' }, cookie);
      assert.equal(unlocked.status, 204, await unlocked.text());
      await enter(page);
      await inside(page);
    }));
});
