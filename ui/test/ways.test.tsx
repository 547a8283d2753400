import type { JSX } from 'preact';
import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { merchants, payments } from '../src/shared/api/api';
import type { PayRequest } from '../src/shared/api/requests';
import type { Merchant } from '../src/shared/api/types';
import * as toasts from '../src/shared/design/toast';
import { locale } from '../src/shared/i18n/i18n';
import { loadMerchant, ownMerchant } from '../src/merchant/own';
import { functions, Rail } from '../src/merchant/nav';
import { PayBar } from '../src/merchant/methods';
import { writePending } from '../src/merchant/pending';
import { Actions } from '../src/merchant/pages/requests/actions';
import { ArsPage } from '../src/merchant/pages/requests/form/page';
import { LineCard, lineOf, type Line } from '../src/merchant/pages/requests/line';
import { askedAt, channels, followLine, hasLine } from '../src/merchant/ways';

const shop = (arsNumber?: string): Merchant => ({ id: 'mer_1', taxType: 'TAXABLE', minimumCardAmount: 1000, ...(arsNumber ? { arsNumber } : {}) }) as Merchant;
const request = { id: 'req_1', kind: 'ARS', status: 'SENT', orderName: '꽃바구니', amount: 60_000, arsNumber: '16000000', code: '012345', buyer: { phone: '01000000001' } } as PayRequest;
let root: HTMLElement;

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
  ownMerchant.value = null;
  vi.spyOn(merchants, 'settings').mockReturnValue(new Promise(() => undefined));
  vi.spyOn(payments, 'ofOrder').mockReturnValue(new Promise(() => undefined));
  root = document.body.appendChild(document.createElement('div'));
});
afterEach(async () => {
  await act(() => render(null, root));
  root.remove();
  vi.restoreAllMocks();
});

const show = (screen: JSX.Element): Promise<void> => act(async () => render(screen, root)).then(() => act(async () => undefined));
const linksOf = (): string[] => [...root.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
const press = (name: string): Promise<void> => act(async () => [...root.querySelectorAll('button')].find((button) => button.textContent === name)!.click());

describe('the menu at the side', () => {
  it('leads to cash receipts where they are issued, and nowhere else', async () => {
    ownMerchant.value = shop();
    await show(<Rail section="home" />);
    expect(linksOf()).not.toContain('/app/cash-receipts');
    await act(async () => void (ownMerchant.value = { ...shop(), cashReceipts: true }));
    expect(linksOf()).toContain('/app/cash-receipts');
  });
});

describe('payment by phone', () => {
  it('is offered where there is a line, in the place the manual gives it', async () => {
    ownMerchant.value = shop('16000000');
    expect(functions().map(({ section }) => section).slice(0, 3)).toEqual(['pay', 'ars', 'sms']);
    expect(channels()).toEqual(['CARD', 'ARS', 'SMS', 'CASH']);
    await show(<PayBar summary={null} />);
    await press('결제방법 선택');
    expect(linksOf()).toEqual(['/app/pay/card?step=card', '/app/pay/ars?step=buyer', '/app/pay/sms?step=buyer', '/app/pay/cash?step=cash']);
  });

  it('is absent everywhere where there is none', async () => {
    ownMerchant.value = shop();
    expect(functions().map(({ section }) => section)).not.toContain('ars');
    expect(channels()).toEqual(['CARD', 'SMS', 'CASH']);
    expect(askedAt('ARS')).toBe('/pay/sms');
    await show(<PayBar summary={null} />);
    await press('결제방법 선택');
    expect(linksOf()).toEqual(['/app/pay/card?step=card', '/app/pay/sms?step=buyer', '/app/pay/cash?step=cash']);
    await show(<ArsPage params={{}} query={new URLSearchParams()} />);
    expect(root.querySelector('h1')?.textContent).toBe('없는 화면이에요');
  });

  it('whose press is under way is followed up even when the line is gone', async () => {
    ownMerchant.value = shop();
    writePending({ orderId: 'app-1', amount: 60_000 }, 'ARS');
    await show(<ArsPage params={{}} query={new URLSearchParams()} />);
    expect([root.querySelector('h1')?.textContent, root.querySelector('.amount')?.textContent]).toEqual(['ARS결제', '60,000원']);
  });

  it('is known on the next visit before the merchant is, so that nothing jumps', () => {
    expect(hasLine.value).toBeUndefined();
    const stop = followLine();
    for (const number of ['16000000', undefined]) {
      ownMerchant.value = shop(number);
      expect(hasLine.value).toBe(number !== undefined);
      ownMerchant.value = null;
      expect(hasLine.value).toBe(number !== undefined);
    }
    stop();
  });
});

it('the merchant is asked for once, however many screens want it at the same time', async () => {
  const own = vi.spyOn(merchants, 'own').mockImplementation(() => Promise.resolve(shop('16000000')));
  const [one, two] = await Promise.all([loadMerchant(), loadMerchant()]);
  expect(one).toBe(two);
  expect(own).toHaveBeenCalledTimes(1);
});

it('a merchant that could not be read is asked for again', async () => {
  const own = vi.spyOn(merchants, 'own').mockRejectedValueOnce(new Error('x')).mockResolvedValueOnce(shop());
  await expect(loadMerchant()).rejects.toThrow('x');
  await expect(loadMerchant()).resolves.toEqual(shop());
  expect(own).toHaveBeenCalledTimes(2);
});

describe('a request that is paid by phone', () => {
  const line = lineOf(request) as Line;
  const actions = <Actions request={request} onChange={() => undefined} onStale={() => undefined} />;

  it('shows number and code as they are read out, and says the code digit by digit', async () => {
    await show(<LineCard line={line} />);
    expect(root.querySelector('.line-number')?.textContent).toBe('1600-0000');
    expect(root.querySelector('.line-code [aria-hidden]')?.textContent).toBe('012 345');
    expect(root.querySelector('.line-code .unseen')?.textContent).toBe('0 1 2 3 4 5');
  });

  it.each([['a link', { kind: 'SMS', url: 'https://pay.example/p/x' }], ['a line without its number', { arsNumber: '' }]] as const)('is not %s', (_, part) => {
    expect(lineOf({ ...request, ...part } as PayRequest)).toBeNull();
  });

  it('is called by the seller, copied as words, and has no page whose picture could be taken', async () => {
    const copied = vi.fn().mockResolvedValue(undefined);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText: copied }, configurable: true });
    const said = vi.spyOn(toasts, 'toast').mockImplementation(() => undefined);
    await show(actions);
    expect(linksOf()).toEqual(['tel:16000000']);
    expect(root.textContent).not.toContain('QR');
    await press('번호 복사');
    expect(copied).toHaveBeenCalledWith('꽃바구니 60,000원\n전화 1600-0000\n결제번호 012345');
    expect(said).toHaveBeenCalledWith('전화번호와 결제번호를 복사했어요');
  });

  it('is shared as words, and marked by hand where nothing else is allowed', async () => {
    const shared = vi.fn().mockResolvedValue(undefined);
    Object.defineProperty(navigator, 'share', { value: shared, configurable: true });
    await show(actions);
    await press('공유');
    expect(shared).toHaveBeenCalledWith({ title: '꽃바구니 결제', text: '꽃바구니 60,000원\n전화 1600-0000\n결제번호 012345' });
    Object.defineProperty(navigator, 'share', { value: undefined, configurable: true });
    Object.defineProperty(navigator, 'clipboard', { value: undefined, configurable: true });
    await press('번호 복사');
    expect(root.querySelector('.by-hand')?.textContent).toContain('결제번호 012345');
  });

  it('tells before it is withdrawn that calls are in vain too', async () => {
    expect(locale.value).toBe('ko');
    await show(actions);
    await press('요청 취소');
    expect(root.querySelector('dialog[open]')?.textContent).toContain('통화 중이어도 결제할 수 없게 돼요');
  });
});
