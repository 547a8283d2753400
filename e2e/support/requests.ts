import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FrameLocator, Page } from 'playwright-core';
import { openWindow, type Window } from './browser';
import type { Demo, DemoCard, DemoMerchant, Text } from './demo';
import { world } from './world';

/** A payment request as the API tells it. */
export interface PayRequest {
  id: string;
  status: string;
  url: string;
  paymentId: string;
  orderName: string;
  amount: number;
  openedAt?: string;
  tries: number;
  triesLeft: number;
  message?: { status: string; reason?: string };
}

let numbers = 0;

/** A mobile number that no other text went to, so that no limit is met. */
export function freshNumber(): string {
  numbers += 1;
  return `0100009${String(numbers).padStart(4, '0')}`;
}

/** Asks for a payment as the merchant's own system would. */
export function ask(demo: Demo, merchant: DemoMerchant, won: number, phone: string, more: object = {}): Promise<PayRequest> {
  const taxFree = merchant.taxType === 'TAX_FREE' ? won : 0;
  const body = { kind: 'SMS', orderId: `e2e-${randomUUID()}`, orderName: '꽃다발', amount: won, taxFreeAmount: taxFree, buyer: { name: '구매자', phone }, ...more };
  return demo.api<PayRequest>(merchant, '/v1/payment-requests', body);
}

export const requestOf = (demo: Demo, merchant: DemoMerchant, id: string): Promise<PayRequest> => demo.api<PayRequest>(merchant, `/v1/payment-requests/${id}`);

/** Waits until a request stands as it should. */
export async function becomes(demo: Demo, merchant: DemoMerchant, id: string, status: string): Promise<PayRequest> {
  for (let look = 0; look < 200; look++) {
    const now = await requestOf(demo, merchant, id);
    if (now.status === status) return now;
    await sleep(100);
  }
  throw new Error(`${id} did not become ${status}`);
}

/** The link in a text. */
export function linkIn({ text }: Text): string {
  const url = /https?:\/\/\S+/.exec(text)?.[0];
  if (!url) throw new Error(`no link in ${text}`);
  return url;
}

/** Fills the card and the consents of a buyer's page. */
export async function fillIn(page: Page | FrameLocator, card: DemoCard): Promise<void> {
  await page.getByLabel('카드번호').fill(card.number);
  await page.getByLabel('유효기간').fill(`${card.expiryMonth}/${card.expiryYear}`);
  await page.getByLabel('생년월일 6자리').fill(card.birthOrBusinessNumber);
  await page.getByLabel('비밀번호 앞 2자리').fill(card.passwordTwoDigits);
  await agree(page);
}

export async function agree(page: Page | FrameLocator): Promise<void> {
  await page.getByLabel('전자금융거래 이용에 동의해요').check();
  await page.getByLabel('개인정보 제공에 동의해요').check();
}

export const payButton = (page: Page | FrameLocator) => page.getByRole('button', { name: /결제하기$/ });

/** Pays on an open page of a link. */
export async function payHere(page: Page, card: DemoCard): Promise<void> {
  await fillIn(page, card);
  await payButton(page).click();
}

/** Lets a buyer walk in a window of its own, which must behave as every window. */
export async function asBuyer(walk: (page: Page) => Promise<void>, { scriptless = true } = {}): Promise<void> {
  const { demo, browser } = await world();
  const window: Window = await openWindow(browser, demo.file.baseUrl, { scriptless });
  try {
    await walk(window.page);
    const faults = window.watch.faults();
    if (faults.length > 0) throw new Error(faults.join('\n'));
  } finally {
    await window.context.close();
  }
}
