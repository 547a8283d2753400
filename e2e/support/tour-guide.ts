import type { Page } from 'playwright-core';
import type { Visit } from './tour';

const BODY = '# 점검 시간\n11월 30일 새벽 2시부터 3시까지 결제가 잠시 멈춰요.\n\n자세한 내용은 https://help.example/notice 에서 볼 수 있어요.';
const notice = (id: string, title: string, read: boolean, important: boolean): object => ({ id, title, body: BODY, important, from: '2026-11-27T10:00:00+09:00', read });
const NOTICES = { notices: [notice('ntc_1', '새벽 점검 안내', false, true), notice('ntc_2', '12월 카드 무이자 이벤트', false, false), notice('ntc_3', '앱이 새로워졌어요', true, false)], unread: 2 };
const TICKET = {
  id: 'tkt_1', kind: 'MERCHANT_CHANGE', status: 'ANSWERED', subject: '정산 계좌 변경 요청', unread: true, messageCount: 2,
  createdAt: '2026-11-26T10:00:00+09:00', changedAt: '2026-11-27T10:00:00+09:00',
  messages: [
    { from: 'MERCHANT', text: '계좌를 바꾸고 싶어요.', createdAt: '2026-11-26T10:00:00+09:00', wishes: [{ field: 'SETTLEMENT_ACCOUNT', value: '시험은행 000-00-000000' }] },
    { from: 'OPERATOR', text: '통장 사본을 메일로 보내 주세요. 확인하면 바로 바꿔 드려요.', createdAt: '2026-11-27T10:00:00+09:00' },
  ],
};
const CLOSED = { ...TICKET, id: 'tkt_2', kind: 'QUESTION', status: 'CLOSED', subject: '프린터가 연결되지 않아요', unread: false };

/** Chapter 11: notices, merchant information, guide and help desk. */
export async function guideTour(page: Page, visit: Visit): Promise<void> {
  await inbox(page, visit);
  await page.goto('/app/merchant');
  await page.getByText('영수증에 이렇게 나와요').waitFor();
  await visit('merchant');
  await guide(page, visit);
  await support(page, visit);
}

async function inbox(page: Page, visit: Visit): Promise<void> {
  await page.route(/\/v1\/notices(\?|$)/, (route) => route.fulfill({ json: { notices: [], unread: 0 } }));
  await page.goto('/app/notices');
  await page.getByRole('heading', { name: '아직 공지가 없어요' }).waitFor();
  await visit('notices-empty');
  await page.unroute(/\/v1\/notices(\?|$)/);
  await page.route(/\/v1\/notices(\?|\/|$)/, (route) => (route.request().method() === 'POST' ? route.fulfill({ status: 204 }) : route.fulfill({ json: NOTICES })));
  await page.goto('/app/');
  await page.getByRole('link', { name: /새벽 점검 안내/ }).waitFor();
  await visit('home-notice');
  await page.goto('/app/notices');
  await page.locator('a.row').first().waitFor();
  await visit('notices');
  await page.goto('/app/notices/ntc_1');
  await page.getByRole('heading', { name: '새벽 점검 안내' }).waitFor();
  await visit('notice');
  await page.unroute(/\/v1\/notices(\?|\/|$)/);
}

async function guide(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/guide');
  await page.getByRole('link', { name: /카드결제/ }).waitFor();
  await visit('guide');
  await page.getByLabel('매뉴얼 검색').fill('ㅊㅅ ㅂㅁㅂㅎ');
  await page.locator('a.row').first().waitFor();
  await visit('guide-search');
  await page.getByLabel('매뉴얼 검색').fill('없는 말');
  await visit('guide-search-none');
  await page.goto('/app/guide/card');
  await page.getByRole('heading', { name: '금액 입력하기' }).waitFor();
  await visit('guide-chapter');
  await page.goto('/app/guide/permissions');
  await page.getByRole('heading', { name: '카메라' }).waitFor();
  await visit('guide-permissions');
  await page.goto('/app/guide/interest-free');
  await page.locator('table, .state').first().waitFor();
  await visit('guide-interest');
  await page.goto('/app/guide/interest-free?month=2020-01');
  await page.locator('.state').waitFor();
  await visit('guide-interest-empty');
}

async function support(page: Page, visit: Visit): Promise<void> {
  await page.route(/\/v1\/tickets(\?|\/|$)/, (route) => {
    const path = new URL(route.request().url()).pathname;
    if (path.endsWith('/read')) return route.fulfill({ status: 204 });
    return route.fulfill({ json: path.endsWith('tkt_1') ? TICKET : path.endsWith('tkt_2') ? CLOSED : { tickets: [TICKET, CLOSED], unread: 1 } });
  });
  await page.goto('/app/support');
  await page.locator('a.row').first().waitFor();
  await visit('support');
  await page.goto('/app/support/tickets/tkt_1');
  await page.getByText('통장 사본을', { exact: false }).waitFor();
  await visit('ticket');
  await page.goto('/app/support/tickets/tkt_2');
  await page.getByText('끝난 문의예요', { exact: false }).waitFor();
  await visit('ticket-closed');
  await page.goto('/app/support/tickets/new?field=SETTLEMENT_ACCOUNT');
  await page.getByRole('button', { name: '문의 보내기' }).click();
  await visit('ask-change');
  await page.getByRole('radio', { name: '문의', exact: true }).click();
  await page.getByRole('textbox', { name: '내용' }).fill('카드 4111 1111 1111 1111 이 안 돼요');
  await visit('ask-wrong');
  await page.getByRole('radio', { name: '결제 문제' }).click();
  await page.locator('.pick').first().waitFor();
  await visit('ask-payment');
  await page.unroute(/\/v1\/tickets(\?|\/|$)/);
}
