import type { Page } from 'playwright-core';

type Visit = (name: string) => Promise<void>;

const AT = '2026-03-02T12:04:00+09:00';
const KEYS = {
  keys: [
    { id: 'key_2', name: '매장 POS', hint: 'sk_test_Ab3d', live: false, scopes: ['payments.read', 'payments.write', 'payments.cancel'], createdAt: AT, usedAt: AT },
    { id: 'key_1', name: '재고 관리 프로그램', hint: 'sk_test_9fKq', live: false, scopes: ['catalog.read', 'catalog.write'], createdAt: AT, oldUntil: AT },
  ],
};
const HOOK = { events: ['payment.approved', 'payment.declined', 'payment.canceled', 'payment.reversed'], description: '', active: true, createdAt: AT, version: 1 };
const HOOKS = {
  webhooks: [
    { ...HOOK, id: 'whk_3', url: 'https://pos.shop.example/innopay/events', description: '본점 POS' },
    { ...HOOK, id: 'whk_2', url: 'https://stock.shop.example/hooks', events: ['payment.approved', 'payment.canceled'], failingFrom: AT, oldUntil: AT },
    { ...HOOK, id: 'whk_1', url: 'https://old.shop.example/', active: false, disabled: 'FAILING' },
  ],
};
const TRY = { at: AT, millis: 340 };
const DELIVERIES = {
  deliveries: [
    { id: 'whd_3', eventId: 'evt_3', type: 'payment.approved', subject: 'pay_3', status: 'DELIVERED', createdAt: AT, attempts: [{ ...TRY, number: 1, status: 204 }] },
    { id: 'whd_2', eventId: 'evt_2', type: 'payment.canceled', subject: 'pay_2', status: 'PENDING', createdAt: AT, dueAt: AT, attempts: [{ ...TRY, number: 1, failure: 'TIMEOUT' }, { ...TRY, number: 2, status: 503, answer: '점검 중입니다' }] },
    { id: 'whd_1', eventId: 'evt_1', type: 'webhook.test', subject: 'evt_1', status: 'FAILED', createdAt: AT, attempts: [{ ...TRY, number: 1, failure: 'UNREACHABLE' }] },
  ],
  nextCursor: 'older',
};

/** What integrators see: keys, webhooks, and the server's page for them. */
export async function developerTour(page: Page, visit: Visit): Promise<void> {
  await page.route(/\/v1\/keys$/, (route) => route.fulfill(route.request().method() === 'POST' ? { status: 201, json: { key: KEYS.keys[0], secret: 'sk_test_Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6' } } : { json: KEYS }));
  await page.goto('/app/settings/keys');
  await page.getByRole('region', { name: '매장 POS' }).waitFor();
  await visit('keys');
  await page.getByRole('button', { name: '키 만들기' }).click();
  const sheet = page.getByRole('dialog');
  await sheet.getByLabel('키 이름').fill('온라인 쇼핑몰');
  await sheet.getByRole('switch', { name: '결제', exact: true }).click();
  await sheet.getByLabel('로그인 비밀번호').fill('brumal-Tock-29');
  await visit('keys-add');
  await sheet.getByRole('button', { name: '키 만들기' }).click();
  await page.getByRole('heading', { name: '키를 복사해 주세요' }).waitFor();
  await visit('keys-shown');
  await page.unroute(/\/v1\/keys$/);
  await page.route(/\/v1\/webhooks(\/|$)/, (route) => route.fulfill({ json: route.request().url().includes('/deliveries') ? DELIVERIES : HOOKS }));
  await page.goto('/app/settings/webhooks');
  await page.getByRole('heading', { name: 'pos.shop.example' }).waitFor();
  await visit('webhooks');
  await page.getByRole('button', { name: /전송 기록/ }).first().click();
  await page.getByText('2번 보냄', { exact: false }).click();
  await visit('webhooks-log');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /주소와 알림 고치기/ }).first().click();
  await visit('webhooks-edit');
  await page.keyboard.press('Escape');
  await page.unroute(/\/v1\/webhooks(\/|$)/);
  await page.goto('/developers');
  await page.getByRole('heading', { name: '내 시스템에 결제를 연결해요' }).waitFor();
  await visit('developers');
}
