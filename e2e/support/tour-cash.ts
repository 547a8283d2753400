import type { Page } from 'playwright-core';

type Visit = (name: string) => Promise<void>;

const ISSUED = {
  id: 'rcp_1', status: 'CONFIRMED', type: 'EXPENSE_PROOF', maskedIdentifier: '******9993', issueNumber: 'A00000001', orderId: 'app-1', orderName: '꽃다발', amount: 120_000,
  balanceAmount: 100_000, suppliedAmount: 109_091, vat: 10_909, taxFreeAmount: 0, requestedAt: '2026-03-02T12:00:00+09:00', issuedAt: '2026-03-02T12:00:01+09:00',
  judgedAt: '2026-03-03T09:00:00+09:00',
  cancels: [{ id: 'rcc_1', amount: 20_000, reasonCode: 1, status: 'ISSUED', issueNumber: 'A00000007', requestedAt: '2026-03-03T10:00:00+09:00', issuedAt: '2026-03-03T10:00:01+09:00' }],
};
const REFUSED = { ...ISSUED, id: 'rcp_2', status: 'REJECTED', balanceAmount: 120_000, cancels: [], failure: { code: 'IDENTIFIER_UNKNOWN', message: '등록되지 않은 번호예요.' } };

/** Cash and its receipts, as a trade that must issue them sees them. */
export async function cashTour(page: Page, visit: Visit): Promise<void> {
  await page.route('**/v1/merchant', async (route) => {
    const own = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...own, cashReceipts: true, cashReceiptDuty: true } });
  });
  await counter(page, visit);
  await office(page, visit);
  await page.unroute('**/v1/merchant');
}

async function counter(page: Page, visit: Visit): Promise<void> {
  await page.goto('/app/pay/cash');
  for (const text of ['+5만', '+5만']) await page.getByRole('button', { name: text }).click();
  await visit('cash-amount');
  await page.getByRole('button', { name: '100,000원 현금 받기' }).click();
  await page.getByText('의무발행 업종', { exact: false }).waitFor();
  await visit('cash-duty');
  const bills = page.getByRole('group', { name: '받은 지폐' });
  await bills.getByRole('button', { name: '+5만' }).click();
  await page.getByRole('radio', { name: '지출증빙' }).click();
  await page.getByLabel('사업자등록번호').fill('1018199994');
  await visit('cash-wrong');
  for (const text of ['+5만', '+1만']) await bills.getByRole('button', { name: text }).click();
  await page.context().setOffline(true);
  await visit('cash-offline');
  await page.context().setOffline(false);
  await page.getByRole('radio', { name: '미발급' }).click();
  await page.getByRole('button', { name: '100,000원 현금 결제' }).click();
  await page.getByRole('heading', { name: '현금으로 받았어요' }).waitFor();
  await page.getByRole('button', { name: '현금영수증 발급' }).waitFor();
  await visit('cash-done');
  await page.goto((await page.getByRole('link', { name: '영수증 보기' }).getAttribute('href')) ?? '');
  await visit('receipt-cash');
}

async function office(page: Page, visit: Visit): Promise<void> {
  // The tour may not be the first here.
  await page.route('**/v1/cash-receipts?*', (route) => route.fulfill({ json: { cashReceipts: [] } }));
  await page.goto('/app/cash-receipts');
  await page.getByRole('heading', { name: '아직 현금영수증이 없어요' }).waitFor();
  await visit('cash-receipts-empty');
  await page.unroute('**/v1/cash-receipts?*');
  await page.route(/\/v1\/cash-receipts(\?|\/|$)/, (route) => {
    const path = new URL(route.request().url()).pathname;
    return route.fulfill({ json: path.endsWith('rcp_1') ? ISSUED : path.endsWith('rcp_2') ? REFUSED : { cashReceipts: [ISSUED, REFUSED] } });
  });
  await page.reload();
  await page.locator('a.row').first().waitFor();
  await visit('cash-receipts');
  await page.goto('/app/cash-receipts/rcp_1');
  await page.getByRole('button', { name: '현금영수증 취소' }).waitFor();
  await visit('cash-receipt');
  await page.getByRole('button', { name: '현금영수증 취소' }).click();
  await visit('cash-receipt-cancel');
  await page.goto('/app/cash-receipts/rcp_2');
  await page.getByRole('button', { name: '정정 후 재발급' }).click();
  await visit('cash-receipt-again');
  await page.goto('/app/cash-receipts/new');
  await page.getByLabel('금액', { exact: true }).fill('66000');
  await visit('cash-receipt-new');
  await page.unroute(/\/v1\/cash-receipts(\?|\/|$)/);
  await alone(page, visit);
}

/** A cash receipt by itself, from its issue to the buyer's page. */
async function alone(page: Page, visit: Visit): Promise<void> {
  await page.getByLabel('상품명').fill('출장 수리');
  await page.getByLabel('휴대폰 번호').fill('01000005109');
  await page.getByRole('button', { name: /66,000원 현금영수증 발급/ }).click();
  await page.getByRole('button', { name: '영수증 보내기' }).click();
  await page.getByText('비워 두면', { exact: false }).waitFor();
  await visit('cash-receipt-sheet');
  const id = new URL(page.url()).pathname.split('/').pop() ?? '';
  const receipt = await page.evaluate(async (path) => (await (await fetch(path)).json()) as { receiptUrl: string }, `/v1/cash-receipts/${id}`);
  await page.goto(receipt.receiptUrl);
  await page.getByText('국세청 승인번호', { exact: true }).waitFor();
  await visit('receipt-official');
}
