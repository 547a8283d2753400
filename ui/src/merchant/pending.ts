/** A press whose answer is not known yet. Holds nothing of a card or a buyer. */
export interface Pending {
  orderId: string;
  amount: number;
}

/** What a press asks for: each kind is followed up on its own screen. */
export type PendingKind = 'card' | 'SMS' | 'ARS' | 'cash';

const STORES: Record<PendingKind, string> = { card: 'innopay.pending', SMS: 'innopay.pending.request', ARS: 'innopay.pending.ars', cash: 'innopay.pending.cash' };

/** The press that was under way when the page was reloaded; null when there is none. */
export function readPending(kind: PendingKind = 'card'): Pending | null {
  try {
    const value = JSON.parse(sessionStorage.getItem(STORES[kind]) ?? 'null') as Partial<Pending> | null;
    if (typeof value?.orderId !== 'string' || typeof value.amount !== 'number') return null;
    return { orderId: value.orderId, amount: value.amount };
  } catch {
    return null;
  }
}

/** Keeps the press for a reload of this tab; null forgets it. */
export function writePending(pending: Pending | null, kind: PendingKind = 'card'): void {
  try {
    if (pending) sessionStorage.setItem(STORES[kind], JSON.stringify(pending));
    else sessionStorage.removeItem(STORES[kind]);
  } catch {
    // Without storage a reload loses the screen, never the payment: the history has it.
  }
}
