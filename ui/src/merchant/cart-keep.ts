import { effect, signal } from '@preact/signals';
import type { Product } from '../shared/api/types';
import { place } from '../shared/router/router';
import { rights } from '../shared/state/rights';
import { cart, emptyCart, limitOf, type CartLine, type Discount } from './cart';
import { ownSettings } from './own';

/**
 * What a chosen line leaves on this device while the cart is switched on: ids and
 * figures. Names, prices and memos are not kept: the catalogue has the first two, and
 * a memo may be about a person.
 */
export interface Kept {
  id: string;
  quantity: number;
  discount?: Discount;
}

const store = (merchantId: string): string => `innopay.cart.${merchantId}`;

export const count = (value: unknown, most: number): value is number => Number.isSafeInteger(value) && (value as number) > 0 && (value as number) <= most;

function isDiscount(value: unknown): value is Discount {
  const { kind, value: by } = (value ?? {}) as Partial<Discount>;
  return kind === 'percent' ? count(by, 100) : kind === 'won' && count(by, Number.MAX_SAFE_INTEGER);
}

/** The lines in what a device kept; whatever does not look like one is passed over. */
export function keptLines(rows: unknown): Kept[] {
  if (!Array.isArray(rows)) return [];
  return (rows as Partial<Kept>[]).flatMap((row) => {
    if (typeof row?.id !== 'string' || !count(row.quantity, Number.MAX_SAFE_INTEGER)) return [];
    return [{ id: row.id, quantity: row.quantity, ...(isDiscount(row.discount) ? { discount: row.discount } : {}) }];
  });
}

/** What a line leaves on this device. */
export const keptOf = ({ product, quantity, discount }: CartLine): Kept => ({ id: product.id, quantity, ...(discount ? { discount } : {}) });

/** The kept lines of a merchant. */
export function readKept(merchantId: string): Kept[] {
  try {
    return keptLines(JSON.parse(localStorage.getItem(store(merchantId)) ?? '[]'));
  } catch {
    return [];
  }
}

function writeKept(merchantId: string, lines: readonly CartLine[]): void {
  const rows = lines.map(keptOf);
  try {
    if (rows.length > 0) localStorage.setItem(store(merchantId), JSON.stringify(rows));
    else localStorage.removeItem(store(merchantId));
  } catch {
    // Without storage the cart lasts until the page is closed.
  }
}

/** What became of chosen lines when the catalogue was read again. */
export interface Difference {
  /** Lines whose product is sold no more, or sold out. */
  gone: number;
  /** Whether a price or the quantity that is left changed. */
  changed: boolean;
}

/** To be said once on the screens of the cart; null when there is nothing to say. */
export const difference = signal<Difference | null>(null);

/** The merchant whose kept lines are back in the cart: from then on the cart is written. */
const opened = signal('');

/** What is left of a line by today's catalogue. */
export function today(line: Kept | CartLine, product: Product | undefined): CartLine | undefined {
  const quantity = product ? Math.min(line.quantity, limitOf(product)) : 0;
  if (!product || quantity === 0) return undefined;
  const memo = 'memo' in line && line.memo ? { memo: line.memo } : {};
  // A discount given by somebody else on this device is not for one who may give none.
  const discount = line.discount && rights.peek().discount ? { discount: line.discount } : {};
  return { product, quantity, ...discount, ...memo };
}

/**
 * The catalogue was read: kept lines come back into the cart the first time, every
 * line takes today's price, and what cannot be sold any more goes, to be said.
 */
export function meetCatalogue(merchantId: string, products: readonly Product[]): void {
  const byId = new Map(products.map((product) => [product.id, product]));
  const present = cart.peek().map((line) => ({ id: line.product.id, line, price: line.product.price }));
  const back = opened.peek() === merchantId || !ownSettings.peek()?.cart ? [] : readKept(merchantId).filter((kept) => !present.some(({ id }) => id === kept.id));
  let [gone, changed] = [0, false];
  const lines: CartLine[] = [];
  for (const { id, line, price } of [...back.map((kept) => ({ id: kept.id, line: kept, price: undefined })), ...present]) {
    const left = today(line, byId.get(id));
    if (!left) gone += 1;
    else {
      lines.push(left);
      changed ||= left.quantity !== line.quantity || left.discount !== line.discount || (price !== undefined && left.product.price !== price);
    }
  }
  cart.value = lines;
  if (ownSettings.peek()) opened.value = merchantId;
  if (gone > 0 || changed) difference.value = { gone, changed };
}

/** Screens on which a sale goes on: a cart that is switched off lives as long as one of them is open. */
const inSale = (path: string): boolean => path === '/products' || path === '/cart' || path.startsWith('/pay/') || path.endsWith('/result');

/**
 * Follows the cart of a merchant: switched on it is kept on this device until paid or
 * emptied, switched off it ends with the sale. products fetches the catalogue, which is
 * only done when something is kept. Gives the function that stops it.
 */
export function followCart(merchantId: string, products: () => Promise<readonly Product[]>): () => void {
  const stops = [
    effect(() => {
      const settings = ownSettings.value;
      if (!settings || opened.value === merchantId) return;
      if (!settings.cart || readKept(merchantId).length === 0) opened.value = merchantId;
      // No answer: the product view asks again, and the kept lines wait.
      else void products().then((list) => meetCatalogue(merchantId, list), () => undefined);
    }),
    effect(() => {
      const [settings, lines] = [ownSettings.value, cart.value];
      if (settings && opened.value === merchantId) writeKept(merchantId, settings.cart ? lines : []);
    }),
    effect(() => {
      const leaving = !inSale(place.value.path);
      if (ownSettings.value?.cart === false && leaving && cart.peek().length > 0) emptyCart();
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    opened.value = '';
  };
}
