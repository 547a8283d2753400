import { computed, signal } from '@preact/signals';
import { cart, cartTaxFree, cartTotal, emptyCart } from '../../cart';

/** What is being sold, without anything of the card: survives going back and a declined card. */
export interface Draft {
  /** Typed on the keypad; the cart's total counts instead while something is chosen. */
  amount: number;
  name: string;
  /** Tax-free part typed by a MIXED merchant. */
  taxFree: number;
  months: number;
  buyerName: string;
  buyerPhone: string;
}

const EMPTY: Draft = { amount: 0, name: '', taxFree: 0, months: 0, buyerName: '', buyerPhone: '' };

export const draft = signal<Draft>(EMPTY);

export function edit(change: Partial<Draft>): void {
  draft.value = { ...draft.value, ...change };
}

/** The amount to pay. */
export const amount = computed(() => (cart.value.length > 0 ? cartTotal.value : draft.value.amount));

/** The tax-free part before the merchant's tax type is applied. */
export const chosenTaxFree = computed(() => (cart.value.length > 0 ? cartTaxFree.value : draft.value.taxFree));

/** A paid sale leaves an empty form. */
export function clearSale(): void {
  draft.value = EMPTY;
  emptyCart();
}
