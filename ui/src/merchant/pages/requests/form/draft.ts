import { signal } from '@preact/signals';
import type { Item, Payment } from '../../../../shared/api/types';
import type { PayRequest } from '../../../../shared/api/requests';
import { emptyCart } from '../../../cart';
import { clearSale, edit } from '../../card/draft';
import type { Expiry } from './expiry';

const USUAL: Expiry = { kind: 'h24', own: '' };

/** What a request needs beside the sale, which it shares with the card page; outlives a session that ends. */
export const expiry = signal<Expiry>(USUAL);

/** Items of an earlier request that is asked for again: they hold while the amount is theirs. */
export const again = signal<readonly Item[]>([]);

/** A request that was sent leaves an empty form. */
export function clearRequest(): void {
  clearSale();
  again.value = [];
  expiry.value = USUAL;
}

const digits = (phone: string): string => (/^\d+$/.test(phone) ? phone : '');
const shown = (name: string): string => (name.includes('*') ? '' : name);

/** Fills the form with the contents of an ended request; payment has the parts that the request itself lacks. */
export function askAgain(request: PayRequest, payment: Payment | undefined): void {
  emptyCart();
  const serviceFee = payment?.serviceFee ?? 0;
  edit({
    sum: { lines: [], now: request.amount - serviceFee },
    past: [],
    name: request.orderName,
    taxFree: payment?.taxFreeAmount ?? 0,
    serviceFee,
    months: 0,
    buyerName: shown(request.buyer.name ?? ''),
    buyerPhone: digits(request.buyer.phone),
  });
  again.value = payment?.items ?? [];
  expiry.value = USUAL;
}
