import type { Page } from 'playwright-core';
import type { Demo } from './demo';
import { operatorSession } from './operator';
import { freshCode } from './totp';

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

/** Enters the console in the session that the journeys of this process share. */
export async function enterConsole(page: Page, demo: Demo, path = '/console/'): Promise<void> {
  const [name = '', value = ''] = (await operatorSession(demo)).split('=');
  await page.context().addCookies([{ name, value, url: demo.file.baseUrl, httpOnly: true, sameSite: 'Strict' }]);
  await page.goto(path);
  await page.locator('main h1').waitFor();
}
