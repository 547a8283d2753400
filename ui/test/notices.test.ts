import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Payment, Settings } from '../src/shared/api/types';
import * as toasts from '../src/shared/design/toast';
import { place } from '../src/shared/router/router';
import type { Change } from '../src/shared/state/live';
import { followNotices, followPresses } from '../src/merchant/notices';
import { ownSettings } from '../src/merchant/own';

const payment = { id: 'pay_1', amount: 17_000, orderName: '꽃바구니', cancels: [{ amount: 2_000, status: 'DONE' }] } as Payment;
const said = vi.spyOn(toasts, 'toast').mockImplementation(() => undefined);
const buzz = vi.fn();

beforeEach(() => {
  said.mockClear();
  buzz.mockClear();
  Object.defineProperty(navigator, 'vibrate', { value: buzz, configurable: true });
  ownSettings.value = { notify: true, sound: true, vibration: true } as Settings;
  place.value = { path: '/', query: new URLSearchParams() };
});

/** Lets one change happen, and what it sets off. */
async function happens(type: string, path = '/'): Promise<void> {
  let tell: (change: Change | null) => void = () => undefined;
  followNotices(
    (hearer) => {
      tell = hearer;
      return () => true;
    },
    () => Promise.resolve(payment),
  );
  place.value = { path, query: new URLSearchParams() };
  tell({ type, paymentId: 'pay_1', version: 2 });
  await Promise.resolve();
  await Promise.resolve();
}

describe('a payment elsewhere', () => {
  it.each([
    ['payment.approved', '17,000원 결제됐어요 · 꽃바구니', 1],
    ['payment.canceled', '2,000원 취소됐어요 · 꽃바구니', 0],
    ['payment.reversed', '17,000원 결제가 이루어지지 않았어요 · 꽃바구니', 0],
  ])('is told: %s', async (type, text, buzzes) => {
    await happens(type);
    expect(said).toHaveBeenCalledWith(text);
    expect(buzz).toHaveBeenCalledTimes(buzzes);
  });

  it.each(['payment.unknown', 'payment.declined'])('is not worth a word: %s', async (type) => {
    await happens(type);
    expect(said).not.toHaveBeenCalled();
  });

  it.each(['/pay/card', '/payments/pay_1', '/payments/pay_1/result', '/payments/pay_1/cancel'])('is left to the screen at %s', async (path) => {
    await happens('payment.approved', path);
    expect(said).not.toHaveBeenCalled();
  });

  it('is not told when the shop wants no notices, and not felt when it wants no vibration', async () => {
    ownSettings.value = { notify: false } as Settings;
    await happens('payment.approved');
    expect(said).not.toHaveBeenCalled();
    ownSettings.value = { notify: true, sound: false, vibration: false } as Settings;
    await happens('payment.approved');
    expect(said).toHaveBeenCalledTimes(1);
    expect(buzz).not.toHaveBeenCalled();
  });
});

describe('a pressed notice', () => {
  const worker = new EventTarget();
  const press = (data: unknown): boolean => worker.dispatchEvent(new MessageEvent('message', { data }));
  const open = (path: string): unknown => ({ type: 'innopay.open', path });

  beforeEach(() => {
    history.replaceState(null, '', '/app/settings');
    place.value = { path: '/settings', query: new URLSearchParams() };
  });

  it('opens what it is about, without loading the app again', () => {
    const stop = followPresses(worker);
    press(open('/app/payments/pay_1'));
    expect(place.value.path).toBe('/payments/pay_1');
    stop();
    press(open('/app/payments/pay_2'));
    expect(place.value.path).toBe('/payments/pay_1');
  });

  it('asks before it takes away a payment that is being typed', () => {
    const stop = followPresses(worker);
    place.value = { path: '/pay/card', query: new URLSearchParams() };
    press(open('/app/payments/pay_1'));
    expect(place.value.path).toBe('/pay/card');
    const [text, act] = said.mock.lastCall ?? [];
    expect(text).toBe('입력하던 결제가 있어요');
    act?.run();
    expect(place.value.path).toBe('/payments/pay_1');
    stop();
  });

  it.each([null, 'text', {}, open('https://elsewhere.example/app/'), open('/v1/sessions'), { type: 'innopay.open', path: 5 }])('that says %j opens nothing', (data) => {
    const stop = followPresses(worker);
    press(data);
    expect([place.value.path, said.mock.calls.length]).toEqual(['/settings', 0]);
    stop();
  });
});
