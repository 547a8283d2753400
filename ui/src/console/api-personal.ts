import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { components } from '../shared/api/schema';
import type { Approval } from './api-merchant';

type Schemas = components['schemas'];

export type Erasure = Schemas['Erasure'];
export type RetentionClass = Schemas['RetentionClass'];
export type BuyerSearch = Schemas['BuyerSearch'];

/** Hands a file to the browser, which saves it. */
function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}

/** What is known of people. */
export const personal = {
  exportBuyer: async (body: BuyerSearch): Promise<void> => save((await take(client.POST('/v1/operator/buyers/export', { body, parseAs: 'blob' }))) as unknown as Blob, 'personal-data.zip'),
  eraseBuyer: (body: BuyerSearch): Promise<Approval> => take(client.POST('/v1/operator/buyers/erase', { body })),
  exportUser: async (merchantId: string, id: string, reason: string): Promise<void> =>
    save((await take(client.POST('/v1/operator/merchants/{merchantId}/users/{id}/personal-data/export', { params: { path: { merchantId, id } }, body: { reason }, parseAs: 'blob' }))) as unknown as Blob, 'personal-data.zip'),
  eraseUser: (merchantId: string, id: string, reason: string): Promise<Approval> =>
    take(client.POST('/v1/operator/merchants/{merchantId}/users/{id}/personal-data/erase', { params: { path: { merchantId, id } }, body: { reason } })),
  erasures: async (cursor: string | undefined, signal: AbortSignal): Promise<Page<Erasure>> => {
    const { erasures: rows, nextCursor: next } = await take(client.GET('/v1/operator/erasures', { params: { query: cursor ? { cursor } : {} }, signal }));
    return next ? { rows, next } : { rows };
  },
  retention: async (dryRun: boolean, signal: AbortSignal): Promise<RetentionClass[]> => (await take(client.GET('/v1/operator/retention', { params: { query: { dryRun } }, signal }))).classes,
};
