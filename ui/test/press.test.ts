import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiFailure, NoAnswer, outcomeOpen } from '../src/shared/api/failure';
import { orderIdOf, PressKey, randomKey } from '../src/shared/api/key';
import type { Cancel, Payment, PaymentRequest } from '../src/shared/api/types';
import { CancelPress } from '../src/merchant/pages/cancel/press';
import { readPending } from '../src/merchant/pending';
import { CardPress, type PaymentPort } from '../src/merchant/pages/card/press';

const failure = (status: number, code: string): ApiFailure => new ApiFailure(status, { code, message: '…' }, 0);
const payment = (status: Payment['status'], cancels: Cancel[] = []): Payment => ({ id: 'pay_1', status, cancels }) as Payment;

beforeEach(() => {
  vi.useFakeTimers();
  sessionStorage.clear();
});
afterEach(() => void vi.useRealTimers());

describe('PressKey', () => {
  it('is kept until the press has its final answer', () => {
    let n = 0;
    const key = new PressKey(() => `k${++n}`);
    expect([key.value, key.value]).toEqual(['k1', 'k1']);
    key.settle();
    expect(key.value).toBe('k2');
  });

  it('makes keys that fit a header and an order number', () => {
    const keys = new Set(Array.from({ length: 200 }, randomKey));
    expect(keys.size).toBe(200);
    for (const key of keys) expect(orderIdOf(key)).toMatch(/^[A-Za-z0-9._-]{6,64}$/);
  });
});

it.each([
  [new NoAnswer('x'), true],
  [new TypeError('x'), true],
  [failure(500, 'INTERNAL'), true],
  [failure(502, ''), true],
  [failure(409, 'IN_PROGRESS'), true],
  [failure(422, 'IDEMPOTENCY_KEY_REUSED'), true],
  [failure(503, 'UNAVAILABLE'), false],
  [failure(422, 'INVALID_REQUEST'), false],
  [failure(403, 'CANCEL_PASSWORD_WRONG'), false],
  [failure(429, 'TOO_MANY_REQUESTS'), false],
])('outcomeOpen(%s) is %s', (cause, open) => expect(outcomeOpen(cause)).toBe(open));

interface Rig {
  press: CardPress;
  create: ReturnType<typeof vi.fn<PaymentPort['create']>>;
  ofOrder: ReturnType<typeof vi.fn<PaymentPort['ofOrder']>>;
  answers: Payment[];
  body: () => PaymentRequest;
}

function rig(): Rig {
  const answers: Payment[] = [];
  const create = vi.fn<PaymentPort['create']>();
  const ofOrder = vi.fn<PaymentPort['ofOrder']>();
  const press = new CardPress({ create, ofOrder }, (answer) => answers.push(answer));
  const body = (): PaymentRequest => ({ orderId: press.orderId, amount: 60_000, orderName: 'x', method: 'CARD', card: { entry: 'KEY_IN', number: '4111111111111111' } });
  return { press, create, ofOrder, answers, body };
}

describe('CardPress', () => {
  it('hands on the answer and takes a new key for the next press', async () => {
    const { press, create, answers, body } = rig();
    create.mockResolvedValue(payment('DONE'));
    const first = press.orderId;
    await press.send(body());
    expect(answers).toHaveLength(1);
    expect(create.mock.calls[0]?.[1]).toBe(first.replace('app-', ''));
    expect(press.orderId).not.toBe(first);
    expect(readPending()).toBeNull();
  });

  it('keeps the key when nothing was sent, and shows why', async () => {
    const { press, create, answers, body } = rig();
    create.mockRejectedValueOnce(failure(422, 'INVALID_REQUEST')).mockResolvedValueOnce(payment('DONE'));
    await press.send(body());
    expect(press.phase.value).toMatchObject({ kind: 'form', failure: { code: 'INVALID_REQUEST' } });
    await press.send(body());
    expect(create.mock.calls[0]?.[1]).toBe(create.mock.calls[1]?.[1]);
    expect(answers).toHaveLength(1);
  });

  it('only asks when the answer is lost, and never sends twice by itself', async () => {
    const { press, create, ofOrder, answers, body } = rig();
    create.mockRejectedValue(new NoAnswer('x'));
    ofOrder.mockRejectedValueOnce(new NoAnswer('x')).mockRejectedValueOnce(failure(404, 'NOT_FOUND')).mockResolvedValue(payment('UNKNOWN'));
    const order = press.orderId;
    const done = press.send(body());
    await vi.advanceTimersByTimeAsync(600);
    expect(press.phase.value.kind).toBe('checking');
    expect(press.busy).toBe(true);
    expect(readPending()).toEqual({ orderId: order, amount: 60_000 });
    await vi.advanceTimersByTimeAsync(10_000);
    await done;
    expect(create).toHaveBeenCalledTimes(1);
    expect(ofOrder).toHaveBeenCalledWith(order);
    expect(answers[0]?.status).toBe('UNKNOWN');
  });

  it('stays checking for as long as the server cannot be asked', async () => {
    const { press, create, ofOrder, body } = rig();
    create.mockRejectedValue(new NoAnswer('x'));
    ofOrder.mockRejectedValue(new NoAnswer('x'));
    void press.send(body());
    await vi.advanceTimersByTimeAsync(600_000);
    expect(press.phase.value.kind).toBe('checking');
    press.stop();
  });

  it('an order the server does not know can be sent again under the same key, by the user', async () => {
    const { press, create, ofOrder, answers, body } = rig();
    create.mockRejectedValueOnce(new NoAnswer('x')).mockResolvedValueOnce(payment('DONE'));
    ofOrder.mockRejectedValue(failure(404, 'NOT_FOUND'));
    void press.send(body());
    await vi.advanceTimersByTimeAsync(60_000);
    expect(press.phase.value).toEqual({ kind: 'lost', canRepeat: true });
    expect(create).toHaveBeenCalledTimes(1);
    await press.sendAgain();
    expect(create.mock.calls[1]).toEqual(create.mock.calls[0]);
    expect(answers[0]?.status).toBe('DONE');
  });

  it('a conflict is answered by what became of the order', async () => {
    const { press, create, ofOrder, answers, body } = rig();
    create.mockRejectedValue(failure(409, 'DUPLICATE_ORDER'));
    ofOrder.mockResolvedValue(payment('DONE'));
    void press.send(body());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(answers[0]?.status).toBe('DONE');
  });

  it('a reload follows the same order up, without the card', async () => {
    const first = rig();
    first.create.mockReturnValue(new Promise(() => undefined));
    void first.press.send(first.body());
    const order = first.press.orderId;
    first.press.stop();
    const kept = JSON.stringify({ ...sessionStorage }) + JSON.stringify({ ...localStorage });
    expect(kept).not.toContain('4111');

    const second = rig();
    second.ofOrder.mockResolvedValue(payment('DONE'));
    expect(second.press.resume()).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(second.ofOrder).toHaveBeenCalledWith(order);
    expect(second.answers).toHaveLength(1);
    expect(second.press.resume()).toBe(false);
  });

  it('ignores a second press while one is under way', async () => {
    const { press, create, body } = rig();
    create.mockReturnValue(new Promise(() => undefined));
    void press.send(body());
    void press.send(body());
    expect(create).toHaveBeenCalledTimes(1);
    press.stop();
  });
});

describe('CancelPress', () => {
  const old = { id: 'cnc_0', status: 'DONE' } as Cancel;
  const fresh = { id: 'cnc_1', status: 'UNKNOWN' } as Cancel;
  const body = { reason: 'x', cancelPassword: 'y' };

  it('names the cancel that is new', async () => {
    const found: string[] = [];
    const port = { cancel: vi.fn().mockResolvedValue(payment('PARTIAL_CANCELED', [old, fresh])), get: vi.fn() };
    await new CancelPress(port, payment('PARTIAL_CANCELED', [old]), (_, cancel) => found.push(cancel.id)).send(body);
    expect(found).toEqual(['cnc_1']);
  });

  it('keeps the key over a wrong password, so that a repeat can never cancel twice', async () => {
    const port = { cancel: vi.fn().mockRejectedValueOnce(failure(403, 'CANCEL_PASSWORD_WRONG')).mockResolvedValueOnce(payment('CANCELED', [fresh])), get: vi.fn() };
    const press = new CancelPress(port, payment('DONE'), () => undefined);
    await press.send(body);
    expect(press.phase.value).toMatchObject({ failure: { code: 'CANCEL_PASSWORD_WRONG' } });
    await press.send(body);
    expect(port.cancel.mock.calls[0]?.[2]).toBe(port.cancel.mock.calls[1]?.[2]);
  });

  it('only asks when the answer is lost', async () => {
    const found: string[] = [];
    const port = { cancel: vi.fn().mockRejectedValue(new NoAnswer('x')), get: vi.fn().mockResolvedValueOnce(payment('DONE')).mockResolvedValue(payment('DONE', [fresh])) };
    void new CancelPress(port, payment('DONE'), (_, cancel) => found.push(cancel.id)).send(body);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(port.cancel).toHaveBeenCalledTimes(1);
    expect(found).toEqual(['cnc_1']);
  });
});
