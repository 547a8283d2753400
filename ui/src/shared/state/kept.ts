import type { Merchant, Payment, PaymentStatus, Session } from '../api/types';

/** A payment as this device may keep it for times without a network: nothing of the buyer, of the card only its end. */
export interface KeptRow {
  id: string;
  orderName: string;
  status: PaymentStatus;
  channel: Payment['channel'];
  amount: number;
  requestedAt: string;
  last4: string;
}

/** Of the shop, what a cash sale must know: nothing that names anybody. */
export type KeptShop = Pick<Merchant, 'taxType' | 'vatRounding' | 'minimumCardAmount' | 'signatureLimit' | 'simulated' | 'cashReceipts' | 'cashReceiptDuty'>;

/** What is shown while there is no network. */
export interface Kept {
  merchantId: string;
  userName: string;
  /** Absent: no sale can be begun. */
  shop?: KeptShop;
  /** When the rows were read. */
  at: string;
  rows: KeptRow[];
}

const STORE = 'innopay.kept';
/** Where the last view of sales is kept. */
export const SALES = 'innopay.sales';
/** Where prints are kept that were handed to this device and did not come out. */
export const PRINTS = 'innopay.prints';
/** Where carts that wait are kept, each merchant's behind its id: a name typed for one may be a person's. */
export const HELD = 'innopay.held.';
const MOST = 50;

function masked(payment: Payment): KeptRow {
  const { id, orderName, status, channel, amount, requestedAt, card } = payment;
  return { id, orderName, status, channel, amount, requestedAt, last4: card?.maskedNumber.slice(-4) ?? '' };
}

function shopOf({ taxType, vatRounding, minimumCardAmount, signatureLimit, simulated, cashReceipts, cashReceiptDuty }: Merchant): KeptShop {
  return { taxType, vatRounding, minimumCardAmount, signatureLimit, simulated, cashReceipts, cashReceiptDuty };
}

/** Keeps the newest payments of the merchant, masked, until log-out. */
export function keepRows(session: Session, rows: readonly Payment[], now: Date, own: Merchant | null = null): void {
  if (!session.merchantId) return;
  const shop = own ? { shop: shopOf(own) } : {};
  const kept: Kept = { merchantId: session.merchantId, userName: session.user.name, ...shop, at: now.toISOString(), rows: rows.slice(0, MOST).map(masked) };
  try {
    localStorage.setItem(STORE, JSON.stringify(kept));
  } catch {
    // Without storage there is nothing to show offline.
  }
}

/** What was kept, or null. */
export function readKept(): Kept | null {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? 'null') as Kept | null;
    return kept && Array.isArray(kept.rows) && (kept.rows.length > 0 || kept.shop) ? kept : null;
  } catch {
    return null;
  }
}

/** Forgets what was kept, carts that wait too: at log-out, and when somebody else logs in. */
export function forgetKept(): void {
  try {
    const held = Array.from({ length: localStorage.length }, (_, at) => localStorage.key(at) ?? '').filter((key) => key.startsWith(HELD));
    for (const key of [STORE, SALES, PRINTS, ...held]) localStorage.removeItem(key);
  } catch {
    // Nothing was kept either.
  }
}
