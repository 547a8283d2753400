import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure, NoAnswer } from '../src/shared/api/failure';
import type { Payment, PaymentRequest } from '../src/shared/api/types';
import { CashQueue, mayWait, type Alone, type QueuedSale, type QueuePort, type QueueStore } from '../src/merchant/queue';

const body = (orderId: string, amount = 55_000): PaymentRequest => ({ method: 'CASH', orderId, orderName: '꽃다발', amount, cash: { received: amount } });
const payment = (part: Partial<Payment> = {}): Payment => ({ id: 'pay_1', method: 'CASH', amount: 55_000, ...part }) as Payment;
const failure = (status: number, code: string): ApiFailure => new ApiFailure(status, { code, message: '서버의 말' }, 0);

/** A disk that outlives the queues of a test. */
class Disk implements QueueStore {
  rows = new Map<string, QueuedSale>();
  all = (): Promise<QueuedSale[]> => Promise.resolve(structuredClone([...this.rows.values()]));
  put = (sale: QueuedSale): Promise<void> => Promise.resolve(void this.rows.set(sale.key, structuredClone(sale)));
  drop = (key: string): Promise<void> => Promise.resolve(void this.rows.delete(key));
}

/** A lock that windows of one device share. */
function lock(): Alone {
  let turn = Promise.resolve();
  return (work) => (turn = turn.then(work));
}

let disk: Disk;
let create: ReturnType<typeof vi.fn<QueuePort['create']>>;
let ofOrder: ReturnType<typeof vi.fn<QueuePort['ofOrder']>>;
let sent: number[];
let alone: Alone;
const queues: CashQueue[] = [];

const start = async (merchantId = 'mer_1'): Promise<CashQueue> => {
  const queue = new CashQueue(disk, { create, ofOrder }, alone, (count) => sent.push(count));
  queues.push(queue);
  await queue.open(merchantId);
  return queue;
};
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const keys = (): string[] => create.mock.calls.map(([, key]) => key);

beforeEach(() => {
  vi.useFakeTimers();
  disk = new Disk();
  sent = [];
  alone = lock();
  create = vi.fn<QueuePort['create']>(async () => payment());
  ofOrder = vi.fn<QueuePort['ofOrder']>();
});
afterEach(() => {
  for (const queue of queues.splice(0)) queue.close();
  vi.useRealTimers();
});

describe('cash sales without a network', () => {
  it('wait, and are sent once each in the order they were taken', async () => {
    create.mockRejectedValue(new NoAnswer('away'));
    const queue = await start();
    await queue.add({ key: 'b', body: body('o-2'), at: '2026-03-02T12:01:00Z' });
    await queue.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await pass(60_000);
    expect(queue.sales.value.map(({ key }) => key)).toEqual(['a', 'b']);
    create.mockReset().mockResolvedValue(payment());
    await queue.drain();
    await pass(600_000);
    expect(keys()).toEqual(['a', 'b']);
    expect([queue.sales.value, disk.rows.size, sent]).toEqual([[], 0, [2]]);
  });

  it('keep their key and body over a restart, also when the answer was lost', async () => {
    create.mockRejectedValue(new NoAnswer('lost'));
    const before = await start();
    await before.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await before.drain();
    before.close();
    create.mockResolvedValue(payment());
    await start();
    expect(create.mock.calls.at(-1)).toEqual([body('o-1'), 'a']);
    expect(new Set(keys())).toEqual(new Set(['a']));
    expect(disk.rows.size).toBe(0);
  });

  it('are sent by one window of two', async () => {
    const [one, two] = [await start(), await start()];
    await disk.put({ key: 'a', merchantId: 'mer_1', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await Promise.all([one.drain(), two.drain(), one.drain()]);
    expect(keys()).toEqual(['a']);
    expect([one.sales.value, two.sales.value]).toEqual([[], []]);
  });

  it.each([401, 408, 429, 500, 502, 503])('wait on after status %i, and nobody is asked to decide', async (status) => {
    create.mockRejectedValueOnce(failure(status, 'X'));
    const queue = await start();
    await queue.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await queue.drain();
    expect(queue.sales.value[0]?.refusal).toBeUndefined();
    await pass(10_000);
    expect(keys()).toEqual(['a', 'a']);
    expect(disk.rows.size).toBe(0);
  });

  it('that the server refuses stay with its words until a person decides, and hold up nobody', async () => {
    create.mockRejectedValueOnce(failure(422, 'INVALID_REQUEST'));
    const queue = await start();
    await queue.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await queue.add({ key: 'b', body: body('o-2'), at: '2026-03-02T12:01:00Z' });
    await queue.drain();
    await pass(600_000);
    expect(keys()).toEqual(['a', 'b']);
    expect(queue.sales.value.map(({ key, refusal }) => [key, refusal])).toEqual([['a', { code: 'INVALID_REQUEST', message: '서버의 말' }]]);
    await queue.retry('a');
    expect([keys(), disk.rows.size]).toEqual([['a', 'b', 'a'], 0]);
  });

  it('can be deleted after a refusal', async () => {
    create.mockRejectedValueOnce(failure(422, 'INVALID_REQUEST'));
    const queue = await start();
    await queue.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await queue.drain();
    await queue.forget('a');
    await pass(600_000);
    expect([keys(), queue.sales.value]).toEqual([['a'], []]);
  });

  it.each([
    ['the same sale', payment(), 0],
    ['another amount', payment({ amount: 1 }), 1],
    ['a card payment', payment({ method: 'CARD' }), 1],
  ])('meet an order that exists: %s', async (_, found, left) => {
    create.mockRejectedValueOnce(failure(409, 'DUPLICATE_ORDER'));
    ofOrder.mockResolvedValue(found);
    const queue = await start();
    await queue.add({ key: 'a', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    await queue.drain();
    expect(queue.sales.value.map(({ refusal }) => refusal?.code)).toEqual(Array(left).fill('DUPLICATE_ORDER'));
  });

  it('of another merchant are neither shown nor sent', async () => {
    await disk.put({ key: 'a', merchantId: 'mer_2', body: body('o-1'), at: '2026-03-02T12:00:00Z' });
    const queue = await start('mer_1');
    await pass(600_000);
    expect([queue.sales.value, keys(), disk.rows.size]).toEqual([[], [], 1]);
  });

  it('name nobody on the device', async () => {
    create.mockRejectedValue(new NoAnswer('away'));
    const queue = await start();
    await queue.add({ key: 'a', body: { ...body('o-1'), buyer: { name: '구매자 1', phone: '01000000001' } }, at: '2026-03-02T12:00:00Z' });
    expect(JSON.stringify([...disk.rows.values()])).not.toMatch(/구매자|0100000/);
    const named = { key: 'b', body: { ...body('o-2'), cash: { received: 55_000, receipt: { type: 'INCOME_DEDUCTION' as const, identifier: '01000005678' } } }, at: '2026-03-02T12:00:00Z' };
    expect(mayWait(named)).toBe(false);
    await expect(queue.add(named)).rejects.toThrow();
    expect(disk.rows.has('b')).toBe(false);
  });
});
