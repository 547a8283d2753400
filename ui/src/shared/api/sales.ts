import { client, take } from './client';
import type { Print } from './printers';
import type { components } from './schema';

type Schemas = components['schemas'];

export type SalesSum = Schemas['SalesSum'];
export type SalesLine = Schemas['SalesLine'];
export type SalesReport = Schemas['SalesReport'];
export type Grouping = SalesReport['by'];
export type Closing = Schemas['Closing'];
export type DayState = Schemas['DayState'];
export type Pieces = Schemas['Pieces'];
export type ClosingRequest = Schemas['ClosingRequest'];
export type Settlement = Schemas['Settlement'];
export type SettlementSum = Schemas['SettlementSum'];
export type SettlementList = Schemas['SettlementList'];

/** A range of Korean business days, both included. */
export interface Days {
  from: string;
  to: string;
}

const aborted = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {});
const keyed = (day: string, key: string): { path: { day: string }; header: { 'Idempotency-Key': string } } => ({ path: { day }, header: { 'Idempotency-Key': key } });

export const sales = {
  report: (days: Days, by: Grouping, signal?: AbortSignal): Promise<SalesReport> => take(client.GET('/v1/sales', { params: { query: { ...days, by } }, ...aborted(signal) })),
  settlements: (days: Days, signal?: AbortSignal): Promise<SettlementList> => take(client.GET('/v1/settlements', { params: { query: days }, ...aborted(signal) })),
};

export const closings = {
  list: async (days: Days, signal?: AbortSignal): Promise<Closing[]> => (await take(client.GET('/v1/closings', { params: { query: days }, ...aborted(signal) }))).closings,
  day: (day: string, signal?: AbortSignal): Promise<DayState> => take(client.GET('/v1/closings/{day}', { params: { path: { day } }, ...aborted(signal) })),
  close: (body: ClosingRequest, key: string): Promise<Closing> => take(client.POST('/v1/closings', { params: { header: { 'Idempotency-Key': key } }, body })),
  reopen: (day: string, reason: string): Promise<Closing> => take(client.POST('/v1/closings/{day}/reopen', { params: { path: { day } }, body: { reason } })),
  print: (day: string, body: Schemas['PrintRequest'], key: string): Promise<Print> => take(client.POST('/v1/closings/{day}/prints', { params: keyed(day, key), body })),
  documentAddress: (day: string, locale: string): string => `/v1/closings/${encodeURIComponent(day)}/document?locale=${locale}`,
};

/** The address of a range as a file, which the browser fetches by itself. */
export function exportAddress(what: 'sales' | 'settlements', days: Days, format: 'xlsx' | 'csv', by?: Grouping): string {
  return `/v1/${what}/export?${new URLSearchParams({ ...days, format, ...(by ? { by } : {}) }).toString()}`;
}
