import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { complaints } from '../support/axe';
import { approved, pay } from '../support/acts';
import { openWindow, settled, type WindowOptions } from '../support/browser';
import type { Demo, DemoMerchant } from '../support/demo';
import { enterConsole } from '../support/console';
import { journey, world } from '../support/world';

const OWNER_PHONE = '01000000071';
const STAFF_PHONE = '01000000072';
const OWNER_PASSWORD = 'vexil-Quandry-84-morph';
const STAFF_PASSWORD = 'brumal-Tock-29';

/** How long a mail may take, in milliseconds. */
const MAILED = 20_000;

interface Mail {
  to: string;
  subject: string;
  text: string;
}

/** Ids that no other run has. */
const unique = (name: string): string => `${name}-${Date.now().toString(36)}`;

/** Waits for the mail to an address. */
async function mailTo(demo: Demo, address: string): Promise<Mail> {
  const until = Date.now() + MAILED;
  while (Date.now() < until) {
    const answer = await fetch(`${demo.file.simulatorUrl}/simulator/mail`);
    const { mails } = (await answer.json()) as { mails: Mail[] };
    const found = mails.findLast(({ to }) => to === address);
    if (found) return found;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`no mail to ${address}`);
}

/** The newest code that a phone was sent, which is another than the one before. */
async function codeOn(demo: Demo, number: string, before = ''): Promise<string> {
  const until = Date.now() + MAILED;
  while (Date.now() < until) {
    const codes = (await demo.texts(number)).map(({ text }) => /인증번호 (\d{6})/.exec(text)?.[1]).filter((code) => code !== undefined);
    const newest = codes.at(-1);
    if (newest && newest !== before) return newest;
    await new Promise((done) => setTimeout(done, 200));
  }
  throw new Error(`no code on ${number}`);
}

async function elsewhere(options: WindowOptions, walk: (page: Page) => Promise<void>): Promise<void> {
  const { browser, demo } = await world();
  const window = await openWindow(browser, demo.file.baseUrl, options);
  try {
    await walk(window.page);
    assert.deepEqual(window.watch.faults(), []);
  } finally {
    await window.context.close();
  }
}

async function enter(page: Page, loginId: string, password: string): Promise<void> {
  await page.goto('/app/login');
  await page.getByLabel('아이디').fill(loginId);
  await page.getByLabel('비밀번호', { exact: true }).fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
}

/** Opens the mailed link without any script, proves who it is, and sets the password. */
async function activate(page: Page, demo: Demo, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('heading', { name: '계정 시작하기' }).waitFor();
  await page.getByText('010****0071').waitFor();
  await page.getByRole('button', { name: '인증번호 받기' }).click();
  const right = await codeOn(demo, OWNER_PHONE);
  await page.getByLabel('인증번호 6자리').fill(right === '000000' ? '111111' : '000000');
  await page.getByRole('button', { name: '확인하고 비밀번호 정하기' }).click();
  await page.getByText('인증번호가 맞지 않아요', { exact: false }).waitFor();
  await page.getByLabel('인증번호 6자리').fill(right);
  await page.getByRole('button', { name: '확인하고 비밀번호 정하기' }).click();
  await page.getByRole('heading', { name: '비밀번호 설정' }).waitFor();
  // The seeded shop has a cancel password: an owner of a new one sets that next.
  await choose(page, OWNER_PASSWORD, '비밀번호 저장');
  await page.getByRole('heading', { name: '저장했어요' }).waitFor();
  // The link is used up.
  await page.goto(link);
  await page.getByRole('heading', { name: '열 수 없는 주소예요' }).waitFor();
}

async function choose(page: Page, password: string, act: string): Promise<void> {
  await page.locator('#password').fill(password);
  await page.locator('#again').fill(password);
  await page.getByRole('button', { name: act }).click();
}

/** The first login asks for the terms. */
async function agree(page: Page): Promise<void> {
  const sheet = page.getByRole('dialog', { name: '약관을 확인해 주세요' });
  await sheet.waitFor();
  assert.deepEqual(await complaints(page, 'terms asked'), []);
  await page.keyboard.press('Escape');
  await sheet.getByRole('checkbox', { name: '모두 동의해요' }).click();
  await sheet.getByRole('button', { name: '동의하고 계속하기' }).click();
  await sheet.waitFor({ state: 'detached' });
}

/** At the console: who it is, the very mail, and off it goes; then the same stands at the merchant's people. */
async function issueOwner(page: Page, demo: Demo, shop: DemoMerchant, loginId: string, email: string): Promise<void> {
  await enterConsole(page, demo, `/console/merchants/${shop.id}?tab=people`);
  await page.getByRole('link', { name: '대표 아이디 발급' }).click();
  await page.getByLabel('이름').fill('박점주');
  await page.getByLabel('아이디').fill(loginId);
  await page.getByLabel('메일 주소').fill('no address');
  await page.getByLabel('휴대폰 번호').fill(OWNER_PHONE);
  await page.getByRole('button', { name: '보낼 메일 보기' }).click();
  await page.getByText('이메일 주소를 다시 확인해 주세요', { exact: false }).first().waitFor();
  await page.getByLabel('메일 주소').fill(email);
  await page.keyboard.press('Enter');
  const mail = page.getByRole('region', { name: '보낼 메일' });
  await mail.getByText(loginId).waitFor();
  await mail.getByText(shop.name).waitFor();
  await page.getByText('72시간 동안 한 번만', { exact: false }).waitFor();
  await settled(page);
  assert.deepEqual(await complaints(page, 'owner wizard: the mail'), []);
  await page.getByRole('button', { name: '메일 보내기' }).click();
  await page.getByText('박점주 님에게 메일을 보냈어요').waitFor();
  await page.getByText('메일 보냄', { exact: true }).waitFor();
  await page.getByRole('link', { name: '가맹점 사용자 보기' }).click();
  await page.getByRole('table', { name: '대표 아이디' }).getByRole('row').filter({ hasText: loginId }).getByRole('button', { name: '다시 보내기' }).waitFor();
}

/** Makes an invite on the staff page, and gives its link. */
async function invite(page: Page): Promise<string> {
  await page.goto('/app/settings/staff');
  await page.getByRole('button', { name: '초대 만들기' }).click();
  const made = page.waitForResponse((answer) => answer.url().endsWith('/v1/invites') && answer.request().method() === 'POST');
  await page.getByRole('dialog').getByRole('button', { name: '초대 만들기' }).click();
  const { url } = (await (await made).json()) as { url: string };
  await page.getByRole('group', { name: /^초대 코드/ }).waitFor();
  return url;
}

/** Registers by an invite's link, up to the page that waits; a reload in the middle loses nothing but the password. */
async function register(page: Page, demo: Demo, link: string, loginId: string, taken: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByLabel('이름').fill('김서연');
  await page.getByLabel('휴대폰 번호').fill(STAFF_PHONE);
  await page.getByRole('button', { name: '인증번호 받기' }).click();
  await page.getByRole('heading', { name: '문자로 받은 인증번호를 입력해 주세요' }).waitFor();
  const right = await codeOn(demo, STAFF_PHONE);
  await page.getByLabel('인증번호 6자리').fill(right === '000000' ? '111111' : '000000');
  await page.getByRole('button', { name: '확인' }).click();
  await page.getByText('4번 더 입력할 수 있어요', { exact: false }).waitFor();
  await page.reload();
  await page.getByLabel('인증번호 6자리').fill(right);
  await page.getByRole('button', { name: '확인' }).click();
  await page.getByLabel('아이디').fill(taken);
  await page.getByText('이미 쓰고 있는 아이디예요', { exact: false }).waitFor();
  await page.getByLabel('아이디').fill(loginId);
  await page.getByText('쓸 수 있는 아이디예요').waitFor();
  await page.getByRole('button', { name: '다음' }).click();
  await page.getByLabel('비밀번호', { exact: true }).fill('짧아요');
  assert.ok(await page.getByRole('button', { name: '다음' }).isDisabled());
  await page.getByLabel('비밀번호', { exact: true }).fill(STAFF_PASSWORD);
  await page.getByRole('button', { name: '다음' }).click();
  assert.ok(await page.getByRole('button', { name: '등록 신청' }).isDisabled());
  await page.getByRole('checkbox', { name: /이용약관/ }).first().click();
  await page.getByRole('button', { name: '개인정보 처리방침 내용 보기' }).click();
  await page.getByRole('heading', { name: '2. 보유 기간' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('checkbox', { name: '모두 동의해요' }).click();
  await page.getByRole('button', { name: '등록 신청' }).click();
  await page.getByRole('heading', { name: '승인을 기다리고 있어요' }).waitFor();
  await settled(page);
  assert.deepEqual(await complaints(page, 'registration handed in'), []);
}

describe('chapter 1: getting in', () => {
  test(
    'an operator issues an owner, who invites staff, who register, are let in, sell, and may do what the role allows',
    journey({}, async ({ page }, demo) => {
      const shop = demo.merchant('TAXABLE');
      const ownerId = unique('owner');
      const staffId = unique('staff');
      const email = `${ownerId}@example.com`;
      await elsewhere({ width: 1440, height: 900 }, (desk) => issueOwner(desk, demo, shop, ownerId, email));
      const mail = await mailTo(demo, email);
      const link = /https?:\/\/\S+\/start\/\S+/.exec(mail.text)?.[0] ?? '';
      assert.match(mail.subject, new RegExp(shop.name));
      assert.ok(mail.text.includes(ownerId));
      await elsewhere({ scriptless: true }, (other) => activateOwner(other, demo, link));
      await enter(page, ownerId, OWNER_PASSWORD);
      await agree(page);
      await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
      const invited = await invite(page);
      await elsewhere({ width: 412, height: 860 }, async (other) => {
        await register(other, demo, invited, staffId, ownerId);
        await enter(other, staffId, STAFF_PASSWORD);
        await other.getByText('승인을 기다리고 있어요', { exact: false }).waitFor();
        await approve(page);
        await demo.text(STAFF_PHONE, '직원 등록이 승인됐어요');
        await other.getByRole('button', { name: '로그인' }).click();
        await other.getByRole('heading', { name: '오늘 매출' }).waitFor();
        await sells(other, demo);
      });
    }),
  );

  test(
    'an invite that is used up, taken back or wrong is refused in the same words',
    journey({ width: 320, height: 640 }, async ({ page }) => {
      await page.goto('/app/register#ZZZZZZ-ZZZZZZZZ');
      await page.getByRole('button', { name: '다음' }).click();
      await page.getByText('가맹점 코드나 초대 코드가 맞지 않아요', { exact: false }).waitFor();
      assert.equal(new URL(page.url()).hash, '', 'the codes stay in the address');
      assert.deepEqual(await complaints(page, 'register'), []);
      await page.goto('/app/terms');
      await page.getByRole('link', { name: /전자금융거래/ }).click();
      await page.getByRole('heading', { name: '제8조 기록의 보관' }).waitFor();
      await page.goto('/app/install');
      await page.getByRole('radio', { name: '아이폰·아이패드' }).click();
      await page.getByText('홈 화면에 추가', { exact: false }).first().waitFor();
      assert.deepEqual(await complaints(page, 'install'), []);
    }),
  );
});

async function activateOwner(page: Page, demo: Demo, link: string): Promise<void> {
  assert.notEqual(link, '');
  await activate(page, demo, link);
}

/** The owner lets the one who waits in, without the right to cancel. */
async function approve(page: Page): Promise<void> {
  await page.goto('/app/settings/staff');
  const person = page.getByRole('group', { name: '김서연' });
  await person.getByRole('button', { name: '승인하기' }).click();
  const sheet = page.getByRole('dialog', { name: '김서연님을 승인할까요?' });
  assert.equal(await sheet.getByRole('switch', { name: '결제 취소' }).getAttribute('aria-checked'), 'false');
  await sheet.getByRole('button', { name: '승인', exact: true }).click();
  await page.getByText('승인했어요', { exact: false }).waitFor();
}

/** Takes a card, and finds that nothing else is allowed. */
async function sells(page: Page, demo: Demo): Promise<void> {
  await pay(page, 60_000, demo.card('APPROVE'));
  const paid = await approved(page);
  await page.goto(`/app/payments/${paid}`);
  await page.getByText('60,000').first().waitFor();
  assert.equal(await page.getByRole('link', { name: '결제 취소' }).count(), 0);
  await page.goto('/app/settings/staff');
  await page.getByRole('heading', { name: '쓸 수 있는 권한이 없어요' }).waitFor();
}
