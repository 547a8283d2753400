import type { Payment } from '../shared/api/types';

let latest: Payment | null = null;

/** Gives a payment just answered to the screen that shows it, so that nothing flickers. */
export function handOver(payment: Payment): void {
  latest = payment;
}

/** The payment handed over, when it is the one asked for. */
export function handedOver(id: string): Payment | undefined {
  return latest?.id === id ? latest : undefined;
}
