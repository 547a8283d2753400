import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { FileFormat } from '../shared/api/exchange';
import type { components, operations } from '../shared/api/schema';
import type { Of } from './api';

type Schemas = components['schemas'];
type Cursor = string | undefined;
const from = (cursor: Cursor): { cursor?: string } => (cursor ? { cursor } : {});
const page = <T>(rows: T[], next: Cursor): Page<T> => (next ? { rows, next } : { rows });

export type Notice = Schemas['OperatorNotice'];
export type NoticeDraft = Schemas['NoticeRequest'];
export type InterestFree = Schemas['InterestFreeEvent'];
export type InterestFreeDraft = Schemas['InterestFreeRequest'];
export type ImportReport = Schemas['InterestFreeReport'];
export type Ticket = Schemas['Ticket'];
export type TermsVersion = Schemas['TermsVersion'];
export type TermsKind = TermsVersion['kind'];
export type TermsLine = Schemas['TermsLine'];
export type TermsPublication = Schemas['TermsPublication'];

/** What merchants are told. */
export const notices = {
  list: async (cursor: Cursor, signal?: AbortSignal): Promise<Page<Notice>> => {
    const { notices: rows, nextCursor } = await take(client.GET('/v1/operator/notices', { params: { query: from(cursor) }, ...(signal ? { signal } : {}) }));
    return page(rows, nextCursor);
  },
  write: (body: NoticeDraft): Promise<Notice> => take(client.POST('/v1/operator/notices', { body })),
  edit: (id: string, body: NoticeDraft & { version: number }): Promise<Notice> => take(client.PUT('/v1/operator/notices/{id}', { params: { path: { id } }, body })),
  withdraw: async (id: string, reason: string): Promise<void> => void (await take(client.DELETE('/v1/operator/notices/{id}', { params: { path: { id }, query: { reason } } }))),
};

const scope = (merchantId: string): { merchantId?: string } => (merchantId ? { merchantId } : {});
const address = (path: string, query: Record<string, string>): string => `${path}?${new URLSearchParams(query)}`;

/** Interest-free events, of one merchant where its id is given and otherwise of all. */
export const interestFree = {
  list: async (merchantId: string, signal: AbortSignal): Promise<InterestFree[]> =>
    (await take(client.GET('/v1/operator/interest-free', { params: { query: scope(merchantId) }, signal }))).events,
  add: (body: InterestFreeDraft): Promise<InterestFree> => take(client.POST('/v1/operator/interest-free', { body })),
  remove: async (id: string, merchantId: string, reason: string): Promise<void> =>
    void (await take(client.DELETE('/v1/operator/interest-free/{id}', { params: { path: { id }, query: { reason, ...scope(merchantId) } } }))),
  /** dryRun: nothing changes; partial: the good rows are taken although others are bad. */
  send: (file: Blob, query: { format: FileFormat; dryRun: boolean; partial: boolean; merchantId: string }): Promise<ImportReport> => {
    const { merchantId, ...rest } = query;
    return take(
      client.POST('/v1/operator/interest-free/import', {
        params: { query: { ...rest, ...scope(merchantId) } },
        body: file as unknown as string,
        bodySerializer: (body) => body,
        headers: { 'Content-Type': 'application/octet-stream' },
      }),
    );
  },
  /** Addresses of files, which the browser fetches by itself. */
  exportAddress: (merchantId: string): string => address('/v1/operator/interest-free/export', { format: 'xlsx', ...scope(merchantId) }),
  templateAddress: address('/v1/operator/interest-free/export', { format: 'xlsx', template: 'true' }),
};

const of = (path: Of): { params: { path: Of } } => ({ params: { path } });

/** What merchants ask. */
export const tickets = {
  list: async (status: Ticket['status'] | undefined, cursor: Cursor, signal: AbortSignal): Promise<Page<Ticket>> => {
    const query: operations['listAllTickets']['parameters']['query'] = { ...from(cursor), ...(status ? { status } : {}) };
    const { tickets: rows, nextCursor } = await take(client.GET('/v1/operator/tickets', { params: { query }, signal }));
    return page(rows, nextCursor);
  },
  get: (path: Of, signal: AbortSignal): Promise<Ticket> => take(client.GET('/v1/operator/tickets/{merchantId}/{id}', { ...of(path), signal })),
  answer: (path: Of, text: string): Promise<Ticket> => take(client.POST('/v1/operator/tickets/{merchantId}/{id}/messages', { ...of(path), body: { text } })),
  close: (path: Of): Promise<Ticket> => take(client.POST('/v1/operator/tickets/{merchantId}/{id}/close', of(path))),
  /** operatorId: empty for nobody. */
  assign: (path: Of, operatorId: string): Promise<Ticket> =>
    take(client.POST('/v1/operator/tickets/{merchantId}/{id}/assignee', { ...of(path), body: operatorId ? { operatorId } : {} })),
};

/** What people agree to. */
export const terms = {
  list: async (signal: AbortSignal): Promise<TermsVersion[]> => (await take(client.GET('/v1/operator/terms', { signal }))).terms,
  get: (kind: TermsKind, version: number, signal: AbortSignal): Promise<TermsVersion> =>
    take(client.GET('/v1/operator/terms/{kind}/versions/{version}', { params: { path: { kind, version } }, signal })),
  diff: async (kind: TermsKind, before: number, after: number, signal: AbortSignal): Promise<TermsLine[]> =>
    (await take(client.GET('/v1/operator/terms/{kind}/diff', { params: { path: { kind }, query: { from: before, to: after } }, signal }))).lines,
  /** What a text that is not published would change in a version. */
  compare: async (kind: TermsKind, before: number, body: string): Promise<TermsLine[]> =>
    (await take(client.POST('/v1/operator/terms/{kind}/diff', { params: { path: { kind } }, body: { from: before, body } }))).lines,
  publish: (body: TermsPublication): Promise<TermsVersion> => take(client.POST('/v1/operator/terms', { body })),
};
