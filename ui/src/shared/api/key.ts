/**
 * The idempotency key and order number of one press of a money button. Made when the
 * form opens; kept over every retry of that press until a final answer is known, so
 * that a repeat can never pay twice.
 */
export class PressKey {
  #make: () => string;
  #key: string;

  /** kept is the key of a press that began before a reload. */
  constructor(make: () => string = randomKey, kept?: string) {
    this.#make = make;
    this.#key = kept ?? make();
  }

  /** The key of the present press. */
  get value(): string {
    return this.#key;
  }

  /** The present press has its final answer: the next one gets a key of its own. */
  settle(): void {
    this.#key = this.#make();
  }
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 128 random bits in 26 characters, safe in headers and order numbers. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(26));
  return Array.from(bytes, (b) => ALPHABET[b & 31]).join('');
}

/** The order number that goes with a press: tells the payment again when its answer was lost. */
export function orderIdOf(key: string): string {
  return `app-${key}`;
}
