import { client, take } from './client';
import type { PaymentRequest as SaleBody } from './types';
import type { Page } from './api';

// Written by hand after the contract's "Payment requests" until the server's own
// description has them; nothing outside this file knows how they are asked.

export type RequestStatus = 'SENDING' | 'SENT' | 'UNDELIVERED' | 'IN_CALL' | 'PAYING' | 'PAID' | 'FAILED' | 'EXPIRED' | 'WITHDRAWN';
export type MessageStatus = 'QUEUED' | 'ACCEPTED' | 'DELIVERED' | 'UNDELIVERED' | 'REJECTED' | 'DROPPED';

export interface Buyer {
  name?: string;
  phone: string;
  email?: string;
}

/** A payment that a buyer was asked for. */
export interface PayRequest {
  id: string;
  kind: 'SMS' | 'ARS';
  status: RequestStatus;
  /** The buyer's page; SMS alone. */
  url?: string;
  /** Where the buyer calls, and what they key in there; ARS alone. */
  arsNumber?: string;
  code?: string;
  paymentId: string;
  orderId: string;
  orderName: string;
  amount: number;
  buyer: Buyer;
  expiresAt: string;
  createdAt: string;
  sentAt?: string;
  /** When a person first saw the page; best effort, nothing depends on it. */
  openedAt?: string;
  tries: number;
  triesLeft: number;
  /** The text that told the buyer last. */
  message?: { status: MessageStatus; kind: 'SMS' | 'LMS' | 'ALIMTALK'; reason?: string; at?: string };
  lastFailure?: { code: string; message: string };
}

/** The body of POST /v1/payment-requests. */
export interface RequestBody extends Pick<SaleBody, 'orderId' | 'orderName' | 'amount' | 'taxFreeAmount' | 'serviceFee' | 'items' | 'installmentMonths'> {
  kind: 'SMS' | 'ARS';
  buyer: Buyer;
  expiresAt?: string;
}

/** The text a buyer would get. */
export interface Preview {
  text: string;
  kind: 'SMS' | 'LMS';
  /** Length in CP949, as carriers count. */
  bytes: number;
  /** The most bytes of its kind. */
  limit: number;
  /** How many characters no phone can show, which become '?'; or which they are. */
  replaced: number | string;
}

/** Still to be paid: what the merchant may act on. */
export const OPEN: readonly RequestStatus[] = ['SENDING', 'SENT', 'UNDELIVERED', 'IN_CALL', 'PAYING'];
export const ENDED: readonly RequestStatus[] = ['PAID', 'FAILED', 'EXPIRED', 'WITHDRAWN'];

export const isEnded = (request: PayRequest): boolean => ENDED.includes(request.status);

type Ask = <T>(path: string, init?: object) => Promise<{ data?: T; error?: unknown; response: Response }>;
/** The app's own transport (session, language, time limits), without the types it lacks. */
const transport = client as unknown as { GET: Ask; POST: Ask };

const one = (id: string): object => ({ path: { id } });
const keyed = (key: string): object => ({ header: { 'Idempotency-Key': key } });
const PATH = '/v1/payment-requests';

/** The most that one page gives, and how many pages are looked through for a payment. */
const MOST = 100;
const PAGES = 10;

async function list(statuses: readonly RequestStatus[], cursor: string | undefined, limit: number, signal?: AbortSignal): Promise<Page<PayRequest>> {
  const query = { ...(statuses.length > 0 ? { status: statuses } : {}), limit, ...(cursor ? { cursor } : {}) };
  const { paymentRequests: rows, nextCursor: next } = await take<{ paymentRequests: PayRequest[]; nextCursor?: string }>(transport.GET(PATH, { params: { query }, signal }));
  return next ? { rows, next } : { rows };
}

export const requests = {
  list,
  create: (body: RequestBody, key: string): Promise<PayRequest> => take(transport.POST(PATH, { params: keyed(key), body })),
  preview: (body: RequestBody, signal: AbortSignal): Promise<Preview> => take(transport.POST(`${PATH}/preview`, { body, signal })),
  get: (id: string, signal?: AbortSignal): Promise<PayRequest> => take(transport.GET(`${PATH}/{id}`, { params: one(id), signal })),
  /** Sends the text once more; to another number, which ends the old link. */
  resend: (id: string, phone?: string): Promise<PayRequest> => take(transport.POST(`${PATH}/{id}/resend`, { params: one(id), body: phone ? { phone } : {} })),
  withdraw: (id: string): Promise<PayRequest> => take(transport.POST(`${PATH}/{id}/withdraw`, { params: one(id), body: {} })),
  /** The request that a payment waits for; undefined when it is none, or long gone. */
  ofPayment: async (paymentId: string, signal?: AbortSignal): Promise<PayRequest | undefined> => {
    let cursor: string | undefined;
    for (let page = 0; page < PAGES; page++) {
      const { rows, next } = await list([], cursor, MOST, signal);
      const found = rows.find((row) => row.paymentId === paymentId);
      if (found || !next) return found;
      cursor = next;
    }
    return undefined;
  },
};
