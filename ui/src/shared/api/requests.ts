import { client, take } from './client';
import type { Page } from './api';

import type { components } from './schema';

type Schemas = components['schemas'];

/** The buyer of a request always has a phone. */
export type Buyer = Schemas['Buyer'] & { phone: string };
/** A payment that a buyer was asked for. */
export type PayRequest = Omit<Schemas['Request'], 'buyer'> & { buyer: Buyer };
export type RequestStatus = PayRequest['status'];
export type MessageStatus = Schemas['RequestMessage']['status'];
/** The body of POST /v1/payment-requests. */
export type RequestBody = Schemas['RequestRequest'];
/** The text a buyer would get. */
export type Preview = Schemas['Preview'];

/** Still to be paid: what the merchant may act on. */
export const OPEN: readonly RequestStatus[] = ['SENDING', 'SENT', 'UNDELIVERED', 'IN_CALL', 'PAYING'];
export const ENDED: readonly RequestStatus[] = ['PAID', 'FAILED', 'EXPIRED', 'WITHDRAWN'];

export const isEnded = (request: PayRequest): boolean => ENDED.includes(request.status);

/** The answer with the buyer that every request has. */
const sure = async (asked: Promise<Schemas['Request']>): Promise<PayRequest> => (await asked) as PayRequest;

async function list(status: readonly RequestStatus[], cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<Page<PayRequest>> {
  const query = { ...(status.length > 0 ? { status: [...status] } : {}), limit, ...(cursor ? { cursor } : {}) };
  const { paymentRequests, nextCursor: next } = await take(client.GET('/v1/payment-requests', { params: { query }, ...(signal ? { signal } : {}) }));
  const rows = paymentRequests as PayRequest[];
  return next ? { rows, next } : { rows };
}

export const requests = {
  list,
  create: (body: RequestBody, key: string): Promise<PayRequest> => sure(take(client.POST('/v1/payment-requests', { params: { header: { 'Idempotency-Key': key } }, body }))),
  preview: (body: RequestBody, signal: AbortSignal): Promise<Preview> => take(client.POST('/v1/payment-requests/preview', { body, signal })),
  get: (id: string, signal?: AbortSignal): Promise<PayRequest> => sure(take(client.GET('/v1/payment-requests/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) }))),
  /** Sends the text once more; to another number, which ends the old link. */
  resend: (id: string, phone?: string): Promise<PayRequest> => sure(take(client.POST('/v1/payment-requests/{id}/resend', { params: { path: { id } }, body: phone ? { phone } : {} }))),
  withdraw: (id: string): Promise<PayRequest> => sure(take(client.POST('/v1/payment-requests/{id}/withdraw', { params: { path: { id } }, body: {} }))),
  /** The request that a payment waits for; undefined when it is none. */
  ofPayment: async (paymentId: string, signal?: AbortSignal): Promise<PayRequest | undefined> => {
    const { paymentRequests } = await take(client.GET('/v1/payment-requests', { params: { query: { paymentId, limit: 1 } }, ...(signal ? { signal } : {}) }));
    return paymentRequests[0] as PayRequest | undefined;
  },
};
