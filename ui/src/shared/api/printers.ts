import { client, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

/** A printer of the shop that the server reaches, or that asks the server (Star CloudPRNT). */
export type Printer = Schemas['Printer'];
/** A printer as people describe it. */
export type PrinterBody = Schemas['PrinterRequest'];
export type PrinterList = Schemas['PrinterList'];
/** One printing of a slip; a HANDED one bears its document in base64. */
export type Print = Schemas['Print'];
export type PrintBody = Schemas['PaymentPrintRequest'];
/** What a printer of this device can do. */
export type Described = Pick<Schemas['TestPrintRequest'], 'columns' | 'mode' | 'hangul'>;

const path = (id: string): { path: { id: string } } => ({ path: { id } });
const keyed = (id: string, key: string): { path: { id: string }; header: { 'Idempotency-Key': string } } => ({ path: { id }, header: { 'Idempotency-Key': key } });
const aborted = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {});

export const printers = {
  list: (signal?: AbortSignal): Promise<PrinterList> => take(client.GET('/v1/printers', aborted(signal))),
  add: (body: PrinterBody): Promise<Printer> => take(client.POST('/v1/printers', { body })),
  change: (id: string, body: Schemas['PrinterChange']): Promise<Printer> => take(client.PUT('/v1/printers/{id}', { params: path(id), body })),
  remove: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/printers/{id}', { params: path(id) }))),
  test: (id: string): Promise<Print> => take(client.POST('/v1/printers/{id}/test', { params: path(id) })),
};

export const prints = {
  ofPayment: (id: string, body: PrintBody, key: string): Promise<Print> => take(client.POST('/v1/payments/{id}/prints', { params: keyed(id, key), body })),
  ofCashReceipt: (id: string, body: Schemas['PrintRequest'], key: string): Promise<Print> => take(client.POST('/v1/cash-receipts/{id}/prints', { params: keyed(id, key), body })),
  /** A page that shows what a printer of this device can do, in base64. */
  test: async (body: Schemas['TestPrintRequest']): Promise<string> => (await take(client.POST('/v1/test-prints', { body }))).document,
  /** Nothing of a print that was handed over is on paper: it counts no more. */
  withdraw: (id: string): Promise<Print> => take(client.POST('/v1/prints/{id}/withdraw', { params: path(id) })),
  get: (id: string, signal?: AbortSignal): Promise<Print> => take(client.GET('/v1/prints/{id}', { params: path(id), ...aborted(signal) })),
};
