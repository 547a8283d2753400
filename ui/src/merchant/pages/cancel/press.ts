import { signal } from '@preact/signals';
import { outcomeOpen } from '../../../shared/api/failure';
import { PressKey } from '../../../shared/api/key';
import type { Cancel, CancelRequest, Payment } from '../../../shared/api/types';
import { pollUntil } from '../../../shared/state/poll';

export type Phase = { kind: 'form'; failure?: unknown } | { kind: 'sending' } | { kind: 'checking' } | { kind: 'lost' };

export interface CancelPort {
  cancel: (id: string, body: CancelRequest, key: string) => Promise<Payment>;
  get: (id: string) => Promise<Payment>;
}

/** How many asks in a row must show no new cancel before it counts as never received. */
const MISSES = 6;

/**
 * One press of the cancel button. When the answer is lost it only asks whether a new
 * cancel appeared; a repeat is the user's act under the same key.
 */
export class CancelPress {
  readonly phase = signal<Phase>({ kind: 'form' });
  #port: CancelPort;
  #onAnswer: (payment: Payment, cancel: Cancel) => void;
  #key = new PressKey();
  #body: CancelRequest | null = null;
  #before: Payment;
  #abort = new AbortController();

  constructor(port: CancelPort, before: Payment, onAnswer: (payment: Payment, cancel: Cancel) => void) {
    this.#port = port;
    this.#before = before;
    this.#onAnswer = onAnswer;
  }

  /** Whether leaving now would lose sight of money. */
  get busy(): boolean {
    return this.phase.value.kind === 'sending' || this.phase.value.kind === 'checking';
  }

  async send(body: CancelRequest): Promise<void> {
    if (this.busy) return;
    this.#body = body;
    await this.#post(body);
  }

  /** The user's act after lost: the same cancel once more, under the same key. */
  async sendAgain(): Promise<void> {
    if (this.phase.value.kind === 'lost' && this.#body) await this.#post(this.#body);
  }

  /** Gives the press up after lost, and forgets the password it held. */
  drop(): void {
    this.#body = null;
    this.#key.settle();
    this.phase.value = { kind: 'form' };
  }

  /** The page is gone: stops asking. */
  stop(): void {
    this.#abort.abort();
    this.#body = null;
  }

  /** The cancel of payment that was not there when the form opened. */
  #fresh(payment: Payment): Cancel | undefined {
    const old = new Set((this.#before.cancels ?? []).map((cancel) => cancel.id));
    return (payment.cancels ?? []).find((cancel) => !old.has(cancel.id));
  }

  async #post(body: CancelRequest): Promise<void> {
    this.phase.value = { kind: 'sending' };
    try {
      const payment = await this.#port.cancel(this.#before.id, body, this.#key.value);
      const fresh = this.#fresh(payment);
      if (fresh) this.#answer(payment, fresh);
      else await this.#check();
    } catch (failure) {
      if (outcomeOpen(failure)) await this.#check();
      else this.phase.value = { kind: 'form', failure };
    }
  }

  async #check(): Promise<void> {
    this.phase.value = { kind: 'checking' };
    let misses = 0;
    const found = await pollUntil(async () => {
      const payment = await this.#port.get(this.#before.id);
      const cancel = this.#fresh(payment);
      if (cancel) return { payment, cancel };
      misses += 1;
      return misses >= MISSES ? null : undefined;
    }, this.#abort.signal);
    if (found) this.#answer(found.payment, found.cancel);
    else if (found === null) this.phase.value = { kind: 'lost' };
  }

  #answer(payment: Payment, cancel: Cancel): void {
    this.#body = null;
    this.#key.settle();
    this.phase.value = { kind: 'form' };
    this.#onAnswer(payment, cancel);
  }
}
