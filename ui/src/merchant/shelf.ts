import { signal } from '@preact/signals';
import { catalog } from '../shared/api/api';
import { ApiFailure } from '../shared/api/failure';
import { goods } from '../shared/api/goods';
import type { Category, Product } from '../shared/api/types';
import { place } from '../shared/router/router';
import { onWord } from '../shared/state/live';
import { session } from '../shared/state/session';
import { meetCatalogue } from './cart-keep';
import { loadSettings } from './own';

/** What a merchant sells, in the order of the catalogue. */
export interface Shelf {
  products: readonly Product[];
  categories: readonly Category[];
}

/** The catalogue as last read, so that a screen returned to stands at once. */
export const shelf = signal<Shelf | null>(null);

/** Reads the whole catalogue, and holds the cart against it. */
export async function readShelf(): Promise<Shelf> {
  const [products, categories] = await Promise.all([catalog.products(), catalog.categories(), loadSettings()]);
  meetCatalogue(session.value?.merchantId ?? '', products);
  shelf.value = { products, categories };
  return shelf.value;
}

/** Changes that come close together are one reason to read again, in milliseconds. */
const TOGETHER = 300;
/** More products than this are read as the whole catalogue is. */
const FEW = 20;

/** A product as it is now; null when it is gone. */
async function present(id: string): Promise<Product | null> {
  try {
    return await goods.get(id);
  } catch (failure) {
    if (failure instanceof ApiFailure && failure.status === 404) return null;
    throw failure;
  }
}

/** Reads products that are on the shelf again, or the whole catalogue. */
async function refresh(ids: ReadonlySet<string> | null): Promise<void> {
  const known = new Set(shelf.peek()?.products.map(({ id }) => id));
  if (!ids || ids.size > FEW || [...ids].some((id) => !known.has(id))) {
    const [products, categories] = await Promise.all([catalog.products(), catalog.categories()]);
    put({ products, categories });
    return;
  }
  const fresh = new Map(await Promise.all([...ids].map(async (id) => [id, await present(id)] as const)));
  const now = shelf.peek();
  if (!now) return;
  put({ ...now, products: now.products.flatMap((product) => (fresh.has(product.id) ? (fresh.get(product.id) ?? []) : product)) });
}

function put(next: Shelf): void {
  shelf.value = next;
  // What is being paid stays as it was agreed; the cart meets the catalogue where it is looked at.
  if (!place.peek().path.startsWith('/pay/')) meetCatalogue(session.peek()?.merchantId ?? '', next.products);
}

/** Keeps the shelf as other devices, and sales, have made it, once this device has read it at all. */
export function followShelf(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wanted: Set<string> | null = new Set();
  const stop = onWord(({ products }) => {
    if (!products || !shelf.peek()) return;
    wanted = products.length === 0 || !wanted ? null : new Set([...wanted, ...products]);
    clearTimeout(timer);
    timer = setTimeout(() => {
      const ids = wanted;
      wanted = new Set();
      // No answer: the next look at the products asks again.
      void refresh(ids).catch(() => undefined);
    }, TOGETHER);
  });
  return () => {
    clearTimeout(timer);
    stop();
  };
}
