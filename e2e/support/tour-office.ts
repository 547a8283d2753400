import type { Page } from 'playwright-core';
import type { Visit } from './tour';

const BODY = '# 점검 시간\n11월 30일 새벽 2시부터 3시까지 결제가 잠시 멈춰요.\n\n자세한 내용은 https://help.example/notice 에서 볼 수 있어요.';
const AT = '2026-11-27T10:00:00+09:00';
const notice = (id: string, title: string, status: string, readers: number, audience: number): object => ({
  id, title, status, readers, audience, body: BODY, important: id === 'ntc_1', from: AT, createdAt: AT, version: 1,
});
const NOTICES = {
  notices: [notice('ntc_1', '새벽 점검 안내', 'STANDING', 31, 118), notice('ntc_2', '12월 카드 무이자 이벤트', 'SCHEDULED', 0, 118), notice('ntc_3', '앱이 새로워졌어요', 'WITHDRAWN', 7, 9)],
};
const asked = (id: string, kind: string, status: string, subject: string): object => ({
  id, kind, status, subject, merchantId: 'mer_1', merchantName: '인페이마트', unread: false, createdAt: AT, changedAt: AT, messageCount: 2,
});
const TICKETS = [asked('tkt_1', 'MERCHANT_CHANGE', 'OPEN', '전화번호 변경 요청'), asked('tkt_2', 'PAYMENT', 'OPEN', '두 번 결제됐어요'), asked('tkt_3', 'QUESTION', 'OPEN', '프린터가 연결되지 않아요')];
const THREAD = {
  ...asked('tkt_1', 'MERCHANT_CHANGE', 'OPEN', '전화번호 변경 요청'),
  assignee: { id: 'usr_1', name: '시험 운영자' },
  messages: [
    { from: 'MERCHANT', text: '가게를 옮겨서 번호가 바뀌었어요.', createdAt: AT, wishes: [{ field: 'PHONE', value: '02-0000-0000' }, { field: 'SETTLEMENT_ACCOUNT', value: '시험은행 000-00-000000' }] },
    { from: 'OPERATOR', text: '통장 사본을 메일로 보내 주세요.', createdAt: AT },
  ],
};
const SHOP = { id: 'mer_1', name: '인페이마트', ownerName: '김대표', address: '서울특별시 중구 세종대로 110', phone: '0219990000' };
const EVENTS = {
  events: [['41', '신한카드', [2, 3, 4, 5, 6]], ['51', '삼성카드', [2, 3]], ['61', '현대카드', [2, 3, 10, 12]]].map(([issuerCode, issuerName, months], i) => ({
    id: `evt_${i}`, issuerCode, issuerName, months, minAmount: 50_000 * (i + 1), from: '2026-01-01', until: '2099-12-31',
  })),
};
const FILE = '카드사,개월,최소금액,시작일,종료일\n신한,2~6,50000,2031-11-01,2031-11-30\n없는카드,1,x,내일,\n현대,2,50000,2031-11-30,2031-11-01\n';

const SAME = { op: 'SAME', text: '회사는 이 약관을 서비스 화면에 게시해요.' };
const DIFF = [
  SAME, SAME, SAME, SAME, SAME,
  { op: 'CHANGED', words: [{ op: 'SAME', text: '시행일 ' }, { op: 'REMOVED', text: '7' }, { op: 'ADDED', text: '30' }, { op: 'SAME', text: '일 전에 알려요.' }] },
  { op: 'REMOVED', text: '## 제9조 (옛 조항)' },
  { op: 'ADDED', text: '## 제9조 (탈퇴)\u00a0' },
  { op: 'ADDED', text: '- 언제든지 탈퇴할 수 있어요.' },
  SAME,
];

/** The console's pages around merchants: tickets, notices, interest-free events, terms. */
export async function officeTour(page: Page, visit: Visit): Promise<void> {
  await ticketPages(page, visit);
  await noticePages(page, visit);
  await interestPages(page, visit);
  await termsPages(page, visit);
}

async function ticketPages(page: Page, visit: Visit): Promise<void> {
  const list = /\/v1\/operator\/tickets\?/;
  await page.route(/\/v1\/operator\/tickets(\?|$)/, (route) => route.fulfill({ status: 503, contentType: 'application/problem+json', json: { status: 503, code: 'UNAVAILABLE', detail: '지금은 처리할 수 없어요.' } }));
  await page.goto('/console/tickets');
  await page.getByRole('button', { name: '다시 시도' }).waitFor();
  await visit('console-tickets-failed');
  await page.unroute(/\/v1\/operator\/tickets(\?|$)/);
  await page.route(list, (route) => route.fulfill({ json: { tickets: TICKETS } }));
  await page.route(/\/v1\/operator\/tickets\/mer_1\/tkt_1$/, (route) => route.fulfill({ json: THREAD }));
  await page.route(/\/v1\/operator\/merchants\/mer_1$/, (route) => route.fulfill({ json: SHOP }));
  await page.goto('/console/tickets');
  await page.locator('[data-row]').first().waitFor();
  await visit('console-tickets');
  await page.locator('[data-row]').first().click();
  await page.getByRole('textbox', { name: '답변' }).waitFor();
  await page.getByText('02-1999-0000').waitFor();
  await visit('console-ticket');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
}

async function noticePages(page: Page, visit: Visit): Promise<void> {
  const list = /\/v1\/operator\/notices(\?|$)/;
  await page.route(list, (route) => route.fulfill({ json: { notices: [] } }));
  await page.goto('/console/notices');
  await page.getByRole('heading', { name: '아직 공지가 없어요' }).waitFor();
  await visit('console-notices-empty');
  await page.unroute(list);
  await page.route(list, (route) => route.fulfill({ json: NOTICES }));
  await page.goto('/console/notices');
  await page.locator('[data-row]').first().waitFor();
  await visit('console-notices');
  await page.locator('[data-row]').first().click();
  await page.getByText('이렇게 보여요').waitFor();
  await visit('console-notice');
  await page.goto('/console/notices/ntc_2');
  await page.getByRole('textbox', { name: '제목' }).waitFor();
  await page.getByRole('heading', { name: '점검 시간' }).waitFor();
  await visit('console-notice-write');
  await page.unroute(list);
}

async function interestPages(page: Page, visit: Visit): Promise<void> {
  const list = /\/v1\/operator\/interest-free(\?|$)/;
  await page.route(list, (route) => route.fulfill({ json: EVENTS }));
  await page.goto('/console/interest-free');
  await page.locator('[data-row]').first().click();
  await page.getByRole('button', { name: '지우기' }).waitFor();
  await visit('console-interest-event');
  await page.unroute(list);
  await page.goto('/console/interest-free');
  await page.getByRole('button', { name: '행사 추가' }).click();
  await page.getByRole('dialog').waitFor();
  await visit('console-interest-add');
  await page.goto('/console/interest-free/import');
  const file = page.locator('input[type=file]');
  await file.waitFor({ state: 'attached' });
  await visit('console-interest-import');
  await file.setInputFiles({ name: '무이자.csv', mimeType: 'text/csv', buffer: Buffer.from(FILE) });
  await page.getByRole('button', { name: '바른 1건만 저장하기' }).waitFor();
  await visit('console-interest-bad-rows');
}

async function termsPages(page: Page, visit: Visit): Promise<void> {
  await page.goto('/console/terms');
  await page.locator('[data-row]').first().waitFor();
  await visit('console-terms');
  await page.locator('[data-row]').first().click();
  await page.getByText('게시한 사람').waitFor();
  await visit('console-terms-version');
  const diff = /\/v1\/operator\/terms\/SERVICE\/diff/;
  await page.route(diff, (route) => route.fulfill({ json: { from: 1, to: 2, lines: DIFF } }));
  await page.goto('/console/terms/service/diff?from=1&to=2');
  await page.locator('.diff-line').first().waitFor();
  await visit('console-terms-diff');
  await page.unroute(diff);
  await page.goto('/console/terms/new?kind=service');
  const body = page.getByRole('textbox', { name: '본문' });
  const text = await body.inputValue();
  const lines = text.split('\n');
  await body.fill([...lines.slice(0, 3), '- 새로 더한 항목', ...lines.slice(4)].join('\n').replace('회사', '운영 회사'));
  await page.locator('.diff-line').first().waitFor();
  await visit('console-terms-new');
  await page.getByRole('radio', { name: '읽는 모습' }).click();
  await visit('console-terms-preview');
  await page.getByRole('button', { name: '초안 버리기' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '초안 버리기' }).click();
}
