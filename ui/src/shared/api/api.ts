import type { EncryptedFormat } from '../devices/reader';
import { ask, client, take } from './client';
import type { CancelRequest, Category, Installments, Merchant, OwnSessions, Payment, PaymentQuery, PaymentRequest, Product, Session, Settings, Signature, StaffMember, StaffRights, Summary, Timeline } from './types';

type Abort = AbortSignal | undefined;
const aborted = (signal: Abort): { signal?: AbortSignal } => (signal ? { signal } : {});

export interface Page<T> {
  rows: T[];
  /** Opaque; absent on the last page. */
  next?: string;
}

export const sessions = {
  open: (body: { loginId: string; password: string; totpCode?: string }): Promise<Session> => take(client.POST('/v1/sessions', { body })),
  current: (): Promise<Session> => take(client.GET('/v1/sessions/current')),
  own: (signal?: Abort): Promise<OwnSessions> => take(client.GET('/v1/sessions', aborted(signal))),
  end: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/sessions/{id}', { params: { path: { id } } }))),
  endOthers: async (): Promise<void> => void (await take(client.DELETE('/v1/sessions'))),
  changePassword: async (presentPassword: string, password: string): Promise<void> => void (await take(client.PUT('/v1/password', { body: { presentPassword, password } }))),
  close: async (): Promise<void> => void (await take(client.DELETE('/v1/sessions/current'))),
};

export const merchants = {
  own: (): Promise<Merchant> => take(client.GET('/v1/merchant')),
  staff: async (): Promise<StaffMember[]> => (await take(client.GET('/v1/staff'))).staff,
  /** What one of the staff may do, on top of what was read. */
  setRights: ({ id, version = 0 }: StaffMember, rights: StaffRights): Promise<StaffMember> => take(client.PUT('/v1/staff/{id}/permissions', { params: { path: { id } }, body: { ...rights, version } })),
  settings: (): Promise<Settings> => take(client.GET('/v1/settings')),
  /** bin: the first six digits of the card, which may be shown, or nothing. */
  installments: (amount: number, bin: string, signal?: Abort): Promise<Installments> =>
    take(client.GET('/v1/installments', { params: { query: { amount, ...(bin ? { bin } : {}) } }, ...aborted(signal) })),
  saveSettings: (body: Settings): Promise<Settings> => take(client.PUT('/v1/settings', { body })),
};

export const catalog = {
  products: async (): Promise<Product[]> => {
    const all: Product[] = [];
    let cursor: string | undefined;
    // A shop with more than 2,000 products needs a search on the server, not a longer list.
    for (let page = 0; page < 10; page++) {
      const { products, nextCursor } = await take(client.GET('/v1/products', { params: { query: { limit: 200, ...(cursor ? { cursor } : {}) } } }));
      all.push(...products);
      if (!nextCursor) break;
      cursor = nextCursor;
    }
    return all;
  },
  /** Whether the shop sells anything by name. */
  any: async (signal?: Abort): Promise<boolean> => (await take(client.GET('/v1/products', { params: { query: { limit: 1 } }, ...aborted(signal) }))).products.length > 0,
  /** The product a barcode belongs to, as the server knows it now. */
  ofBarcode: async (barcode: string): Promise<Product | undefined> => (await take(client.GET('/v1/products', { params: { query: { barcode, limit: 1 } } }))).products[0],
  categories: async (): Promise<Category[]> => (await take(client.GET('/v1/categories'))).categories,
};

export const payments = {
  list: async (query: PaymentQuery, cursor: string | undefined, limit: number, signal?: Abort): Promise<Page<Payment>> => {
    const { payments: rows, nextCursor } = await take(
      client.GET('/v1/payments', { params: { query: { ...query, limit, ...(cursor ? { cursor } : {}) } }, ...aborted(signal) }),
    );
    return nextCursor ? { rows, next: nextCursor } : { rows };
  },
  summary: (query: PaymentQuery, signal?: Abort): Promise<Summary> => take(client.GET('/v1/payments/summary', { params: { query }, ...aborted(signal) })),
  get: (id: string, signal?: Abort): Promise<Payment> => take(client.GET('/v1/payments/{id}', { params: { path: { id } }, ...aborted(signal) })),
  timeline: (id: string, signal?: Abort): Promise<Timeline> => take(client.GET('/v1/payments/{id}/timeline', { params: { path: { id } }, ...aborted(signal) })),
  /** The address of the history as a file, which the browser fetches by itself. */
  exportAddress: (query: PaymentQuery, format: 'xlsx' | 'csv'): string => {
    const text = new URLSearchParams(Object.entries({ ...query, format }).flatMap(([name, value]) => [value].flat().map((each) => [name, String(each)]))).toString();
    return `/v1/payments/export?${text}`;
  },
  ofOrder: (orderId: string): Promise<Payment> => take(client.GET('/v1/payments/orders/{orderId}', { params: { path: { orderId } } })),
  create: (body: PaymentRequest, key: string): Promise<Payment> =>
    take(client.POST('/v1/payments', { params: { header: { 'Idempotency-Key': key } }, body })),
  cancel: (id: string, body: CancelRequest, key: string): Promise<Payment> =>
    take(client.POST('/v1/payments/{id}/cancel', { params: { path: { id }, header: { 'Idempotency-Key': key } }, body })),
  sign: (id: string, body: Signature): Promise<Payment> => take(client.PUT('/v1/payments/{id}/signature', { params: { path: { id } }, body })),
};

/** Devices that are told while the app is closed. */
export const push = {
  key: async (): Promise<string> => (await take(client.GET('/v1/push/key'))).publicKey,
  subscribe: async (body: { endpoint: string; keys: { p256dh: string; auth: string } }): Promise<string> => (await take(client.POST('/v1/push/subscriptions', { body }))).id,
  unsubscribe: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/push/subscriptions/{id}', { params: { path: { id } } }))),
};

/** A card of the simulated acquirer. */
export interface TestCard {
  number: string;
  expiryMonth: string;
  expiryYear: string;
  behaviour: string;
}

/** What only a demo or test installation answers. */
export const simulator = {
  cards: async (signal: AbortSignal): Promise<TestCard[]> => (await ask<{ cards: TestCard[] }>('/simulator/acquirer/cards', signal)).cards,
  /** What an encrypting reader types of a card; with a chip its service code says so. */
  swipe: async (card: string, format: EncryptedFormat, chip: boolean): Promise<string> =>
    (await ask<{ frame: string }>('/simulator/reader/swipe', AbortSignal.timeout(10_000), { card, format, chip })).frame,
};
