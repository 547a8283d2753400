import { client, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

/** What the operator tells, as the reader has it. */
export type OperatorNotice = Schemas['Notice'];
export type NoticeList = Schemas['NoticeList'];
export type Ticket = Schemas['Ticket'];
export type TicketList = Schemas['TicketList'];
export type TicketBody = Schemas['TicketRequest'];
export type WishField = Schemas['TicketWish']['field'];
export type InterestFreeEvent = Schemas['InterestFreeEvent'];
/** What the installation says of itself; what it does not configure is absent. */
export type Brand = Schemas['Brand'];

const path = (id: string): { path: { id: string } } => ({ path: { id } });
const aborted = (signal: AbortSignal | undefined): { signal?: AbortSignal } => (signal ? { signal } : {});
const paged = (cursor: string | undefined): { query: { cursor?: string } } => ({ query: cursor ? { cursor } : {} });

export const notices = {
  list: (cursor?: string, signal?: AbortSignal): Promise<NoticeList> => take(client.GET('/v1/notices', { params: paged(cursor), ...aborted(signal) })),
  read: async (id: string): Promise<void> => void (await take(client.POST('/v1/notices/{id}/read', { params: path(id) }))),
};

export const tickets = {
  list: (cursor?: string, signal?: AbortSignal): Promise<TicketList> => take(client.GET('/v1/tickets', { params: paged(cursor), ...aborted(signal) })),
  get: (id: string, signal?: AbortSignal): Promise<Ticket> => take(client.GET('/v1/tickets/{id}', { params: path(id), ...aborted(signal) })),
  open: (body: TicketBody): Promise<Ticket> => take(client.POST('/v1/tickets', { body })),
  reply: (id: string, text: string): Promise<Ticket> => take(client.POST('/v1/tickets/{id}/messages', { params: path(id), body: { text } })),
  read: async (id: string): Promise<void> => void (await take(client.POST('/v1/tickets/{id}/read', { params: path(id) }))),
};

/** Interest-free events of a month, YYYY-MM. */
export const interestFree = async (month: string, signal?: AbortSignal): Promise<InterestFreeEvent[]> =>
  (await take(client.GET('/v1/interest-free', { params: { query: { month } }, ...aborted(signal) }))).events;

export const brand = (signal?: AbortSignal): Promise<Brand> => take(client.GET('/v1/brand', aborted(signal)));
