import { signal } from '@preact/signals';
import { ApiFailure, NoAnswer } from '../shared/api/failure';
import type { Payment, PaymentRequest } from '../shared/api/types';

/**
 * A cash sale taken without a network, as it will be sent. It names nobody: no buyer, and
 * no identifier of a cash receipt, for what lies on a device can be read there.
 */
export interface QueuedSale {
  /** The key of the press that made it: sent twice, it is still one sale. */
  key: string;
  merchantId: string;
  body: PaymentRequest;
  /** When the money was taken. */
  at: string;
  /** Why the server refused it; then a person decides. */
  refusal?: { code: string; message: string };
}

/** Where queued sales outlive the page. */
export interface QueueStore {
  all: () => Promise<QueuedSale[]>;
  put: (sale: QueuedSale) => Promise<void>;
  drop: (key: string) => Promise<void>;
}

export interface QueuePort {
  create: (body: PaymentRequest, key: string) => Promise<Payment>;
  ofOrder: (orderId: string) => Promise<Payment>;
}

/** Lets one window of the device send at a time. */
export type Alone = (work: () => Promise<void>) => Promise<void>;

/** Pauses before the server is tried again, in milliseconds. */
const PAUSES = [3000, 10_000, 30_000, 60_000];

/** Whether a sale may wait on the device: it must name nobody. */
export function mayWait({ body }: Pick<QueuedSale, 'body'>): boolean {
  return body.method === 'CASH' && body.cash?.receipt?.identifier === undefined;
}

/** The sale as it may lie on the device. */
export function unnamed(body: PaymentRequest): PaymentRequest {
  const { buyer: _, ...rest } = body;
  return rest;
}

/** What an answer means for a queued sale. */
type Verdict = 'sent' | 'later' | { code: string; message: string };

function verdictOf(failure: unknown): Verdict | 'ask' {
  if (!(failure instanceof ApiFailure)) return 'later';
  if (failure.status >= 500 || [401, 408, 429].includes(failure.status) || failure.code === 'IN_PROGRESS') return 'later';
  // About this very order: what became of it decides.
  if (failure.status === 409) return 'ask';
  return { code: failure.code, message: failure.message };
}

/** The cash sales that wait on this device, oldest first, and their way to the server. */
export class CashQueue {
  readonly sales = signal<readonly QueuedSale[]>([]);
  #store: QueueStore;
  #port: QueuePort;
  #alone: Alone;
  #onSent: (count: number) => void;
  #merchantId = '';
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;
  #draining: Promise<void> | null = null;

  constructor(store: QueueStore, port: QueuePort, alone: Alone, onSent: (count: number) => void) {
    this.#store = store;
    this.#port = port;
    this.#alone = alone;
    this.#onSent = onSent;
  }

  /** Shows and sends the sales of a merchant; those of another stay where they are. */
  async open(merchantId: string): Promise<void> {
    this.#merchantId = merchantId;
    await this.#read();
    await this.drain();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#merchantId = '';
    this.sales.value = [];
  }

  /** Keeps a sale until it is sent. Rejects when the device cannot: then it was not taken. */
  async add(sale: Omit<QueuedSale, 'merchantId'>): Promise<void> {
    if (!mayWait(sale)) throw new Error('an identifier must not lie on the device');
    await this.#store.put({ ...sale, body: unnamed(sale.body), merchantId: this.#merchantId });
    await this.#read();
    this.#later();
  }

  /** Sends what waits, once each; calls that meet are one. */
  drain(): Promise<void> {
    this.#draining ??= this.#alone(() => this.#send()).finally(() => (this.#draining = null));
    return this.#draining;
  }

  /** A person's act after a refusal: the same once more, under the same key. */
  async retry(key: string): Promise<void> {
    const sale = this.sales.value.find((each) => each.key === key);
    if (!sale) return;
    const { refusal: _, ...waiting } = sale;
    await this.#store.put(waiting);
    await this.drain();
  }

  /** A person's act after a refusal: the sale was recorded in another way. */
  async forget(key: string): Promise<void> {
    await this.#store.drop(key);
    await this.#read();
  }

  async #read(): Promise<void> {
    const all = await this.#store.all();
    this.sales.value = all.filter((sale) => sale.merchantId === this.#merchantId).sort((a, b) => a.at.localeCompare(b.at));
  }

  async #send(): Promise<void> {
    // Read anew under the lock: another window may have sent them.
    await this.#read();
    let sent = 0;
    for (const sale of this.sales.value) {
      if (sale.refusal) continue;
      const verdict = await this.#one(sale);
      if (verdict === 'later') break;
      if (verdict === 'sent') {
        await this.#store.drop(sale.key);
        sent += 1;
      } else await this.#store.put({ ...sale, refusal: verdict });
      this.#tries = 0;
    }
    await this.#read();
    // What is left, or came meanwhile, is tried again.
    if (this.sales.value.some(({ refusal }) => !refusal)) this.#later();
    if (sent > 0) this.#onSent(sent);
  }

  async #one(sale: QueuedSale): Promise<Verdict> {
    try {
      await this.#port.create(sale.body, sale.key);
      return 'sent';
    } catch (failure) {
      const verdict = verdictOf(failure);
      return verdict === 'ask' ? this.#ask(sale, failure as ApiFailure) : verdict;
    }
  }

  /** The server has the order already: whether it is this sale. */
  async #ask({ body }: QueuedSale, conflict: ApiFailure): Promise<Verdict> {
    try {
      const payment = await this.#port.ofOrder(body.orderId);
      if (payment.method === 'CASH' && payment.amount === body.amount) return 'sent';
    } catch (failure) {
      if (failure instanceof NoAnswer || verdictOf(failure) === 'later') return 'later';
    }
    return { code: conflict.code, message: conflict.message };
  }

  #later(): void {
    if (!this.#merchantId) return;
    const pause = PAUSES[Math.min(this.#tries, PAUSES.length - 1)];
    this.#tries += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.drain(), pause);
  }
}
