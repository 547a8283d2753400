import { signal } from '@preact/signals';
import { ApiFailure, outcomeOpen } from '../../../shared/api/failure';
import { orderIdOf, PressKey } from '../../../shared/api/key';
import type { Payment, PaymentRequest } from '../../../shared/api/types';
import { pollUntil } from '../../../shared/state/poll';
import { readPending, writePending } from './pending';

/** Where a press of the pay button stands. */
export type Phase =
  | { kind: 'form'; failure?: unknown }
  | { kind: 'sending' }
  /** The answer was lost: the server is asked what became of the order. */
  | { kind: 'checking' }
  /** The server answers, and knows no such order. */
  | { kind: 'lost'; canRepeat: boolean };

export interface PaymentPort {
  create: (body: PaymentRequest, key: string) => Promise<Payment>;
  ofOrder: (orderId: string) => Promise<Payment>;
}

/** How often in a row the server must not know the order before it counts as never received. */
const MISSES = 6;

/**
 * One press of the pay button, from sending to an answer. Never repeats by itself:
 * when the answer is lost it only asks; a repeat is the user's act, under the same
 * key and order number, so that it cannot pay twice.
 */
export class CardPress {
  readonly phase = signal<Phase>({ kind: 'form' });
  #port: PaymentPort;
  #onAnswer: (payment: Payment) => void;
  #key = new PressKey();
  #body: PaymentRequest | null = null;
  #abort = new AbortController();

  constructor(port: PaymentPort, onAnswer: (payment: Payment) => void) {
    this.#port = port;
    this.#onAnswer = onAnswer;
  }

  /** Goes with the payment until its final answer. */
  get orderId(): string {
    return orderIdOf(this.#key.value);
  }

  /** Whether leaving now would lose sight of money. */
  get busy(): boolean {
    return this.phase.value.kind === 'sending' || this.phase.value.kind === 'checking';
  }

  /** Sends the payment; its orderId must be this press's. */
  async send(body: PaymentRequest): Promise<void> {
    if (this.busy) return;
    this.#body = body;
    await this.#post(body);
  }

  /** The user's act after lost: the same payment once more, under the same key. */
  async sendAgain(): Promise<void> {
    if (this.phase.value.kind === 'lost' && this.#body) await this.#post(this.#body);
  }

  /** Follows up a press that a reload interrupted. Gives false when there is none. */
  resume(): boolean {
    const pending = readPending();
    if (!pending || this.busy) return false;
    void this.#check(pending.orderId);
    return true;
  }

  /** Gives the press up after lost, and forgets what it held. */
  drop(): void {
    this.#settle();
    this.phase.value = { kind: 'form' };
  }

  /** The page is gone: stops asking. */
  stop(): void {
    this.#abort.abort();
    this.#body = null;
  }

  async #post(body: PaymentRequest): Promise<void> {
    this.phase.value = { kind: 'sending' };
    writePending({ orderId: body.orderId, amount: body.amount });
    try {
      this.#answer(await this.#port.create(body, this.#key.value));
    } catch (failure) {
      // A conflict is about this very order: what became of it is the answer.
      const conflict = failure instanceof ApiFailure && failure.status === 409;
      if (conflict || outcomeOpen(failure)) {
        await this.#check(body.orderId);
        return;
      }
      writePending(null);
      this.phase.value = { kind: 'form', failure };
    }
  }

  async #check(orderId: string): Promise<void> {
    this.phase.value = { kind: 'checking' };
    let misses = 0;
    const found = await pollUntil(async () => {
      try {
        return await this.#port.ofOrder(orderId);
      } catch (failure) {
        if (!(failure instanceof ApiFailure) || failure.status !== 404) return undefined;
        misses += 1;
        return misses >= MISSES ? null : undefined;
      }
    }, this.#abort.signal);
    if (found) this.#answer(found);
    else if (found === null) {
      writePending(null);
      this.phase.value = { kind: 'lost', canRepeat: this.#body !== null };
    }
  }

  #answer(payment: Payment): void {
    this.#settle();
    this.phase.value = { kind: 'form' };
    this.#onAnswer(payment);
  }

  #settle(): void {
    writePending(null);
    this.#body = null;
    this.#key.settle();
  }
}
