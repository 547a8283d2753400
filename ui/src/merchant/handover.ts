import type { PayRequest } from '../shared/api/requests';
import type { Payment } from '../shared/api/types';

let latest: Payment | null = null;
let latestRequest: PayRequest | null = null;

/** Gives a payment just answered to the screen that shows it, so that nothing flickers. */
export function handOver(payment: Payment): void {
  latest = payment;
}

/** The payment handed over, when it is the one asked for. */
export function handedOver(id: string): Payment | undefined {
  return latest?.id === id ? latest : undefined;
}

/** The same for a request, which changes while nobody looks: it is taken once. */
export function handOverRequest(request: PayRequest): void {
  latestRequest = request;
}

/** Takes the request handed over, when it is the one asked for. */
export function takeRequest(id: string): PayRequest | undefined {
  const taken = latestRequest?.id === id ? latestRequest : undefined;
  latestRequest = null;
  return taken;
}
