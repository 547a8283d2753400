import { client, take } from './client';
import { ApiFailure } from './failure';
import type { Category, Product, ProductBody } from './types';

const at = (id: string): { params: { path: { id: string } } } => ({ params: { path: { id } } });

/** The owner's side of the catalogue: what changes it. */
export const goods = {
  get: (id: string, signal?: AbortSignal): Promise<Product> => take(client.GET('/v1/products/{id}', { ...at(id), ...(signal ? { signal } : {}) })),
  add: (body: ProductBody): Promise<Product> => take(client.POST('/v1/products', { body })),
  save: (id: string, body: ProductBody, version: number): Promise<Product> => take(client.PUT('/v1/products/{id}', { ...at(id), body: { ...body, version } })),
  /**
   * Deletes a product as it was read, or as it is now when only sales and a new order changed it since.
   * leaving: the page is being closed, and the request must outlive it.
   */
  removeUnlessChanged: async (product: Product, leaving: boolean): Promise<void> => {
    const remove = async (version: number): Promise<void> => void (await take(client.DELETE('/v1/products/{id}', { params: { path: { id: product.id }, query: { version } }, keepalive: leaving })));
    try {
      await remove(product.version);
    } catch (failure) {
      // Somebody else deleted it: what was wanted is so.
      if (coded(failure, 'PRODUCT_NOT_FOUND')) return;
      if (!coded(failure, 'CHANGED_MEANWHILE')) throw failure;
      const now = await goods.get(product.id);
      if (!onlySold(product, now)) throw failure;
      await remove(now.version);
    }
  },
  /** Sold out or not, favourite or not, whatever else changed meanwhile. */
  mark: (id: string, marks: { soldOut?: boolean; favourite?: boolean }): Promise<Product> => take(client.POST('/v1/products/{id}/marks', { ...at(id), body: marks })),
  /** Puts these products, in this order, into the places they hold together; all others stay. */
  order: async (ids: readonly string[]): Promise<void> => void (await take(client.PUT('/v1/products/order', { body: { ids: [...ids] } }))),
  setPicture: (id: string, picture: Blob): Promise<Product> =>
    take(client.PUT('/v1/products/{id}/picture', { ...at(id), body: picture as unknown as string, bodySerializer: (body) => body, headers: { 'Content-Type': picture.type } })),
  dropPicture: (id: string): Promise<Product> => take(client.DELETE('/v1/products/{id}/picture', at(id))),
};

/** Whether two readings differ by no more than what sales and a new order change. */
function onlySold(then: Product, now: Product): boolean {
  const rest = (product: Product): string => JSON.stringify(Object.entries({ ...product, stock: 0, available: true, sort: 0, version: 0 }).sort(([a], [b]) => a.localeCompare(b)));
  return rest(then) === rest(now);
}

const coded = (failure: unknown, code: string): boolean => failure instanceof ApiFailure && failure.code === code;

export const groups = {
  add: (name: string, sort: number): Promise<Category> => take(client.POST('/v1/categories', { body: { name, sort } })),
  rename: ({ id, sort, version }: Category, name: string): Promise<Category> => take(client.PUT('/v1/categories/{id}', { ...at(id), body: { name, sort, version } })),
  order: async (ids: readonly string[]): Promise<void> => void (await take(client.PUT('/v1/categories/order', { body: { ids: [...ids] } }))),
  /** Deletes a category; its products stay, without one. leaving: as for a product. */
  remove: async ({ id, version }: Category, leaving: boolean): Promise<void> => {
    try {
      await take(client.DELETE('/v1/categories/{id}', { params: { path: { id }, query: { version } }, keepalive: leaving }));
    } catch (failure) {
      if (!coded(failure, 'CATEGORY_NOT_FOUND')) throw failure;
    }
  },
};
