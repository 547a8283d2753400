import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { components, operations } from '../shared/api/schema';

type Schemas = components['schemas'];
/** The conditions of a list, without where its page begins. */
type Query<O extends keyof operations> = Omit<NonNullable<operations[O]['parameters']['query']>, 'cursor' | 'limit'>;

export type Unsettled = Schemas['Unsettled'];
export type UnsettledDetail = Schemas['UnsettledDetail'];
export type OpenOutcome = Schemas['OpenOutcome'];
export type OpenAct = Schemas['OpenAct'];
export type PaymentRow = Schemas['OperatorPayment'];
export type PaymentDetail = Schemas['OperatorPaymentDetail'];
export type Attempt = Schemas['AttemptView'];
export type Inquiry = Schemas['InquiryView'];
export type Receipt = Schemas['OperatorReceipt'];
export type Request = Schemas['OperatorRequest'];
export type Delivery = Schemas['DeliveryView'];
export type AuditRecord = Schemas['AuditRecord'];
export type ChainResult = Schemas['ChainResult'];

type Cursor = string | undefined;
const from = (cursor: Cursor): { cursor?: string } => (cursor ? { cursor } : {});
const page = <T>(rows: T[], next: Cursor): Page<T> => (next ? { rows, next } : { rows });

/** Names something of a merchant's. */
export interface Of {
  merchantId: string;
  id: string;
}

/** Payments of all merchants. */
export const payments = {
  list: async (query: Query<'listOperatorPayments'>, cursor: Cursor, signal: AbortSignal): Promise<Page<PaymentRow>> => {
    const { payments: rows, nextCursor } = await take(client.GET('/v1/operator/payments', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  get: (path: Of, signal: AbortSignal): Promise<PaymentDetail> => take(client.GET('/v1/operator/payments/{merchantId}/{id}', { params: { path }, signal })),
  inquire: (path: Of, reason: string): Promise<Inquiry> => take(client.POST('/v1/operator/payments/{merchantId}/{id}/inquire', { params: { path }, body: { reason } })),
};

/** The unknown desk. */
export const unsettled = {
  list: async (query: Query<'listUnsettled'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Unsettled>> => {
    const { unsettled: rows, nextCursor } = await take(client.GET('/v1/operator/unsettled', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  get: (path: Of, signal: AbortSignal): Promise<UnsettledDetail> => take(client.GET('/v1/operator/unsettled/{merchantId}/{id}', { params: { path }, signal })),
  inquire: (path: Of, reason: string): Promise<Inquiry> => take(client.POST('/v1/operator/unsettled/{merchantId}/{id}/inquire', { params: { path }, body: { reason } })),
  run: async (path: Of, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/unsettled/{merchantId}/{id}/run', { params: { path }, body: { reason } }))),
  resolve: async (path: Of, outcome: 'DONE' | 'ABORTED', reason: string): Promise<void> =>
    void (await take(client.POST('/v1/operator/unsettled/{merchantId}/{id}/resolve', { params: { path }, body: { outcome, reason } }))),
};

/** Cash receipts of all merchants. */
export const receipts = {
  list: async (query: Query<'listOperatorCashReceipts'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Receipt>> => {
    const { cashReceipts: rows, nextCursor } = await take(client.GET('/v1/operator/cash-receipts', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  retry: async (path: Of, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/cash-receipts/{merchantId}/{id}/retry', { params: { path }, body: { reason } }))),
};

/** What is asked of buyers, and what people are told. */
export const deliveries = {
  requests: async (query: Query<'listOperatorPaymentRequests'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Request>> => {
    const { paymentRequests: rows, nextCursor } = await take(client.GET('/v1/operator/payment-requests', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  messages: async (query: Query<'listMessages'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Delivery>> => {
    const { messages: rows, nextCursor } = await take(client.GET('/v1/operator/messages', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  retry: async (path: Of, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/messages/{merchantId}/{id}/retry', { params: { path }, body: { reason } }))),
  cancel: async (path: Of, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/messages/{merchantId}/{id}/cancel', { params: { path }, body: { reason } }))),
};

/** Who did what. */
export const audit = {
  list: async (query: Query<'listAudit'>, cursor: Cursor, signal: AbortSignal): Promise<Page<AuditRecord>> => {
    const { audit: rows, nextCursor } = await take(client.GET('/v1/operator/audit', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  check: (reason: string, start: number): Promise<ChainResult> => take(client.POST('/v1/operator/audit/check', { body: { reason, from: start } })),
  /** The address of the file, which the browser fetches by itself. */
  exportAddress: (query: Query<'listAudit'>, reason: string): string => `/v1/operator/audit/export?${new URLSearchParams({ ...(query as Record<string, string>), reason })}`,
};

export type Health = Schemas['Health'];
export type HealthCheck = Schemas['HealthCheck'];
export type Alarm = Schemas['Alarm'];

export type Volume = Schemas['VolumeReport'];
export type VolumeFigures = Schemas['VolumeFigures'];

/** What was sold and approved over all merchants in the last days, today among them. */
export const volume = (days: number, signal: AbortSignal): Promise<Volume> => take(client.GET('/v1/operator/volume', { params: { query: { days } }, signal }));

/** How the installation does. */
export const health = {
  get: (signal?: AbortSignal): Promise<Health> => take(client.GET('/v1/operator/health', signal ? { signal } : {})),
  alarms: async (query: Query<'listAlarms'>, cursor: Cursor, signal: AbortSignal): Promise<Page<Alarm>> => {
    const { alarms: rows, nextCursor } = await take(client.GET('/v1/operator/alarms', { params: { query: { ...query, ...from(cursor) } }, signal }));
    return page(rows, nextCursor);
  },
  acknowledge: async (id: string, reason: string): Promise<void> => void (await take(client.POST('/v1/operator/alarms/{id}/acknowledge', { params: { path: { id } }, body: { reason } }))),
};
