import { signal } from '@preact/signals';
import { catalog } from '../shared/api/api';
import type { Category, Product } from '../shared/api/types';
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
