import type { Page } from './api';
import { client, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type CashReceipt = Schemas['CashReceipt'];
export type CashReceiptStatus = CashReceipt['status'];
export type CashReceiptCancel = Schemas['CashReceiptCancel'];
export type ReceiptKind = CashReceipt['type'];
/** The body of POST /v1/cash-receipts. */
export type IssueBody = Schemas['IssueRequest'];
export type ReasonCode = CashReceiptCancel['reasonCode'];

const path = (id: string): { path: { id: string } } => ({ path: { id } });
const aborted = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {});

/** Whether the office or one of its cancels has yet to answer. */
export function isPending(receipt: CashReceipt): boolean {
  const open = (status: string): boolean => status === 'REQUESTED' || status === 'UNKNOWN';
  return open(receipt.status) || receipt.cancels.some((cancel) => open(cancel.status));
}

export const cashReceipts = {
  /** q: part of a name, or a whole number or its last four; empty for all. */
  list: async (q: string, cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<Page<CashReceipt>> => {
    const { cashReceipts: rows, nextCursor: next } = await take(client.GET('/v1/cash-receipts', { params: { query: { limit, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } }, ...aborted(signal) }));
    return next ? { rows, next } : { rows };
  },
  get: (id: string, signal?: AbortSignal): Promise<CashReceipt> => take(client.GET('/v1/cash-receipts/{id}', { params: path(id), ...aborted(signal) })),
  issue: (body: IssueBody, key: string): Promise<CashReceipt> => take(client.POST('/v1/cash-receipts', { params: { header: { 'Idempotency-Key': key } }, body })),
  cancel: (id: string, reasonCode: ReasonCode, amount: number | undefined, key: string): Promise<CashReceipt> =>
    take(client.POST('/v1/cash-receipts/{id}/cancel', { params: { ...path(id), header: { 'Idempotency-Key': key } }, body: { reasonCode, ...(amount === undefined ? {} : { amount }) } })),
  reissue: (id: string, body: { type: ReceiptKind; identifier?: string }): Promise<CashReceipt> => take(client.POST('/v1/cash-receipts/{id}/reissue', { params: path(id), body })),
};
