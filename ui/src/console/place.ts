import type { Of } from './api';

/** What stands open, as the address writes it: the merchant and what is its. */
export const openKey = ({ merchantId, id }: Of): string => `${merchantId}/${id}`;

/** What an address names, or null when it names nothing. */
export function readKey(text: string): Of | null {
  const [merchantId = '', id = '', rest] = text.split('/');
  return merchantId !== '' && id !== '' && rest === undefined ? { merchantId, id } : null;
}

/** Where a payment stands open. */
export const paymentAddress = (of: Of): string => `/payments?q=${encodeURIComponent(of.id)}&open=${encodeURIComponent(openKey(of))}`;
