import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cookie, Page } from 'playwright-core';
import type { Demo } from './demo';

const STEP = 30_000;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code of an authenticator app at a time (RFC 6238: SHA-1, six digits, 30 s). */
export function totp(secret: string, at: number): string {
  const bits = [...secret.replace(/=+$/, '')].map((letter) => ALPHABET.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g)?.map((byte) => parseInt(byte, 2)) ?? []);
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / STEP)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}

let lastStep = 0;

/** A code that was not given before: the server takes each once. A code of the next step is taken as well. */
async function freshCode(secret: string): Promise<string> {
  for (;;) {
    const now = Math.floor(Date.now() / STEP);
    const step = Math.max(now, lastStep + 1);
    if (step <= now + 1) {
      lastStep = step;
      return totp(secret, step * STEP);
    }
    await sleep(STEP - (Date.now() % STEP) + 50);
  }
}

/** Logs the demo's operator in at the console, by keys alone, and waits for a page. */
export async function logInOperator(page: Page, demo: Demo, path = '/console/'): Promise<void> {
  const { loginId, password, totpSecret } = demo.file.operator;
  await page.goto(path);
  await page.getByLabel('아이디').fill(loginId);
  await page.getByLabel('비밀번호', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await page.getByLabel('인증 코드').waitFor();
  await page.keyboard.type(await freshCode(totpSecret));
  await page.locator('main h1').waitFor();
  await page.locator('.console-nav').waitFor({ state: 'attached' });
}

let kept: Cookie[] | undefined;

/** Enters the console, by its login the first time. */
export async function enterConsole(page: Page, demo: Demo, path = '/console/'): Promise<void> {
  if (!kept) {
    await logInOperator(page, demo, path);
    // A seller may be logged in beside the operator: that session is another journey's no more.
    kept = (await page.context().cookies()).filter(({ name }) => name.includes('console'));
    return;
  }
  await page.context().addCookies(kept);
  await page.goto(path);
  await page.locator('main h1').waitFor();
}
