import type { Page, Route } from 'playwright-core';

type Visit = (name: string) => Promise<void>;

const sum = (gross: number, canceled: number): object => {
  const fee = Math.floor((gross - canceled) * 0.015);
  const feeVat = Math.floor(fee / 10);
  return { grossAmount: gross, canceledAmount: canceled, fee, feeVat, netAmount: gross - canceled - fee - feeVat };
};

/** A month of payouts, with a holiday in it. */
const PAYOUTS = {
  settlements: ['03', '04', '05', '06', '09'].map((date, i) => ({
    ...sum(350_000 + 1_234_567 * i, 9_000 * i),
    day: `2026-03-${date}`,
    sales: [{ ...sum(350_000, 0), day: '2026-02-26' }, { ...sum(1_234_567 * i, 9_000 * i), day: '2026-02-27' }],
    methods: [{ ...sum(350_000, 0), channel: 'CARD' }, { ...sum(1_234_567 * i, 9_000 * i), channel: 'SMS' }],
  })),
  total: sum(14_095_670, 90_000),
  holidays: [{ day: '2026-03-02', name: '삼일절 대체공휴일' }],
};

const figures = (net: number, canceled: number): object => ({
  count: 31, amount: net + canceled, canceledCount: canceled ? 2 : 0, canceledAmount: canceled, netAmount: net, suppliedAmount: net, vat: 0, taxFreeAmount: 0, serviceFee: 0,
});

const CLOSING = {
  day: '2026-03-02', version: 1, status: 'CLOSED', total: figures(1_284_500, 18_000),
  methods: [{ ...figures(1_100_000, 18_000), value: 'CARD' }, { ...figures(184_500, 0), value: 'CASH' }],
  counted: [{ value: 50_000, pieces: 3 }, { value: 10_000, pieces: 8 }, { value: 500, pieces: 8 }], countedCash: 234_000, float: 50_000, expectedCash: 184_500, difference: -500,
  note: '거스름돈을 한 번 더 준 것 같아요', closedBy: 'usr_1', closedByName: '대표', closedAt: '2026-03-02T22:10:00+09:00',
};
const STATE = { day: '2026-03-02', status: 'CLOSED', total: figures(1_292_200, 18_000), methods: CLOSING.methods, expectedCash: 184_500, supplement: figures(7_700, 0), closings: [CLOSING] };

/** Sales, the close of day and what is to be paid out. */
export async function salesTour(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/sales?span=MONTH');
  await page.getByRole('heading', { name: '결제수단' }).waitFor();
  await visit('sales-month');
  await page.getByText('표로 보기').first().click();
  await page.getByRole('button', { name: '파일로 받기' }).click();
  await visit('sales-file');
  await page.goto('/app/sales?span=DAY&day=2020-01-01');
  await page.getByRole('heading', { name: '아직 매출이 없어요' }).waitFor();
  await visit('sales-empty');
  await failing(page, visit);
  await closing(page, visit);
  await page.route('**/v1/settlements?*', (route) => route.fulfill({ json: PAYOUTS }));
  await page.goto('/app/sales/settlements?month=2026-03');
  await page.getByRole('table', { name: /정산 달력$/ }).waitFor();
  await visit('settlements');
  await page.getByRole('button', { name: /^3월 4일/ }).first().click();
  await visit('settlement-day');
  await page.unroute('**/v1/settlements?*');
}

async function failing(page: Page, visit: Visit): Promise<void> {
  const cut = (route: Route): Promise<void> => route.abort('connectionrefused');
  await page.route('**/v1/sales?*', cut);
  await page.goto('/app/sales?span=WEEK&day=2020-01-01');
  await page.getByRole('heading', { name: '불러오지 못했어요' }).waitFor();
  await visit('sales-error');
  await page.unroute('**/v1/sales?*');
}

async function closing(page: Page, visit: Visit): Promise<void> {
  await page.route(/\/v1\/closings\?/, (route) => route.fulfill({ json: { closings: [] } }));
  await page.goto('/app/sales/closings');
  await page.getByRole('heading', { name: '마감 기록이 없어요' }).waitFor();
  await visit('closings-empty');
  await page.unroute(/\/v1\/closings\?/);
  await page.route(/\/v1\/closings(\?|\/)/, (route) => {
    const { pathname } = new URL(route.request().url());
    const open = { ...STATE, status: 'OPEN', closings: [], supplement: undefined };
    return route.fulfill({ json: pathname.endsWith('closings') ? { closings: [CLOSING, { ...CLOSING, day: '2026-03-01', status: 'REOPENED', difference: 0 }] } : pathname.endsWith('2026-03-02') ? STATE : open });
  });
  await page.reload();
  await page.getByText('다시 엶').waitFor();
  await visit('closings');
  await page.goto('/app/sales/close');
  await page.getByLabel('10,000원 개수').fill('23');
  await page.getByText('많아요', { exact: false }).waitFor();
  await visit('close-day');
  await page.goto('/app/sales/close?day=2026-03-02');
  await page.getByText('마감 후 거래').waitFor();
  await visit('closed-day');
  await page.getByRole('button', { name: '마감 다시 열기' }).click();
  await visit('closed-reopen');
  await page.unroute(/\/v1\/closings(\?|\/)/);
}
