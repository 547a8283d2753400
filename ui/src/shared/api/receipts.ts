import { client, take } from './client';
import type { components } from './schema';
import type { Payment } from './types';

type Schemas = components['schemas'];

/** One sending of a receipt, with how far it has come. */
export type SentReceipt = Schemas['SentReceipt'];
export type SendBody = Schemas['ReceiptRequest'];
/** The ways by which the server sends. */
export type SendChannel = SendBody['channel'];

/** Whether nothing about a sending will change any more. */
export const isSettled = (sent: SentReceipt): boolean => sent.status !== 'QUEUED' && sent.status !== 'ACCEPTED';
/** Whether it did not arrive. */
export const hasFailed = (sent: SentReceipt): boolean => sent.status === 'UNDELIVERED' || sent.status === 'REJECTED';

export const receipts = {
  send: (id: string, body: SendBody): Promise<SentReceipt> => take(client.POST('/v1/payments/{id}/receipts', { params: { path: { id } }, body })),
  sent: async (id: string, signal?: AbortSignal): Promise<SentReceipt[]> =>
    (await take(client.GET('/v1/payments/{id}/receipts', { params: { path: { id } }, ...(signal ? { signal } : {}) }))).receipts,
  /** Ends every link that was given out; the payment comes back with a new one. */
  revoke: (id: string): Promise<Payment> => take(client.POST('/v1/payments/{id}/receipts/revoke', { params: { path: { id } }, body: {} })),
};
