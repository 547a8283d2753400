import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { approved, logIn, logInAnew, openCancel, pay, withSettings } from '../support/acts';
import { complaints } from '../support/axe';
import { openWindow, type Window } from '../support/browser';
import type { Demo } from '../support/demo';
import { journey, world } from '../support/world';

interface Stored {
  cart: boolean;
  slideMenu: boolean;
  sound: boolean;
  theme: string;
  textSize: string;
  signatureLimit: number;
}

const switchNamed = (page: Page, name: string): Locator => page.getByRole('switch', { name });

/** A second device, and what it may not do either. */
async function withOther(demo: Demo, walk: (other: Window) => Promise<void>): Promise<void> {
  const { browser } = await world();
  const other = await openWindow(browser, demo.file.baseUrl, {});
  try {
    await walk(other);
    assert.deepEqual(other.watch.faults(), []);
  } finally {
    await other.context.close();
  }
}

/** Waits until a switch stands as it should. */
async function stands(page: Page, name: string, on: boolean): Promise<void> {
  await page.locator(`[role=switch][aria-checked=${on}]`, { hasText: name }).waitFor();
}

async function settingsOf(page: Page): Promise<void> {
  await page.goto('/app/settings');
  await switchNamed(page, '소리').waitFor();
}

describe('chapter 10: settings', () => {
  test(
    'the slide menu opens every function; switched off, the home button stands on every screen but home',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      const homeButton = page.locator('header').getByRole('link', { name: '홈', exact: true });
      await logIn(page, merchant);
      await page.getByRole('button', { name: '메뉴 열기' }).click();
      const menu = page.getByRole('dialog', { name: '전체 메뉴' });
      for (const name of ['카드결제', '거래내역', '취소/환불', '상품조회', '장바구니', '가맹점 정보']) await menu.getByRole('link', { name }).waitFor();
      await menu.getByRole('link', { name: '환경설정' }).click();
      await withSettings(demo, merchant, {}, async () => {
        await page.getByRole('heading', { name: '환경설정' }).waitFor();
        assert.equal(await homeButton.count(), 0);
        await page.reload();
        await switchNamed(page, '슬라이드 메뉴').click();
        await page.getByText('저장했어요').waitFor();
        for (const path of ['settings', 'products', 'payments', 'merchant', 'pay/card', 'cart']) {
          await page.goto(`/app/${path}`);
          await homeButton.waitFor();
          assert.equal(await page.getByRole('button', { name: '메뉴 열기' }).count(), 0, path);
        }
        await homeButton.click();
        await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
        assert.equal(await homeButton.count(), 0);
        assert.equal(await page.locator('header a').first().getAttribute('aria-label'), '환경설정');
      });
    }),
  );

  test(
    'what is saved on one device stands on the next at once, and survives a reload; each keeps the other\'s change',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withOther(demo, async ({ page: other }) => {
        await withSettings(demo, merchant, {}, async () => {
          await logIn(page, merchant);
          await settingsOf(page);
          await logIn(other, merchant);
          await other.goto('/app/');
          await other.getByRole('button', { name: '메뉴 열기' }).waitFor();

          await page.getByRole('radio', { name: '아주 크게' }).click();
          await page.getByRole('radio', { name: '어둡게' }).click();
          await switchNamed(page, '슬라이드 메뉴').click();
          // The other device follows wherever it is, without a reload.
          await other.waitForFunction(() => document.documentElement.dataset['text'] === 'huge' && document.documentElement.dataset['theme'] === 'dark');
          await other.getByRole('button', { name: '메뉴 열기' }).waitFor({ state: 'detached' });
          await settingsOf(other);
          await switchNamed(other, '장바구니(카트)').click();
          await stands(page, '장바구니(카트)', false);
          await page.reload();
          await stands(page, '장바구니(카트)', false);
          await stands(page, '슬라이드 메뉴', false);
          const { cart, slideMenu, theme, textSize } = await demo.api<Stored>(merchant, '/v1/settings');
          assert.deepEqual({ cart, slideMenu, theme, textSize }, { cart: false, slideMenu: false, theme: 'DARK', textSize: 'HUGE' });
        });
      });
    }),
  );

  test(
    'a device that heard nothing does not save over another\'s choice of the same thing, and says so',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, {}, async () => {
        await page.route('**/v1/events', (route) => route.abort());
        await logIn(page, merchant);
        await settingsOf(page);
        // The screen reads them once more when it opens.
        await page.waitForLoadState('networkidle');
        const before = await demo.api<object>(merchant, '/v1/settings');
        await demo.put(merchant, '/v1/settings', { ...before, signatureLimit: 30_000, sound: false });
        await newLimit(page, '70000');
        await page.getByText('다른 기기에서 설정을 바꿔서 저장하지 않았어요').waitFor();
        await page.getByRole('button', { name: /30,000원까지/ }).waitFor();
        await stands(page, '소리', false);
        await newLimit(page, '70000');
        await page.getByText('저장했어요').waitFor();
        await page.getByRole('button', { name: /70,000원까지/ }).waitFor();
        const { signatureLimit, sound } = await demo.api<Stored>(merchant, '/v1/settings');
        assert.deepEqual({ signatureLimit, sound }, { signatureLimit: 70_000, sound: false });
      });
    }),
  );

  test(
    'asking for the buyer is switched off only with a buyer to take instead',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await withSettings(demo, merchant, {}, async () => {
        await logIn(page, merchant);
        await page.goto('/app/settings');
        await switchNamed(page, '구매자 정보 입력').click();
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByText('구매자 이름을 입력해 주세요.').waitFor();
        await page.getByLabel('이름').fill('매장 손님');
        await page.getByLabel('전화번호').fill('010-0000-0001');
        await page.getByLabel('이메일').fill('없는 주소');
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByText('이메일 주소를 다시 확인해 주세요.').waitFor();
        await page.getByLabel('이메일').fill('');
        await page.getByRole('button', { name: '이 구매자로 저장' }).click();
        await page.getByRole('button', { name: /매장 손님 010-0000-0001/ }).waitFor();
        const stored = await demo.api<{ buyerInfo: boolean; fixedBuyer: object }>(merchant, '/v1/settings');
        assert.deepEqual([stored.buyerInfo, stored.fixedBuyer], [false, { name: '매장 손님', phone: '01000000001' }]);
      });
    }),
  );

  test(
    'staff see the shop\'s settings and why they cannot change them, and choose a look for their own device',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant, 'STAFF');
      await page.goto('/app/settings');
      await page.getByText('매장 설정은 대표만 바꿀 수 있어요').waitFor();
      for (const name of ['슬라이드 메뉴', '장바구니(카트)', '구매자 정보 입력', '소리', '진동', '알림 받기']) assert.ok(await switchNamed(page, name).isDisabled(), name);
      await page.getByRole('radio', { name: '어둡게' }).click();
      await page.reload();
      await switchNamed(page, '소리').waitFor();
      assert.equal(await page.evaluate(() => document.documentElement.dataset['theme']), 'dark');
      const { theme } = await demo.api<{ theme: string }>(merchant, '/v1/settings');
      assert.equal(theme, 'SYSTEM');
    }),
  );

  test(
    'sound is heard before it is chosen, and a payment is silent where the shop wants that; the result stays',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await page.addInitScript(() => {
        const heard = { notes: 0, buzzes: 0 };
        Object.assign(window, { heard });
        const make = AudioContext.prototype.createOscillator;
        AudioContext.prototype.createOscillator = function () {
          heard.notes++;
          return make.call(this);
        };
        navigator.vibrate = () => ++heard.buzzes > 0;
      });
      const heard = (): Promise<{ notes: number; buzzes: number }> => page.evaluate(() => (window as unknown as { heard: { notes: number; buzzes: number } }).heard);
      await logIn(page, merchant);
      await withSettings(demo, merchant, { sound: false, vibration: false }, async () => {
        await settingsOf(page);
        await page.getByRole('button', { name: '소리 들어 보기' }).click();
        await page.getByRole('button', { name: '진동 느껴 보기' }).click();
        await page.waitForFunction(() => (window as unknown as { heard: { notes: number } }).heard.notes === 2);
        assert.equal((await heard()).buzzes, 1);
        await switchNamed(page, '결과 화면 자동 복귀').click();
        await page.reload();
        await stands(page, '결과 화면 자동 복귀', false);
        await pay(page, 13_130, demo.card('APPROVE'));
        await approved(page);
        await page.getByText('자동으로 넘어가지 않아요').waitFor();
        assert.deepEqual(await heard(), { notes: 0, buzzes: 0 });
      });
    }),
  );

  test(
    'a number to be texted is saved, refused while it is none, and taken away again',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await withSettings(demo, merchant, {}, async () => {
        await settingsOf(page);
        await page.getByRole('button', { name: /문자로도 알림 받지 않음/ }).click();
        await page.getByLabel('휴대폰 번호').fill('02-000-0000');
        await page.getByRole('button', { name: '저장', exact: true }).click();
        await page.getByText('010으로 시작하는 휴대폰 번호를 입력해 주세요.').waitFor();
        await page.getByLabel('휴대폰 번호').fill('010-0000-0008');
        await page.getByRole('button', { name: '저장', exact: true }).click();
        await page.getByRole('button', { name: /문자로도 알림 010-0000-0008/ }).click();
        await page.getByLabel('휴대폰 번호').fill('');
        await page.getByRole('button', { name: '저장', exact: true }).click();
        await page.getByRole('button', { name: /문자로도 알림 받지 않음/ }).waitFor();
      });
    }),
  );

  test(
    'the shuffled keypad takes the cancel password by keyboard alone, and typing beside it; axe finds nothing',
    journey({ width: 320, height: 640 }, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logIn(page, merchant);
      await pay(page, 14_140, demo.card('APPROVE'));
      const id = await approved(page);
      await withSettings(demo, merchant, { shuffleKeypad: true }, async () => {
        await openCancel(page, id);
        await page.getByRole('radio', { name: '단순 변심' }).click();
        const field = page.getByLabel('취소 비밀번호', { exact: true });
        await field.focus();
        const pad = page.getByRole('group', { name: '취소 비밀번호 키패드' });
        await pad.waitFor();
        assert.deepEqual((await pad.getByRole('button').allInnerTexts()).slice(0, 12), [...'0123456789ab']);
        const places = await pad.getByRole('button').evaluateAll((keys) => keys.slice(0, 10).map((key) => (key as HTMLElement).style.order));
        assert.equal(new Set(places).size, 10);
        assert.deepEqual(await complaints(page, 'shuffled'), []);
        // Tab meets the digits in their order; the focus goes back to the field at the end.
        for (const digit of '01') {
          await page.keyboard.press('Tab');
          assert.equal(await page.evaluate(() => document.activeElement?.textContent), digit);
          await page.keyboard.press('Enter');
        }
        await pad.getByRole('button', { name: '지우기' }).click();
        await pad.getByRole('button', { name: '지우기' }).click();
        assert.equal(await field.inputValue(), '');
        const [first = '', ...rest] = merchant.cancelPassword;
        await pad.getByRole('button', { name: first, exact: true }).click();
        await field.focus();
        await page.keyboard.type(rest.join(''));
        assert.equal(await field.inputValue(), merchant.cancelPassword);
        await page.getByRole('button', { name: '14,140원 취소' }).click();
        await page.getByRole('heading', { name: '취소했어요' }).waitFor();
      });
    }),
  );

  test(
    'a device logged out from another one is out at once, told why, and keeps nothing',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('TAXABLE');
      await logInAnew(page, merchant, 'STAFF');
      await withOther(demo, async ({ page: lost, context }) => {
        await logInAnew(lost, merchant, 'STAFF');
        // Home keeps its rows for times without a network.
        await lost.waitForFunction(() => localStorage.getItem('innopay.kept') !== null);
        await lost.goto('/app/payments');
        await lost.locator('a.row').first().waitFor();
        await page.goto('/app/settings');
        await page.getByRole('link', { name: /기기와 로그인/ }).click();
        const others = page.locator('section', { hasText: '다른 기기' }).first();
        await others.getByRole('button', { name: /Chrome 로그아웃$/ }).first().click();
        await page.getByRole('dialog').getByRole('button', { name: '로그아웃', exact: true }).click();
        await lost.getByText('다른 기기에서 이 기기를 로그아웃했어요').waitFor();
        assert.equal(await lost.evaluate(() => localStorage.getItem('innopay.kept')), null);
        const [cookie] = await context.cookies();
        assert.ok(cookie);
        assert.equal((await context.request.get(`${demo.file.baseUrl}/v1/payments`)).status(), 401);
        await page.getByText('로그아웃했어요', { exact: true }).waitFor();
        assert.equal((await page.request.get(`${demo.file.baseUrl}/v1/payments`)).status(), 200);
      });
    }),
  );

  test(
    'the own password is changed only by who knows it, and ends every other login',
    journey({}, async ({ page }, demo) => {
      const merchant = demo.merchant('MIXED');
      const staff = merchant.logins.find(({ role }) => role === 'STAFF');
      assert.ok(staff);
      const next = 'quartz-willow-58-lantern';
      await logInAnew(page, merchant, 'STAFF');
      await withOther(demo, async ({ page: other }) => {
        await logInAnew(other, merchant, 'STAFF');
        await page.goto('/app/settings/security');
        await changePassword(page, 'not-the-password', next);
        await page.getByText('지금 비밀번호가 맞지 않아요').waitFor();
        await page.getByLabel('지금 비밀번호').fill(staff.password);
        await page.getByLabel('새 비밀번호').fill('short');
        await page.getByRole('dialog').getByRole('button', { name: '비밀번호 바꾸기' }).click();
        await page.getByText('10자 이상 입력해 주세요.').waitFor();
        await page.getByLabel('새 비밀번호').fill(next);
        await page.getByRole('dialog').getByRole('button', { name: '비밀번호 바꾸기' }).click();
        await page.getByText('비밀번호를 바꿨어요').waitFor();
        await other.getByText('다른 기기에서 이 기기를 로그아웃했어요').waitFor();
        await page.goto('/app/settings/devices');
        await page.getByText('다른 기기에서는 로그인하지 않았어요').waitFor();
      });
      // As the other journeys know it.
      await page.goto('/app/settings/security');
      await changePassword(page, next, staff.password);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }),
  );
});

async function newLimit(page: Page, typed: string): Promise<void> {
  await page.getByRole('button', { name: /무서명 한도/ }).click();
  await page.getByRole('textbox', { name: '무서명 한도' }).fill(typed);
  await page.getByRole('button', { name: '저장', exact: true }).click();
}

async function changePassword(page: Page, present: string, next: string): Promise<void> {
  await page.getByRole('button', { name: /비밀번호 바꾸기/ }).click();
  await page.getByLabel('지금 비밀번호').fill(present);
  await page.getByLabel('새 비밀번호').fill(next);
  await page.getByRole('dialog').getByRole('button', { name: '비밀번호 바꾸기' }).click();
}
