import { client, take } from './client';
import type { components } from './schema';

type Schemas = components['schemas'];

export type ApiKey = Schemas['Key'];
export type SecretKey = Schemas['SecretKey'];
export type Scope = Schemas['KeyRequest']['scopes'][number];
export type Webhook = Schemas['Webhook'];
export type SecretWebhook = Schemas['SecretWebhook'];
export type WebhookEvent = Schemas['WebhookRequest']['events'][number];
export type Delivery = Schemas['Delivery'];
export type DeliveryPage = Schemas['WebhookDeliveryList'];

const path = (id: string): { path: { id: string } } => ({ path: { id } });

export const keys = {
  list: async (signal?: AbortSignal): Promise<ApiKey[]> => (await take(client.GET('/v1/keys', signal ? { signal } : {}))).keys,
  create: (body: Schemas['KeyRequest']): Promise<SecretKey> => take(client.POST('/v1/keys', { body })),
  rotate: (id: string, body: Schemas['KeyRotation']): Promise<SecretKey> => take(client.POST('/v1/keys/{id}/rotate', { params: path(id), body })),
  revoke: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/keys/{id}', { params: path(id) }))),
};

export const webhooks = {
  list: async (signal?: AbortSignal): Promise<Webhook[]> => (await take(client.GET('/v1/webhooks', signal ? { signal } : {}))).webhooks,
  create: (body: Schemas['WebhookRequest']): Promise<SecretWebhook> => take(client.POST('/v1/webhooks', { body })),
  change: (id: string, body: Schemas['WebhookChange']): Promise<Webhook> => take(client.PUT('/v1/webhooks/{id}', { params: path(id), body })),
  remove: async (id: string): Promise<void> => void (await take(client.DELETE('/v1/webhooks/{id}', { params: path(id) }))),
  rotate: (id: string, body: Schemas['WebhookRotation']): Promise<SecretWebhook> => take(client.POST('/v1/webhooks/{id}/rotate', { params: path(id), body })),
  test: (id: string): Promise<Delivery> => take(client.POST('/v1/webhooks/{id}/test', { params: path(id) })),
  /** A page, newest first; cursor is nextCursor of the page before. */
  deliveries: (id: string, cursor?: string, signal?: AbortSignal): Promise<DeliveryPage> =>
    take(client.GET('/v1/webhooks/{id}/deliveries', { params: { ...path(id), query: { limit: 20, ...(cursor ? { cursor } : {}) } }, ...(signal ? { signal } : {}) })),
  resend: (id: string, deliveryId: string): Promise<Delivery> => take(client.POST('/v1/webhooks/{id}/deliveries/{deliveryId}/resend', { params: { path: { id, deliveryId } } })),
};
