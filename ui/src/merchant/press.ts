import { signal } from '@preact/signals';
import { ApiFailure, outcomeOpen } from '../shared/api/failure';
import { orderIdOf, PressKey } from '../shared/api/key';
import { pollUntil } from '../shared/state/poll';
import { readPending, writePending, type Pending, type PendingKind } from './pending';

/** Where a press of a sale's button stands. */
export type Phase =
  | { kind: 'form'; failure?: unknown }
  | { kind: 'sending' }
  /** The answer was lost: the server is asked what became of the order. */
  | { kind: 'checking' }
  /** The server answers, and knows no such order. */
  | { kind: 'lost'; canRepeat: boolean };

/** How something is asked for, and what became of an order whose answer was lost. */
export interface PressPort<Body, Answer> {
  create: (body: Body, key: string) => Promise<Answer>;
  ofOrder: (orderId: string) => Promise<Answer>;
}

/** How often in a row the server must not know the order before it counts as never received. */
const MISSES = 6;

/**
 * One press of a button that sells, from sending to an answer. Never repeats by itself:
 * when the answer is lost it only asks; a repeat is the user's act, under the same
 * key and order number, so that it cannot sell twice.
 */
export class SalePress<Body extends Pending, Answer> {
  readonly phase = signal<Phase>({ kind: 'form' });
  #kind: PendingKind;
  #port: PressPort<Body, Answer>;
  #onAnswer: (answer: Answer) => void;
  #key = new PressKey();
  #body: Body | null = null;
  #abort = new AbortController();

  constructor(kind: PendingKind, port: PressPort<Body, Answer>, onAnswer: (answer: Answer) => void) {
    this.#kind = kind;
    this.#port = port;
    this.#onAnswer = onAnswer;
  }

  /** The idempotency key of the present press. */
  get key(): string {
    return this.#key.value;
  }

  /** Goes with the sale until its final answer. */
  get orderId(): string {
    return orderIdOf(this.#key.value);
  }

  /** Whether leaving now would lose sight of money. */
  get busy(): boolean {
    return this.phase.value.kind === 'sending' || this.phase.value.kind === 'checking';
  }

  /** Sends the sale; its orderId must be this press's. */
  async send(body: Body): Promise<void> {
    if (this.busy) return;
    this.#body = body;
    await this.#post(body);
  }

  /** The user's act after lost: the same once more, under the same key. */
  async sendAgain(): Promise<void> {
    if (this.phase.value.kind === 'lost' && this.#body) await this.#post(this.#body);
  }

  /** Follows up a press that a reload interrupted. Gives false when there is none. */
  resume(): boolean {
    const pending = readPending(this.#kind);
    if (!pending || this.busy) return false;
    void this.#check(pending.orderId);
    return true;
  }

  /** Gives the press up after lost, and forgets what it held. */
  drop(): void {
    this.#settle();
    this.phase.value = { kind: 'form' };
  }

  /**
   * Gives the press away, to be sent later under its own key: this one asks no more, and
   * the next sale is another.
   */
  handOver(): string {
    const key = this.#key.value;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#settle();
    this.phase.value = { kind: 'form' };
    return key;
  }

  /** The page is gone: stops asking. */
  stop(): void {
    this.#abort.abort();
    this.#body = null;
  }

  async #post(body: Body): Promise<void> {
    this.phase.value = { kind: 'sending' };
    writePending({ orderId: body.orderId, amount: body.amount }, this.#kind);
    try {
      this.#answer(await this.#port.create(body, this.#key.value));
    } catch (failure) {
      // A conflict is about this very order: what became of it is the answer. One about the
      // swipe says that this order was not begun.
      const conflict = failure instanceof ApiFailure && failure.status === 409 && failure.code !== 'SWIPE_USED';
      if (conflict || outcomeOpen(failure)) {
        await this.#check(body.orderId);
        return;
      }
      writePending(null, this.#kind);
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
      writePending(null, this.#kind);
      this.phase.value = { kind: 'lost', canRepeat: this.#body !== null };
    }
  }

  #answer(answer: Answer): void {
    this.#settle();
    this.phase.value = { kind: 'form' };
    this.#onAnswer(answer);
  }

  #settle(): void {
    writePending(null, this.#kind);
    this.#body = null;
    this.#key.settle();
  }
}
