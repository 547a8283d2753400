import type { Page } from 'playwright-core';
import { enterConsole } from './console';
import type { Demo } from './demo';
import type { Visit } from './tour';
import { officeTour } from './tour-office';

/** Lists whose rows are there as soon as a demo is. */
const LISTS = { payments: '/payments', audit: '/audit', merchants: '/merchants' };
/** Pages that may have nothing to show yet. */
const OTHERS = { unsettled: '/unsettled', requests: '/payment-requests', messages: '/messages', receipts: '/cash-receipts', approvals: '/approvals', operators: '/operators', adapters: '/adapters', personal: '/personal-data', interest: '/interest-free', blocks: '/risk?tab=blocks', found: '/risk?tab=reviews', account: '/account' };

/** Every page of the operators' console, with what stands open beside it. */
export async function consoleTour(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await page.goto('/console/');
  const login = page.getByLabel('아이디');
  await login.or(page.getByRole('heading', { name: '현황' })).first().waitFor();
  if (await login.isVisible()) await visit('console-login');
  await enterConsole(page, demo);
  await page.locator('.area').first().waitFor();
  await page.locator('.tile').first().waitFor();
  await visit('console-home');
  await page.goto('/console/?days=30');
  await page.locator('.volume-bars').waitFor();
  await page.locator('.area').first().waitFor();
  await visit('console-home-month');
  for (const [name, path] of Object.entries(LISTS)) {
    await page.goto(`/console${path}`);
    await page.locator('[data-row]').first().waitFor();
    await visit(`console-${name}`);
  }
  for (const [name, path] of Object.entries(OTHERS)) {
    await page.goto(`/console${path}`);
    await page.waitForLoadState('networkidle');
    await visit(`console-${name}`);
  }
  await payment(page, visit);
  await risk(page, visit);
  await merchant(page, demo, visit);
  await officeTour(page, visit);
  await ownerWizard(page, demo, visit);
}

async function payment(page: Page, visit: Visit): Promise<void> {
  await page.goto('/console/payments?status=DONE&channel=CARD');
  await page.keyboard.press('j');
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '매입사에 조회' }).click();
  await page.getByRole('dialog').waitFor();
  await visit('console-confirm');
  await page.keyboard.press('Escape');
  await visit('console-payment');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '단축키' }).waitFor();
  await visit('console-help');
  await page.keyboard.press('Escape');
}

/** A rule that is written and tried, and something that is blocked; nothing is saved. */
async function risk(page: Page, visit: Visit): Promise<void> {
  await page.goto('/console/risk');
  await page.getByText('아직 규칙이 없어요').or(page.locator('[data-row]').first()).first().waitFor();
  await visit('console-rules');
  await page.getByRole('button', { name: '규칙 추가' }).click();
  await page.getByLabel('최대 금액').fill('30000');
  await page.getByRole('button', { name: '지난 7일로 시험하기' }).click();
  await page.locator('.trial-result').waitFor();
  await visit('console-rule-trial');
  await page.goto('/console/risk?tab=blocks&open=new');
  await page.getByLabel('카드번호').fill('4111111111111111');
  await page.getByText('411111******1111').waitFor();
  await visit('console-block');
}

/** Up to the mail, which is not sent. */
async function ownerWizard(page: Page, demo: Demo, visit: Visit): Promise<void> {
  await page.goto(`/console/merchants/${demo.merchant('TAXABLE').id}/owners/new`);
  await page.getByLabel('이름').fill('박점주');
  await page.getByLabel('아이디').fill('haneul-owner');
  await page.getByLabel('메일 주소').fill('owner@example.com');
  await visit('console-owner-form');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: '보낼 메일' }).waitFor();
  await visit('console-owner-mail');
}

async function merchant(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const at = `/console/merchants/${demo.merchant('TAXABLE').id}`;
  for (const tab of ['information', 'contract', 'terminals', 'people']) {
    await page.goto(`${at}?tab=${tab}`);
    await page.locator('.tab').first().waitFor();
    await page.waitForLoadState('networkidle');
    await visit(`console-merchant-${tab}`);
  }
  await page.goto(`${at}?tab=contract`);
  await page.getByRole('button', { name: /^계약 (넣기|변경)$/ }).click();
  await page.getByRole('button', { name: '승인 요청' }).waitFor();
  await visit('console-contract-form');
  await page.goto('/console/merchants/new');
  await page.getByRole('button', { name: '등록하고 계약 입력' }).waitFor();
  await visit('console-merchant-new');
}
