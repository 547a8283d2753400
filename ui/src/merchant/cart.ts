import { computed, signal } from '@preact/signals';
import type { Product } from '../shared/api/types';

export interface CartLine {
  product: Product;
  quantity: number;
}

/** The most of one product in one payment. */
const MAX_QUANTITY = 999;

/** What was chosen in the product view, in the order of choosing; lives until paid, emptied or closed. */
export const cart = signal<readonly CartLine[]>([]);

export const cartTotal = computed(() => cart.value.reduce((sum, line) => sum + line.product.price * line.quantity, 0));
export const cartCount = computed(() => cart.value.reduce((sum, line) => sum + line.quantity, 0));

/** Sum of the lines that carry no tax. */
export const cartTaxFree = computed(() => cart.value.reduce((sum, line) => sum + (line.product.taxFree ? line.product.price * line.quantity : 0), 0));

/** How many of a product are chosen. */
export function quantityOf(productId: string): number {
  return cart.value.find((line) => line.product.id === productId)?.quantity ?? 0;
}

/** Adds by (negative: takes away) of a product; none left drops the line. */
export function change(product: Product, by: number): void {
  const quantity = Math.min(quantityOf(product.id) + by, MAX_QUANTITY);
  const others = cart.value.filter((line) => line.product.id !== product.id);
  if (quantity <= 0) cart.value = others;
  else if (others.length === cart.value.length) cart.value = [...others, { product, quantity }];
  else cart.value = cart.value.map((line) => (line.product.id === product.id ? { product, quantity } : line));
}

export function emptyCart(): void {
  cart.value = [];
}
