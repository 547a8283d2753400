import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { noticeOf, pathOf } from '../src/worker/notice';

const sent = { title: 'SMS결제', body: '14,500원 결제 완료', url: '/app/payments/pay_1', tag: 'pay_1' };

describe('a notice', () => {
  it('is what the server says', () => {
    expect(noticeOf(() => sent, 'en-US', false)).toEqual({
      title: 'SMS결제',
      options: { body: '14,500원 결제 완료', icon: '/app/icon-192.png', data: '/app/payments/pay_1', tag: 'pay_1', renotify: true, silent: false },
    });
  });

  it('makes no sound while the app is before the user', () => {
    expect(noticeOf(() => sent, 'ko', true).options).toMatchObject({ silent: true, renotify: false });
  });

  it.each([
    ['no JSON', () => JSON.parse('{') as unknown],
    ['nothing', () => undefined],
    ['no object', () => 'text'],
    ['no title', () => ({ body: 'text', tag: 5 })],
  ])('is shown of %s too, in the language of the device', (_, read) => {
    expect(noticeOf(read, 'ko-KR', false)).toMatchObject({ title: 'INNOPAY', options: { body: '결제 소식이 있어요. 눌러서 확인해 주세요.', data: '/app/' } });
    expect(noticeOf(read, 'en-GB', false).options.body).toBe('There is news of a payment. Press to see it.');
  });

  it.each(['https://elsewhere.example/', '//elsewhere.example/app/', '/v1/payments', '/app', '/app/../v1/sessions', 'javascript:alert(1)', '', 7, null, undefined])('opens home in place of %s', (url) => {
    expect(pathOf(url)).toBe('/app/');
  });
});

interface Window {
  url: string;
  focused: boolean;
  visibilityState: string;
  focus: () => Promise<void>;
  postMessage: (message: unknown) => void;
}

describe('the worker', () => {
  const show = vi.fn(() => Promise.resolve());
  const openWindow = vi.fn(() => Promise.resolve());
  const steps: string[] = [];
  let open: Window[] = [];
  const window = (name: string, url: string, focused = false, visibilityState = 'hidden'): Window => ({
    url,
    focused,
    visibilityState,
    focus: () => Promise.resolve(void steps.push(`${name} comes to the front`)),
    postMessage: (message) => void steps.push(`${name} is told ${JSON.stringify(message)}`),
  });

  /** Sends an event to the worker and waits for all it sets off. */
  async function happens(type: string, members: object): Promise<void> {
    let work: Promise<unknown> = Promise.resolve();
    self.dispatchEvent(Object.assign(new Event(type), members, { waitUntil: (given: Promise<unknown>) => (work = given) }));
    await work;
  }
  const press = (data: unknown): Promise<void> => happens('notificationclick', { notification: { data, close: () => void steps.push('closed') } });

  beforeAll(async () => {
    vi.stubGlobal('clients', { matchAll: () => Promise.resolve(open), openWindow });
    vi.stubGlobal('registration', { showNotification: show });
    await import('../src/worker/push');
  });
  afterAll(() => vi.unstubAllGlobals());
  beforeEach(() => {
    vi.clearAllMocks();
    steps.length = 0;
    open = [];
  });

  it('shows a push, also an empty one', async () => {
    await happens('push', { data: { json: () => sent } });
    await happens('push', { data: null });
    expect(show.mock.calls).toMatchObject([
      ['SMS결제', { body: '14,500원 결제 완료', silent: false }],
      ['INNOPAY', { data: '/app/' }],
    ]);
  });

  it('shows it without a sound when the app is before the user, and with one when another page is', async () => {
    open = [window('app', 'https://pay.example/app/settings', true, 'visible')];
    await happens('push', { data: { json: () => sent } });
    open = [window('receipt', 'https://pay.example/r/token', true, 'visible')];
    await happens('push', { data: { json: () => sent } });
    expect(show.mock.calls).toMatchObject([[{}, { silent: true }], [{}, { silent: false }]].map(([, options]) => ['SMS결제', options]));
  });

  it('opens the app where none is open', async () => {
    open = [window('receipt', 'https://pay.example/r/token', true, 'visible')];
    await press('/app/payments/pay_1');
    expect(steps).toEqual(['closed']);
    expect(openWindow).toHaveBeenCalledWith('/app/payments/pay_1');
  });

  it('brings the nearest window of the app to the front and leaves the way to it', async () => {
    open = [window('far', 'https://pay.example/app/'), window('near', 'https://pay.example/app/cart', false, 'visible')];
    await press('/app/payments/pay_1');
    expect(steps).toEqual(['closed', 'near comes to the front', 'near is told {"type":"innopay.open","path":"/app/payments/pay_1"}']);
    expect(openWindow).not.toHaveBeenCalled();
  });

  it('opens nothing that is no page of the app', async () => {
    await press('https://elsewhere.example/');
    expect(openWindow).toHaveBeenCalledWith('/app/');
  });
});
