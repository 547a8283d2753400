import { computed, signal } from '@preact/signals';
import { EMPTY_SUM, pressSum, totalOf, type Sum, type SumPress } from '../../../shared/money/keypad';
import { cart, cartTaxFree, cartTotal, emptyCart } from '../../cart';

/** What is being sold, without anything of the card: survives going back and a declined card. */
export interface Draft {
  /** Typed on the keypad; the cart's total counts instead while something is chosen. */
  sum: Sum;
  /** The sums before the last presses, newest last. */
  past: readonly Sum[];
  name: string;
  /** Tax-free part typed by a MIXED merchant. */
  taxFree: number;
  /** Comes on top of the price. */
  serviceFee: number;
  months: number;
  buyerName: string;
  buyerPhone: string;
}

const EMPTY: Draft = { sum: EMPTY_SUM, past: [], name: '', taxFree: 0, serviceFee: 0, months: 0, buyerName: '', buyerPhone: '' };

/** How many presses can be undone. */
const MAX_PAST = 100;

export const draft = signal<Draft>(EMPTY);

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
}

/** A press on the keypad, which undo takes back. */
export function pressKey(key: SumPress): void {
  const { sum, past } = draft.value;
  const next = pressSum(sum, key);
  if (next !== sum) edit({ sum: next, past: [...past.slice(1 - MAX_PAST), sum] });
}

/** Takes back the last press, a clear too. */
export function undoKey(): void {
  const { past } = draft.value;
  const before = past.at(-1);
  if (before) edit({ sum: before, past: past.slice(0, -1) });
}

/** What the goods cost, without the service fee. */
export const price = computed(() => (cart.value.length > 0 ? cartTotal.value : totalOf(draft.value.sum)));

/** The amount to pay. A service fee alone is no sale. */
export const amount = computed(() => (price.value > 0 ? price.value + draft.value.serviceFee : 0));

/** The tax-free part before the merchant's tax type is applied. */
export const chosenTaxFree = computed(() => (cart.value.length > 0 ? cartTaxFree.value : draft.value.taxFree));

/** A paid sale leaves an empty form. */
export function clearSale(): void {
  draft.value = EMPTY;
  emptyCart();
}
