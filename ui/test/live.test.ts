import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { live, Live, onChange, onWord, type Change } from '../src/shared/state/live';

/** An EventSource whose server is the test. */
class Fake {
  static all: Fake[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;
  #hear = new Map<string, (event: unknown) => void>();

  constructor() {
    Fake.all.push(this);
  }

  addEventListener(type: string, hear: (event: unknown) => void): void {
    this.#hear.set(type, hear);
  }

  close(): void {
    this.readyState = 2;
  }

  opens(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  refuses(): void {
    this.readyState = 2;
    this.onerror?.();
  }

  says(type: string, lastEventId: string, data: object): void {
    this.#hear.get(type)?.({ lastEventId, data: JSON.stringify(data) });
  }
}

const heard: (Change | null)[] = [];
let stop: () => void;
let stream: Live;
const latest = (): Fake => Fake.all.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  Fake.all = [];
  heard.length = 0;
  stop = onChange((change) => heard.push(change));
  stream = new Live(() => new Fake() as unknown as EventSource);
  stream.start();
});

afterEach(() => {
  stop();
  stream.stop();
  vi.useRealTimers();
});

describe('live stream', () => {
  const approved = { type: 'payment.approved', paymentId: 'pay_1', version: 2 };

  test('tells each change once, however often it comes', () => {
    latest().opens();
    expect(live.value).toBe(true);
    latest().says('payment', 'evt_1', approved);
    latest().says('payment', 'evt_1', approved);
    latest().says('payment', 'evt_2', { ...approved, version: 3 });
    expect(heard).toEqual([approved, { ...approved, version: 3 }]);
  });

  test('tells of a cash receipt, which may belong to no payment', () => {
    latest().opens();
    latest().says('cashReceipt', 'evt_1', { type: 'cash_receipt.changed', cashReceiptId: 'rcp_1', paymentId: '', status: 'ISSUED' });
    expect(heard).toEqual([expect.objectContaining({ cashReceiptId: 'rcp_1', paymentId: '' })]);
  });

  test('tells of settings and of the end of the session apart from payments', () => {
    const words: object[] = [];
    const end = onWord((word) => words.push(word));
    latest().opens();
    latest().says('settings', 'evt_1', { type: 'settings.changed', version: 7 });
    latest().says('staff', '', { type: 'staff.registered', version: 2 });
    latest().says('reset', '', {});
    latest().says('ended', '', {});
    expect(words).toEqual([{ settings: 7 }, { staff: true }, { settings: 0, staff: true, notices: true, products: [], ticket: '' }, { ended: true }]);
    expect(heard).toEqual([null]);
    expect(latest().readyState).toBe(2);
    vi.advanceTimersByTime(100_000);
    expect(Fake.all).toHaveLength(1);
    end();
  });

  test('a reset has everything read again', () => {
    latest().opens();
    latest().says('reset', '', {});
    expect(heard).toEqual([null]);
  });

  test('a lost connection comes back by itself and is told what it missed', () => {
    latest().opens();
    latest().readyState = 0;
    latest().onerror?.();
    expect(live.value).toBe(false);
    expect(Fake.all).toHaveLength(1);
    latest().opens();
    expect(heard).toEqual([]);
  });

  test('a refused stream is tried again ever more slowly, then everything is read again', () => {
    latest().refuses();
    expect(live.value).toBe(false);
    vi.advanceTimersByTime(1999);
    expect(Fake.all).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(Fake.all).toHaveLength(2);
    latest().refuses();
    vi.advanceTimersByTime(4999);
    expect(Fake.all).toHaveLength(2);
    vi.advanceTimersByTime(1);
    latest().opens();
    expect(heard).toEqual([null]);
  });

  test('stopped is stopped', () => {
    latest().refuses();
    stream.stop();
    vi.advanceTimersByTime(100_000);
    expect(Fake.all).toHaveLength(1);
  });
});
