import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure } from '../src/shared/api/failure';
import { OPEN, requests, type PayRequest, type RequestBody } from '../src/shared/api/requests';

const request = { id: 'req_1', paymentId: 'pay_1', status: 'SENT' } as PayRequest;
const sent: Request[] = [];
let answers: (() => Response)[];

beforeEach(() => {
  sent.length = 0;
  answers = [];
  vi.stubGlobal('fetch', (url: string, init: RequestInit) => {
    sent.push(new Request(url, { ...init, signal: null }));
    const answer = answers.shift();
    return answer ? Promise.resolve(answer()) : Promise.reject(new TypeError('nobody there'));
  });
});
afterEach(() => void vi.unstubAllGlobals());

const json = (body: unknown, status = 200, headers = {}) => (): Response => new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json', ...headers } });
const last = (): Request => sent.at(-1)!;
const pathOf = ({ url }: Request): string => url.slice(new URL(url).origin.length);

describe('payment requests over the wire', () => {
  it('are created under the key of their press', async () => {
    answers = [json(request, 201)];
    const body: RequestBody = { kind: 'SMS', orderId: 'app-1', orderName: '꽃바구니', amount: 60_000, buyer: { phone: '01000000001' } };
    expect(await requests.create(body, 'key-1')).toEqual(request);
    expect([last().method, pathOf(last()), last().headers.get('Idempotency-Key')]).toEqual(['POST', '/v1/payment-requests', 'key-1']);
    expect(await last().json()).toEqual(body);
  });

  it('are shown as text without a key: a preview creates nothing', async () => {
    answers = [json({ text: '…', kind: 'SMS', bytes: 87, limit: 90, replaced: 0 })];
    await requests.preview({ kind: 'SMS', orderId: 'app-1', orderName: 'x', amount: 1000, buyer: { phone: '01000000001' } }, new AbortController().signal);
    expect([last().method, pathOf(last()), last().headers.get('Idempotency-Key')]).toEqual(['POST', '/v1/payment-requests/preview', null]);
  });

  it('ask for each state by its name', async () => {
    answers = [json({ paymentRequests: [request], nextCursor: 'c2' })];
    expect(await requests.list(OPEN, 'c1', 30)).toEqual({ rows: [request], next: 'c2' });
    const { searchParams } = new URL(last().url);
    expect(searchParams.getAll('status')).toEqual([...OPEN]);
    expect([searchParams.get('cursor'), searchParams.get('limit')]).toEqual(['c1', '30']);
  });

  it.each([
    [() => requests.resend('req_1'), '/v1/payment-requests/req_1/resend', {}],
    [() => requests.resend('req_1', '01000000002'), '/v1/payment-requests/req_1/resend', { phone: '01000000002' }],
    [() => requests.withdraw('req_1'), '/v1/payment-requests/req_1/withdraw', {}],
  ])('act on one request: %#', async (act, path, body) => {
    answers = [json(request)];
    await act();
    expect([last().method, pathOf(last())]).toEqual(['POST', path]);
    expect(await last().json()).toEqual(body);
  });

  it('say how long to wait when messages go out too fast', async () => {
    answers = [json({ code: 'TOO_MANY_MESSAGES', message: '…' }, 429, { 'Retry-After': '40' })];
    const refused: unknown = await requests.resend('req_1').catch((cause: unknown) => cause);
    expect(refused).toBeInstanceOf(ApiFailure);
    expect(refused).toMatchObject({ status: 429, retryAfter: 40, code: 'TOO_MANY_MESSAGES' });
  });

  it('are found by the payment that waits', async () => {
    answers = [json({ paymentRequests: [request] })];
    expect((await requests.ofPayment('pay_1'))?.id).toBe('req_1');
    expect(new URL(last().url).searchParams.get('paymentId')).toBe('pay_1');
    answers = [json({ paymentRequests: [] })];
    expect(await requests.ofPayment('pay_2')).toBeUndefined();
  });
});
