import type { Page } from '../shared/api/api';
import { client, take } from '../shared/api/client';
import type { components } from '../shared/api/schema';

type Schemas = components['schemas'];

export type Unsettled = Schemas['Unsettled'];

export const operators = {
  unsettled: async (merchantId: string, signal: AbortSignal): Promise<Page<Unsettled>> => ({
    rows: (await take(client.GET('/v1/operator/unsettled', { params: { query: merchantId ? { merchantId } : {} }, signal }))).unsettled,
  }),
};
