/** A press whose answer is not known yet. Holds nothing of the card. */
export interface Pending {
  orderId: string;
  amount: number;
}

const STORE = 'innopay.pending';

/** The press that was under way when the page was reloaded; null when there is none. */
export function readPending(): Pending | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(STORE) ?? 'null') as Partial<Pending> | null;
    if (typeof value?.orderId !== 'string' || typeof value.amount !== 'number') return null;
    return { orderId: value.orderId, amount: value.amount };
  } catch {
    return null;
  }
}

/** Keeps the press for a reload of this tab; null forgets it. */
export function writePending(pending: Pending | null): void {
  try {
    if (pending) sessionStorage.setItem(STORE, JSON.stringify(pending));
    else sessionStorage.removeItem(STORE);
  } catch {
    // Without storage a reload loses the screen, never the payment: the history has it.
  }
}
