import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Product } from '../src/shared/api/types';

const api = vi.hoisted(() => ({ products: vi.fn(), categories: vi.fn(), get: vi.fn() }));
vi.mock('../src/shared/api/api', async (original) => ({ ...(await original<object>()), catalog: { products: api.products, categories: api.categories } }));
vi.mock('../src/shared/api/goods', async (original) => ({ ...(await original<object>()), goods: { get: api.get } }));

const { ApiFailure } = await import('../src/shared/api/failure');
const { Live } = await import('../src/shared/state/live');
const { followShelf, shelf } = await import('../src/merchant/shelf');

const tea = { id: 'prd_tea', name: '홍차', price: 4000, stock: 3 } as Product;
const milk = { id: 'prd_milk', name: '우유', price: 3000 } as Product;

/** The catalogue event of a server, told to the app. */
let says: (productIds: string[]) => Promise<void>;
let stop: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  const heard = new Map<string, (event: unknown) => void>();
  const source = { addEventListener: (type: string, hear: (event: unknown) => void) => heard.set(type, hear), close: () => undefined };
  const stream = new Live(() => source as unknown as EventSource);
  stream.start();
  says = async (productIds) => {
    heard.get('catalog')?.({ lastEventId: 'evt_1', data: JSON.stringify({ type: 'catalog.changed', productIds }) });
    await vi.advanceTimersByTimeAsync(500);
  };
  stop = followShelf();
  shelf.value = { products: [tea, milk], categories: [] };
  for (const each of Object.values(api)) each.mockReset();
  api.categories.mockResolvedValue([]);
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('a product that another device sold out shows so, in its place, and nothing else is read', async () => {
  api.get.mockResolvedValue({ ...tea, stock: 0 });
  await says(['prd_tea']);
  expect(shelf.value?.products.map(({ id, stock }) => [id, stock])).toEqual([['prd_tea', 0], ['prd_milk', undefined]]);
  expect([api.get.mock.calls.length, api.products.mock.calls.length]).toEqual([1, 0]);
});

test('a product that is gone leaves the shelf', async () => {
  api.get.mockRejectedValue(new ApiFailure(404, undefined, 0));
  await says(['prd_milk']);
  expect(shelf.value?.products.map(({ id }) => id)).toEqual(['prd_tea']);
});

test('a new product, or a change without names, reads the whole catalogue', async () => {
  api.products.mockResolvedValue([milk]);
  await says(['prd_new']);
  expect(shelf.value?.products).toEqual([milk]);
  api.products.mockResolvedValue([tea]);
  await says([]);
  expect(shelf.value?.products).toEqual([tea]);
  expect(api.get.mock.calls.length).toBe(0);
});

test('a device that has not looked at products reads none, and no answer leaves the shelf', async () => {
  shelf.value = null;
  await says(['prd_tea']);
  expect(api.get.mock.calls.length + api.products.mock.calls.length).toBe(0);
  shelf.value = { products: [tea], categories: [] };
  api.get.mockRejectedValue(new TypeError('no network'));
  await says(['prd_tea']);
  expect(shelf.value?.products).toEqual([tea]);
});
