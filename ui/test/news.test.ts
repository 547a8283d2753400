import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Payment, Settings } from '../src/shared/api/types';
import * as toasts from '../src/shared/design/toast';
import { place } from '../src/shared/router/router';
import type { Change } from '../src/shared/state/live';
import { followSeen, note, unseen, watching } from '../src/merchant/news';
import { followNotices } from '../src/merchant/notices';
import { ownSettings } from '../src/merchant/own';

const payment = { id: 'pay_1', amount: 60_000, orderName: '꽃바구니', channel: 'SMS', cancels: [] } as unknown as Payment;
const said = vi.spyOn(toasts, 'toast').mockImplementation(() => undefined);
const buzz = vi.fn();
const go = (path: string): void => void (place.value = { path, query: new URLSearchParams() });
let stop: () => void;

beforeEach(() => {
  said.mockClear();
  buzz.mockClear();
  Object.defineProperty(navigator, 'vibrate', { value: buzz, configurable: true });
  ownSettings.value = { notify: true, sound: true, vibration: true } as Settings;
  go('/');
  watching.value = '';
  unseen.value = [];
  stop = followSeen();
});
afterEach(() => stop());

async function happens(type: string, part: Partial<Change> = {}): Promise<ReturnType<typeof vi.fn>> {
  let tell: (change: Change | null) => void = () => undefined;
  const read = vi.fn(() => Promise.resolve(payment));
  followNotices((hearer) => ((tell = hearer), () => true), read);
  tell({ type, paymentId: 'pay_1', version: 2, channel: 'SMS', ...part });
  await Promise.resolve();
  await Promise.resolve();
  return read;
}

describe('a request whose buyer acts elsewhere', () => {
  it.each([
    ['payment.approved', '60,000원 결제됐어요 · 꽃바구니', '/payments/pay_1'],
    ['payment.declined', '60,000원 카드가 승인되지 않았어요 · 꽃바구니', '/requests/req_1'],
    ['payment.expired', '60,000원 결제 요청이 만료됐어요 · 꽃바구니', '/payments/pay_1'],
  ])('is told, felt, and can be looked at: %s', async (type, text, address) => {
    await happens(type, { requestId: 'req_1' });
    expect(said).toHaveBeenCalledWith(text, expect.objectContaining({ text: '보기' }));
    expect(buzz).toHaveBeenCalledTimes(1);
    said.mock.calls[0]?.[1]?.run();
    expect(place.value.path).toBe(address);
  });

  it.each(['/pay/card', '/pay/sms', '/products', '/settings', '/requests/req_2'])('is told on every screen: %s', async (path) => {
    go(path);
    await happens('payment.approved');
    expect(said).toHaveBeenCalledTimes(1);
    expect(unseen.value).toEqual(['pay_1']);
  });

  it('is left to its own screen', async () => {
    go('/requests/req_1');
    watching.value = 'pay_1';
    const read = await happens('payment.approved');
    expect(said).not.toHaveBeenCalled();
    expect(read).not.toHaveBeenCalled();
    expect(unseen.value).toEqual([]);
  });

  it('keeps still when the shop wants no notices', async () => {
    ownSettings.value = { notify: false } as Settings;
    await happens('payment.approved');
    expect(said).not.toHaveBeenCalled();
    expect(unseen.value).toEqual([]);
  });

  it.each(['request.changed', 'payment.requested'])('costs nothing when nothing is to be told: %s', async (type) => {
    const read = await happens(type);
    expect(read).not.toHaveBeenCalled();
  });
});

describe('the count of what nobody looked at', () => {
  it.each([['/payments'], ['/requests']])('is over once the list is seen: %s', (path) => {
    note('pay_1');
    note('pay_2');
    note('pay_1');
    expect(unseen.value).toHaveLength(2);
    go(path);
    expect(unseen.value).toEqual([]);
  });

  it('loses the one that is looked at', () => {
    note('pay_1');
    note('pay_2');
    go('/payments/pay_1');
    expect(unseen.value).toEqual(['pay_2']);
    watching.value = 'pay_2';
    expect(unseen.value).toEqual([]);
  });
});
