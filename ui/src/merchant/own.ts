import { signal } from '@preact/signals';
import { merchants } from '../shared/api/api';
import type { Merchant } from '../shared/api/types';

/** The logged-in merchant, once fetched: what the payment form must ask and how VAT is rounded. */
export const ownMerchant = signal<Merchant | null>(null);

/** The merchant from memory, or from the server the first time. */
export async function loadMerchant(): Promise<Merchant> {
  ownMerchant.value ??= await merchants.own();
  return ownMerchant.value;
}
