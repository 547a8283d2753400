import { computed, signal } from '@preact/signals';
import type { Product } from '../shared/api/types';
import { MAX_AMOUNT } from '../shared/money/money';

/** Taken off a whole line: won as typed, or a percentage that follows the quantity. */
export interface Discount {
  kind: 'won' | 'percent';
  /** 1 and more; at most 100 for a percentage. */
  value: number;
}

export interface CartLine {
  product: Product;
  quantity: number;
  discount?: Discount;
  /** What the seller notes on the line; goes to the slip inside the item's name. */
  memo?: string;
}

/** Why nothing more of a product can be chosen. */
export type Refusal = 'soldOut' | 'stock' | 'quantity' | 'lines' | 'amount';

/** The most of one product in one payment. */
const MAX_QUANTITY = 999;
/** The most lines of one payment; the server takes no more. */
const MAX_LINES = 200;
/** The longest name of an item, in characters. */
const MAX_NAME = 100;
const MAX_MEMO = 50;

/** What was chosen in the product view, in the order of choosing. */
export const cart = signal<readonly CartLine[]>([]);

/** The price of a line before its discount. */
export function lineSum(line: CartLine): number {
  return line.product.price * line.quantity;
}

/** The discount of a line in won: never below 0 nor more than the line. A share of a won is the seller's. */
export function lineDiscount(line: CartLine): number {
  if (!line.discount) return 0;
  const { kind, value } = line.discount;
  const won = kind === 'won' ? value : Math.floor((lineSum(line) * value) / 100);
  return Math.max(0, Math.min(Math.trunc(won), lineSum(line)));
}

/** What a line costs. */
export function lineTotal(line: CartLine): number {
  return lineSum(line) - lineDiscount(line);
}

/**
 * A line's name on the slip. The API knows no memo of an item, so it stands in brackets
 * behind the product's name; both together keep to the longest name the API takes.
 */
export function itemName(line: CartLine): string {
  const memo = [...(line.memo ?? '')].slice(0, memoRoom(line.product)).join('').trim();
  return memo ? `${line.product.name} (${memo})` : line.product.name;
}

/** How long the memo of a product may be; 0 when its name leaves no room. */
export function memoRoom(product: Product): number {
  return Math.max(0, Math.min(MAX_MEMO, MAX_NAME - product.name.length - 3));
}

export const cartTotal = computed(() => cart.value.reduce((sum, line) => sum + lineTotal(line), 0));
export const cartCount = computed(() => cart.value.reduce((sum, line) => sum + line.quantity, 0));

/** Sum of the lines that carry no tax. */
export const cartTaxFree = computed(() => cart.value.reduce((sum, line) => sum + (line.product.taxFree ? lineTotal(line) : 0), 0));

/** By product id, so that a screen of many products asks quickly. */
const quantities = computed(() => new Map(cart.value.map((line) => [line.product.id, line.quantity])));

/** How many of a product are chosen. */
export function quantityOf(productId: string): number {
  return quantities.value.get(productId) ?? 0;
}

/** How many of a product can be chosen at all: none when sold out, what is in stock where it is counted. */
export function limitOf(product: Product): number {
  if (product.soldOut) return 0;
  return Math.max(0, Math.min(product.stock ?? MAX_QUANTITY, MAX_QUANTITY));
}

function refusal(product: Product, quantity: number): Refusal | undefined {
  const limit = limitOf(product);
  if (limit === 0) return 'soldOut';
  if (quantity > limit) return product.stock === limit ? 'stock' : 'quantity';
  if (quantityOf(product.id) === 0 && cart.value.length >= MAX_LINES) return 'lines';
  if (cartTotal.value + product.price * (quantity - quantityOf(product.id)) > MAX_AMOUNT) return 'amount';
  return undefined;
}

/** Adds by (negative: takes away) of a product; none left drops the line. Says why when it adds nothing. */
export function change(product: Product, by: number): Refusal | undefined {
  const quantity = quantityOf(product.id) + by;
  const refused = by > 0 ? refusal(product, quantity) : undefined;
  if (refused) return refused;
  if (quantity <= 0) cart.value = cart.value.filter((line) => line.product.id !== product.id);
  else if (quantityOf(product.id) === 0) cart.value = [...cart.value, { product, quantity }];
  else cart.value = cart.value.map((line) => (line.product.id === product.id ? { ...line, product, quantity } : line));
  return undefined;
}

/** Sets discount and memo of a line; an empty one takes it away. */
export function note(productId: string, { discount, memo: typed }: { discount?: Discount | undefined; memo: string }): void {
  // Pasted tabs and line ends are refused by the server in a name.
  const memo = typed.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
  cart.value = cart.value.map((line) => {
    if (line.product.id !== productId) return line;
    const { product, quantity } = line;
    return { product, quantity, ...(discount && discount.value > 0 ? { discount } : {}), ...(memo ? { memo } : {}) };
  });
}

/** Takes a line out; gives what puts it back where it was. */
export function removeLine(productId: string): () => void {
  const at = cart.value.findIndex((line) => line.product.id === productId);
  const line = cart.value[at];
  if (!line) return () => undefined;
  cart.value = cart.value.filter((each) => each !== line);
  return () => {
    // Chosen again meanwhile: that choice stands.
    if (quantityOf(productId) === 0) cart.value = cart.value.toSpliced(at, 0, line);
  };
}

export function emptyCart(): void {
  cart.value = [];
}

/** Empties the cart; gives what brings the lines back, in front of what was chosen meanwhile. */
export function clearCart(): () => void {
  const before = cart.value;
  emptyCart();
  return () => {
    cart.value = [...before, ...cart.value.filter((line) => !before.some((old) => old.product.id === line.product.id))];
  };
}
