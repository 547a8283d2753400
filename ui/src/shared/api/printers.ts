import type { Columns, HangulSet, TextMode } from '../devices/printer-choice';
import type { Locale } from '../i18n/i18n';
import { client, take } from './client';

/** A printer of the shop that the server reaches, or that asks the server (Star CloudPRNT). */
export interface Printer {
  id: string;
  name: string;
  transport: 'NETWORK' | 'CLOUD_PRNT';
  /** host:port of a NETWORK printer. */
  address?: string;
  /** What is typed into a CLOUD_PRNT printer. */
  pollUrl?: string;
  columns: Columns;
  mode: TextMode;
  hangul: HangulSet;
  drawer: boolean;
  lastSeenAt?: string;
  lastError?: { code: string; message: string };
  version: number;
}

/** A printer as people describe it. */
export type PrinterBody = Pick<Printer, 'name' | 'transport' | 'address' | 'columns' | 'mode' | 'hangul' | 'drawer'>;

/** One printing of a slip. */
export interface Print {
  id: string;
  paymentId?: string;
  /** The slip was printed before: it says so on the paper. */
  copy: boolean;
  number: number;
  status: 'HANDED' | 'QUEUED' | 'PRINTED' | 'FAILED' | 'UNKNOWN';
  /** Base64; of a HANDED print, for a printer of this device. */
  document?: string;
  printerId?: string;
  failure?: { code: string; message: string };
  at: string;
}

/** Which printer a slip is for: one of the server's, or one of this device's, described. */
export type PrintTo = { printerId: string } | { columns: Columns; mode: TextMode; hangul: HangulSet };
export type PrintBody = PrintTo & { locale?: Locale; cancelId?: string; drawer?: boolean };

export interface PrinterList {
  printers: Printer[];
  /** Whether this installation sends to printers in the shop's network. */
  serverPrinting: boolean;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
const loose = client as any;

export const printers = {
  list: (signal?: AbortSignal): Promise<PrinterList> => take(loose.GET('/v1/printers', signal ? { signal } : {})),
  add: (body: PrinterBody): Promise<Printer> => take(loose.POST('/v1/printers', { body })),
  change: (id: string, body: PrinterBody & { version: number }): Promise<Printer> => take(loose.PUT('/v1/printers/{id}', { params: { path: { id } }, body })),
  remove: async (id: string): Promise<void> => void (await take(loose.DELETE('/v1/printers/{id}', { params: { path: { id } } }))),
  test: (id: string): Promise<Print> => take(loose.POST('/v1/printers/{id}/test', { params: { path: { id } }, body: {} })),
};

const keyed = (id: string, key: string) => ({ path: { id }, header: { 'Idempotency-Key': key } });

export const prints = {
  ofPayment: (id: string, body: PrintBody, key: string): Promise<Print> => take(loose.POST('/v1/payments/{id}/prints', { params: keyed(id, key), body })),
  ofCashReceipt: (id: string, body: PrintBody, key: string): Promise<Print> => take(loose.POST('/v1/cash-receipts/{id}/prints', { params: keyed(id, key), body })),
  /** A page that shows what a printer of this device can do. */
  test: async (body: { columns: Columns; mode: TextMode; hangul: HangulSet }): Promise<string> => (await take<{ document: string }>(loose.POST('/v1/test-prints', { body }))).document,
  get: (id: string, signal?: AbortSignal): Promise<Print> => take(loose.GET('/v1/prints/{id}', { params: { path: { id } }, ...(signal ? { signal } : {}) })),
};
