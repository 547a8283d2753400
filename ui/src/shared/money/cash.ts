import { MAX_AMOUNT } from './money';

/** The notes a buyer hands over, in won. */
export const BILLS: readonly number[] = [1_000, 5_000, 10_000, 50_000];

/** What was handed over: counted note by note or typed, or exactly the price. */
export type Handed = { kind: 'exact' } | { kind: 'counted'; won: number };

export const EXACT: Handed = { kind: 'exact' };

/** How much lies on the counter for a price. */
export function receivedOf(handed: Handed, price: number): number {
  return handed.kind === 'exact' ? price : handed.won;
}

/** One note more. Counting starts at nothing: exactly the price is no note on the counter. */
export function addBill(handed: Handed, bill: number): Handed {
  const before = handed.kind === 'exact' ? 0 : handed.won;
  return before + bill > MAX_AMOUNT ? handed : { kind: 'counted', won: before + bill };
}

/** What goes back to the buyer; below zero is what is still to come. */
export function changeOf(handed: Handed, price: number): number {
  return receivedOf(handed, price) - price;
}
