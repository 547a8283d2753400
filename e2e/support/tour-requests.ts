import type { Page } from 'playwright-core';
import type { Demo, DemoMerchant } from './demo';
import { ask, becomes, fillIn, freshNumber, payButton, payHere, type PayRequest } from './requests';
import type { Visit } from './tour';

/** A request from its text to its end, on the seller's screens and on the buyer's page, and the lists of them. */
export async function askedTour(page: Page, demo: Demo, visit: Visit): Promise<void> {
  const merchant = demo.merchant('MIXED');
  await lists(page, visit);
  const request = await ask(demo, merchant, 52_000, freshNumber(), { buyer: { name: '구매자 1', phone: freshNumber() }, ...ITEMS });
  await waiting(page, demo, merchant, request, visit);
  await paying(page, demo, request, visit);
  await ends(page, demo, merchant, request, visit);
}

const ITEMS = {
  orderName: '꽃바구니 외 1건',
  taxFreeAmount: 40_000,
  items: [
    { name: '꽃바구니', unitPrice: 20_000, quantity: 2, taxFree: true },
    { name: '카드와 포장', unitPrice: 12_000, quantity: 1 },
  ],
};

/** Nothing asked for yet, and nothing found. */
async function lists(page: Page, visit: Visit): Promise<void> {
  await page.route('**/v1/payment-requests?*', (route) => route.fulfill({ json: { paymentRequests: [] } }));
  await page.goto('/app/requests');
  await page.getByRole('heading', { name: '기다리는 요청이 없어요' }).waitFor();
  await visit('requests-none');
  await page.unroute('**/v1/payment-requests?*');
  await page.goto('/app/requests/req_00000000000000000000000000');
  await page.getByRole('heading', { name: '결제 요청을 찾을 수 없어요' }).waitFor();
  await visit('request-unknown');
}

async function show(page: Page, { id }: PayRequest): Promise<void> {
  await page.goto(`/app/requests/${id}`);
  await page.locator('.step').first().waitFor();
}

/** What the seller sees and can do while the buyer has not paid. */
async function waiting(page: Page, demo: Demo, merchant: DemoMerchant, request: PayRequest, visit: Visit): Promise<void> {
  await becomes(demo, merchant, request.id, 'SENT');
  await show(page, request);
  await visit('request-sent');
  await page.getByRole('button', { name: 'QR' }).click();
  await page.getByRole('img', { name: '결제 페이지 QR 코드' }).waitFor();
  await visit('request-qr-sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '번호 수정' }).click();
  await page.getByRole('dialog').getByLabel('휴대폰 번호').fill('010 0000');
  await page.getByRole('dialog').getByLabel('휴대폰 번호').blur();
  await visit('request-fix-sheet');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '요청 취소' }).click();
  await visit('request-withdraw-sheet');
  await page.keyboard.press('Escape');
}

/** The buyer's page, up to what a decline makes of it; then the seller's view of that. */
async function paying(page: Page, demo: Demo, request: PayRequest, visit: Visit): Promise<void> {
  await page.goto(request.url);
  await payButton(page).waitFor();
  await visit('link');
  const card = demo.card('APPROVE');
  await fillIn(page, { ...card, number: card.number.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10)) });
  await payButton(page).click();
  await page.getByRole('alert').getByText('입력한 내용을 확인해 주세요').waitFor();
  await visit('link-wrong');
  await payHere(page, demo.card('DECLINE_LIMIT'));
  await page.getByText('4번 더 시도할 수 있어요.').waitFor();
  await visit('link-declined');
  await show(page, request);
  await page.getByText('남은 시도 4번').waitFor();
  await visit('request-declined');
}

/** Paid, withdrawn and never arrived, on both sides; then what is listed. */
async function ends(page: Page, demo: Demo, merchant: DemoMerchant, request: PayRequest, visit: Visit): Promise<void> {
  await page.goto(request.url);
  await payHere(page, demo.card('APPROVE'));
  await page.getByRole('heading', { name: '결제를 마쳤어요' }).waitFor();
  await visit('link-paid');
  await show(page, request);
  await page.getByRole('link', { name: '영수증 보기' }).waitFor();
  await visit('request-paid');
  const withdrawn = await ask(demo, merchant, 8000, freshNumber());
  await demo.api(merchant, `/v1/payment-requests/${withdrawn.id}/withdraw`, {});
  await page.goto(withdrawn.url);
  await page.getByRole('heading', { name: '가맹점이 요청을 거둬들였어요' }).waitFor();
  await visit('link-withdrawn');
  await show(page, withdrawn);
  await visit('request-withdrawn');
  await page.goto('/p/unknown');
  await visit('link-unknown');
  await demo.scriptTexts([{ do: 'REJECT', times: 1 }]);
  const lost = await ask(demo, merchant, 9000, freshNumber());
  await becomes(demo, merchant, lost.id, 'UNDELIVERED');
  await show(page, lost);
  await visit('request-undelivered');
  for (const [name, address] of [['requests', '/app/requests'], ['requests-ended', '/app/requests?show=ended']] as const) {
    await page.goto(address);
    await page.locator('a.row').first().waitFor();
    await visit(name);
  }
  await demo.api(merchant, `/v1/payment-requests/${lost.id}/withdraw`, {});
}
