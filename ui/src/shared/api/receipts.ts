import { client, take } from './client';
import type { components } from './schema';

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

/** Whether an id is that of a cash receipt; otherwise it is a payment's. */
const isCashReceipt = (id: string): boolean => id.startsWith('rcp_');

/** Receipts as they are given out: that of a payment, or a cash receipt by itself, by its id. */
export const receipts = {
  send: (id: string, body: SendBody): Promise<SentReceipt> => {
    const init = { params: { path: { id } }, body };
    return take(isCashReceipt(id) ? client.POST('/v1/cash-receipts/{id}/receipts', init) : client.POST('/v1/payments/{id}/receipts', init));
  },
  sent: async (id: string, signal?: AbortSignal): Promise<SentReceipt[]> => {
    const init = { params: { path: { id } }, ...(signal ? { signal } : {}) };
    return (await take(isCashReceipt(id) ? client.GET('/v1/cash-receipts/{id}/receipts', init) : client.GET('/v1/payments/{id}/receipts', init))).receipts;
  },
  /** Ends every link that was given out, and gives the new one. */
  revoke: async (id: string): Promise<string> => {
    const init = { params: { path: { id } }, body: {} };
    const after = isCashReceipt(id) ? await take(client.POST('/v1/cash-receipts/{id}/receipts/revoke', init)) : await take(client.POST('/v1/payments/{id}/receipts/revoke', init));
    return after.receiptUrl ?? '';
  },
};
