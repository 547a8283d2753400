import type { Cookie, Page } from 'playwright-core';
import type { Demo, DemoCard, DemoMerchant } from './demo';

/** Sessions of earlier journeys, by login id: a login costs the server time on purpose. */
const sessions = new Map<string, Cookie[]>();

/** Enters as the owner of a merchant, by the login screen the first time, and waits for home. */
export async function logIn(page: Page, merchant: DemoMerchant): Promise<void> {
  const loginId = owner(merchant).loginId;
  const known = sessions.get(loginId);
  if (!known) {
    await logInAnew(page, merchant);
    sessions.set(loginId, await page.context().cookies());
    return;
  }
  await page.context().addCookies(known);
  await page.goto('/app/');
  await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
}

/** Logs the owner of a merchant, or its staff, in at the login screen, into a session of its own. */
export async function logInAnew(page: Page, merchant: DemoMerchant, role: Role = 'OWNER'): Promise<void> {
  const { loginId, password } = loginOf(merchant, role);
  await page.goto('/app/');
  await page.getByLabel('아이디').fill(loginId);
  await page.getByLabel('비밀번호', { exact: true }).fill(password);
  await page.getByRole('button', { name: '로그인' }).click();
  await page.getByRole('heading', { name: '오늘 매출' }).waitFor();
}

/** The owner's login of a merchant. */
export function owner(merchant: DemoMerchant): { loginId: string; password: string } {
  return loginOf(merchant, 'OWNER');
}

type Role = DemoMerchant['logins'][number]['role'];

function loginOf(merchant: DemoMerchant, role: Role): { loginId: string; password: string } {
  const login = merchant.logins.find((each) => each.role === role);
  if (!login) throw new Error(`no ${role}`);
  return login;
}

/** Types an amount on the keypad and goes on to the card. */
export async function enterAmount(page: Page, won: number): Promise<void> {
  await page.goto('/app/pay/card');
  await page.bringToFront(); // behind another page it draws once a second, and a click waits for two drawings
  for (const digit of String(won)) await page.getByRole('button', { name: digit, exact: true }).click();
  await page.getByRole('button', { name: /카드 입력$/ }).click();
}

/** Fills the key-in fields of a card. */
export async function keyIn(page: Page, card: DemoCard): Promise<void> {
  await page.getByLabel('카드번호').fill(card.number);
  await page.getByLabel('유효기간').fill(card.expiryMonth + card.expiryYear);
  await page.getByLabel('비밀번호 앞 2자리').fill(card.passwordTwoDigits);
  await page.getByLabel('생년월일').fill(card.birthOrBusinessNumber);
}

/** Draws on the signature pad. */
export async function sign(page: Page): Promise<void> {
  const box = await page.getByRole('img', { name: '서명란' }).boundingBox();
  if (!box) throw new Error('no signature pad');
  const [left, middle] = [box.x + box.width * 0.2, box.y + box.height / 2];
  await page.mouse.move(left, middle);
  await page.mouse.down();
  for (let i = 1; i <= 40; i++) await page.mouse.move(left + i * 4, middle + Math.sin(i / 4) * box.height * 0.25);
  await page.mouse.up();
}

/** Amount, card and, above the limit of 50,000 won, signature: up to the pressed pay button. */
export async function pay(page: Page, won: number, card: DemoCard): Promise<void> {
  await enterAmount(page, won);
  await payWith(page, won, card);
}

/** The rest of a payment whose amount stands: card, signature, pay. */
export async function payWith(page: Page, won: number, card: DemoCard): Promise<void> {
  await keyIn(page, card);
  if (won > 50_000) {
    await page.getByRole('button', { name: '서명하기' }).click();
    await sign(page);
  }
  await page.getByRole('button', { name: /원 결제$/ }).click();
}

/** Waits for the approved screen and gives the payment's id. */
export async function approved(page: Page): Promise<string> {
  await page.getByRole('heading', { name: '결제했어요' }).waitFor();
  return paymentId(page);
}

/** The payment id in the address. */
export function paymentId(page: Page): string {
  const id = /\/payments\/([^/?]+)/.exec(page.url())?.[1];
  if (!id) throw new Error(`no payment in ${page.url()}`);
  return id;
}

/** Opens the cancel form of a payment. */
export async function openCancel(page: Page, id: string): Promise<void> {
  await page.goto(`/app/payments/${id}`);
  await page.getByRole('link', { name: '결제 취소' }).click();
  await page.getByRole('heading', { name: '결제 취소' }).waitFor();
}

/** Everything a window keeps: the page as it stands and both storages. */
export async function kept(page: Page): Promise<string> {
  return page.evaluate(() => {
    const values = [...document.querySelectorAll('input')].map((input) => input.value).join(' ');
    return [document.documentElement.outerHTML, values, JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), location.href].join('\n');
  });
}

/** From key to key of a reader or scanner, in seconds. */
const PACE = 0.0015;

/**
 * Types as a keyboard reader or a barcode scanner does: a key every 1.5 ms, then Enter. The keys carry
 * their times, as those of the hardware do, so that a slow machine types no slower.
 */
export async function typeAtOnce(page: Page, typed: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const start = Date.now() / 1000;
  const sent = [...typed, '\r'].flatMap((text, i) => {
    const key = text === '\r' ? { key: 'Enter', code: 'Enter', windowsVirtualKeyCode: 13 } : { key: text };
    const timestamp = start + i * PACE;
    return [session.send('Input.dispatchKeyEvent', { type: 'keyDown', text, timestamp, ...key }), session.send('Input.dispatchKeyEvent', { type: 'keyUp', timestamp, ...key })];
  });
  await Promise.all(sent);
  await session.detach();
}

/** Changes settings of a shop for the time of a journey. */
export async function withSettings(demo: Demo, merchant: DemoMerchant, change: object, walk: () => Promise<void>): Promise<void> {
  const before = await demo.api<object>(merchant, '/v1/settings');
  await demo.put(merchant, '/v1/settings', { ...before, ...change });
  try {
    await walk();
  } finally {
    const { version } = await demo.api<{ version: number }>(merchant, '/v1/settings');
    await demo.put(merchant, '/v1/settings', { ...before, version });
  }
}

/** Ends the page's session at the moment when it next sends something to an address by a method: no other request finds out before. */
export async function endSessionAt(page: Page, method: string, url: string): Promise<void> {
  let ended = false;
  await page.route(url, async (route) => {
    if (!ended && route.request().method() === method) {
      ended = true;
      await page.context().clearCookies();
    }
    await route.continue();
  });
}
