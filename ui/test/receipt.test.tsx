import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from '../src/shared/api/failure';
import type { CashReceipt } from '../src/shared/api/cash';
import { receipts, type SentReceipt } from '../src/shared/api/receipts';
import type { Merchant } from '../src/shared/api/types';
import { ownMerchant } from '../src/merchant/own';
import ReceiptSheet from '../src/merchant/receipt-sheet';
import { fileAt, givenOf, isWhole, linkIn, recipientOf, waysOf, type Given } from '../src/merchant/receipt-ways';

const url = 'https://pay.example.com/r/token';
const payment = { id: 'pay_1', orderName: '꽃다발', receiptUrl: url, buyer: { name: '구매자 1', phone: '01000001234', email: 'buyer1@example.com' } };
const row = (part: Partial<SentReceipt>): SentReceipt => ({ id: 'msg_1', channel: 'SMS', to: '010****1234', status: 'QUEUED', language: 'ko', at: '2026-03-02T12:00:00.000+09:00', ...part }) as SentReceipt;

describe('the ways to give a receipt away', () => {
  it('are those that the installation has', () => {
    expect(waysOf(undefined)).toEqual(['SMS', 'SHARE', 'COPY', 'QR', 'FILE']);
    expect(waysOf({ email: true, kakao: true, kakaoShare: true })).toEqual(['SMS', 'EMAIL', 'KAKAO', 'TALK', 'SHARE', 'COPY', 'QR', 'FILE']);
    expect(waysOf({ email: false, kakao: false, kakaoShare: false })).toEqual(['SMS', 'SHARE', 'COPY', 'QR', 'FILE']);
  });

  it('begin with the buyer, but not with a mask', () => {
    expect(recipientOf('KAKAO', payment.buyer)).toBe('01000001234');
    expect(recipientOf('EMAIL', payment.buyer)).toBe('buyer1@example.com');
    expect(recipientOf('SMS', { ...payment.buyer, phone: '010****1234' })).toBe('');
    expect(recipientOf('SMS', undefined)).toBe('');
  });

  it('want a whole number or address', () => {
    expect([isWhole('SMS', '01000001234'), isWhole('SMS', '0100000'), isWhole('SMS', 'a@b.kr')]).toEqual([true, false, false]);
    expect([isWhole('EMAIL', 'a@b.kr '), isWhole('EMAIL', 'a@b'), isWhole('EMAIL', 'a b@c.kr'), isWhole('EMAIL', 'a@b..kr')]).toEqual([true, false, false, false]);
  });

  it('name the language and the paper', () => {
    expect([linkIn(url, 'ko'), linkIn(url, 'en')]).toEqual([url, `${url}?lang=en`]);
    expect(fileAt(url, 'roll', 'en')).toBe(`${url}/receipt.pdf?lang=en&size=80`);
    expect(fileAt(url, 'png', 'ko')).toBe(`${url}/receipt.png?lang=ko`);
  });
});

describe('the sheet', () => {
  const send = vi.spyOn(receipts, 'send');
  const sent = vi.spyOn(receipts, 'sent');
  let root: HTMLElement;

  beforeEach(() => {
    vi.useFakeTimers();
    Object.defineProperty(document, 'hidden', { get: () => false, configurable: true });
    HTMLDialogElement.prototype.showModal ??= function (this: HTMLDialogElement) {
      this.open = true;
    };
    HTMLDialogElement.prototype.close ??= function (this: HTMLDialogElement) {
      this.open = false;
    };
    send.mockReset();
    sent.mockReset();
    sent.mockResolvedValue([]);
    ownMerchant.value = { email: true, kakao: false } as Merchant;
    root = document.body.appendChild(document.createElement('div'));
  });
  afterEach(async () => {
    await act(() => render(null, root));
    root.remove();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const pass = (ms: number): Promise<void> => act(async () => void (await vi.advanceTimersByTimeAsync(ms)));
  const open = (given: Given = payment): Promise<void> => act(() => render(<ReceiptSheet payment={given} onClose={() => undefined} />, root)).then(() => pass(0));
  const named = (text: string): HTMLElement => [...root.querySelectorAll<HTMLElement>('button, a')].find((each) => each.textContent?.trim() === text)!;
  const press = async (text: string): Promise<void> => {
    await act(() => named(text).click());
    await pass(0);
  };
  const type = (text: string): Promise<void> =>
    act(() => {
      const input = root.querySelector('input')!;
      input.value = text;
      input.dispatchEvent(new Event('input', { bubbles: true }));
    });
  const submit = async (): Promise<void> => {
    await act(() => void root.querySelector('form')!.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true })));
    await pass(0);
  };

  it('sends to the buyer, and follows what becomes of it until it arrived', async () => {
    send.mockResolvedValue(row({}));
    await open();
    expect(root.querySelector('input')!.value).toBe('010-0000-1234');
    expect(named('카카오톡')).toBeUndefined();
    sent.mockResolvedValue([row({})]);
    await submit();
    expect(send).toHaveBeenCalledWith('pay_1', { channel: 'SMS', to: '01000001234', language: 'ko' });
    expect(root.querySelector('.receipt-log')!.textContent).toContain('보내는 중');
    sent.mockResolvedValue([row({ status: 'DELIVERED' })]);
    // One act for each step: the clock, the answer, what is shown of it.
    for (let turn = 0; turn < 5; turn++) await pass(1_000);
    expect(root.querySelector('.receipt-log')!.textContent).toContain('도착');
    const asked = sent.mock.calls.length;
    await pass(20_000);
    expect(sent.mock.calls.length).toBe(asked);
  });

  it('corrects an address that did not take it', async () => {
    sent.mockResolvedValue([row({ channel: 'EMAIL', to: 'x***@example.com', status: 'UNDELIVERED', reason: '없는 주소' })]);
    await open();
    expect(root.querySelector('.receipt-log')!.textContent).toContain('없는 주소');
    await press('주소 고쳐 다시 보내기');
    expect(root.querySelector('label')!.textContent).toContain('이메일');
    expect(root.querySelector('input')!.value).toBe('');
    send.mockResolvedValue(row({ channel: 'EMAIL' }));
    await type('right@example.com');
    await submit();
    expect(send).toHaveBeenCalledWith('pay_1', { channel: 'EMAIL', to: 'right@example.com', language: 'ko' });
  });

  it('says how long to wait, and sends nothing that is not whole', async () => {
    await open();
    await type('0100');
    await submit();
    expect(send).not.toHaveBeenCalled();
    send.mockRejectedValue(new ApiFailure(429, { code: 'TOO_MANY_MESSAGES', title: '너무 많아요' }, 45));
    await type('01000001234');
    await submit();
    expect(root.textContent).toContain('45초 뒤에');
  });

  it('copies the link where the device cannot share, and shows it where it cannot copy', async () => {
    const writeText = vi.fn().mockResolvedValue(undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText }, share: undefined });
    await open();
    await press('SNS·기타');
    await press('English');
    await press('링크 복사');
    expect(writeText).not.toHaveBeenCalled(); // that was the way, whose name is the button's as well
    await act(() => root.querySelector<HTMLElement>('.button-primary')!.click());
    await pass(0);
    expect(writeText).toHaveBeenCalledWith(`${url}?lang=en`);
    writeText.mockRejectedValue(new Error('refused'));
    await act(() => root.querySelector<HTMLElement>('.button-primary')!.click());
    await pass(0);
    expect(root.querySelector('.by-hand')!.textContent).toBe(`${url}?lang=en`);
  });

  it('sends a cash receipt to the number it is for when none is typed', async () => {
    send.mockResolvedValue(row({}));
    const alone = { id: 'rcp_1', orderName: '출장 수리', receiptUrl: url, maskedIdentifier: '*******5103' } as CashReceipt;
    expect(givenOf({ ...alone, type: 'EXPENSE_PROOF', maskedIdentifier: '******9993' })).not.toHaveProperty('known');
    await open(givenOf({ ...alone, type: 'INCOME_DEDUCTION' }));
    expect(root.textContent).toContain('끝자리 5103');
    await submit();
    expect(send).toHaveBeenCalledWith('rcp_1', { channel: 'SMS', language: 'ko' });
  });

  it('shows a code and the files of the receipt', async () => {
    await open();
    await press('QR');
    expect(root.querySelector('svg.qr')).not.toBeNull();
    await press('파일 저장');
    expect([...root.querySelectorAll('a')].map((each) => each.getAttribute('href'))).toEqual([`${url}/receipt.pdf?lang=ko&size=a4`, `${url}/receipt.pdf?lang=ko&size=80`, `${url}/receipt.png?lang=ko`]);
  });
});
