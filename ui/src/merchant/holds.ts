import { signal } from '@preact/signals';
import type { Product } from '../shared/api/types';
import { HELD } from '../shared/state/kept';
import { cart, clearCart, limitOf, lineTotal, type CartLine } from './cart';
import { count, difference, keptLines, keptOf, today, type Kept } from './cart-keep';

/** A line of a cart that waits. Its memo waits with it: an order without it would be another one. */
type HeldLine = Kept & { memo?: string };

/** A cart put aside on this device until it is fetched back. */
export interface Hold {
  id: string;
  /** 1, 2, 3 .. as they were put aside today; free numbers are given again. */
  number: number;
  /** What the seller calls it, such as a table; empty for its number alone. */
  name: string;
  at: string;
  /** What it came to when it was put aside, in won: the catalogue of then. */
  won: number;
  lines: HeldLine[];
}

/** The most carts that wait on one device. */
export const MAX_HOLDS = 20;
export const MAX_HOLD_NAME = 20;
/** A cart nobody fetched for so long is a forgotten one, in milliseconds. */
const MAX_AGE = 3 * 24 * 60 * 60 * 1000;
const MAX_MEMO = 50;

/** The carts that wait, oldest first. */
export const holds = signal<readonly Hold[]>([]);

let owner = '';

/** A memo as it was kept beside its line. */
function memoOf(rows: unknown, id: string): { memo?: string } {
  const memo = Array.isArray(rows) ? (rows as (Partial<HeldLine> | null)[]).find((row) => row?.id === id)?.memo : undefined;
  return typeof memo === 'string' && memo !== '' ? { memo: memo.slice(0, MAX_MEMO) } : {};
}

function holdOf(row: Partial<Hold> | null): Hold[] {
  const lines = keptLines(row?.lines).map((line) => ({ ...line, ...memoOf(row?.lines, line.id) }));
  const at = typeof row?.at === 'string' ? Date.parse(row.at) : NaN;
  if (typeof row?.id !== 'string' || !count(row.number, Number.MAX_SAFE_INTEGER) || Number.isNaN(at) || lines.length === 0) return [];
  const name = typeof row.name === 'string' ? row.name.slice(0, MAX_HOLD_NAME) : '';
  return [{ id: row.id, number: row.number, name, at: new Date(at).toISOString(), won: count(row.won, Number.MAX_SAFE_INTEGER) ? row.won : 0, lines }];
}

function read(now: Date): Hold[] {
  try {
    const rows: unknown = JSON.parse(localStorage.getItem(HELD + owner) ?? '[]');
    const all = Array.isArray(rows) ? (rows as (Partial<Hold> | null)[]).flatMap(holdOf) : [];
    return all.filter(({ at }) => now.getTime() - Date.parse(at) < MAX_AGE).slice(-MAX_HOLDS);
  } catch {
    return [];
  }
}

/**
 * Follows the carts of a merchant that wait on this device, in every window of it,
 * without those nobody fetched for days. Gives the function that stops it.
 */
export function followHolds(merchantId: string, now: () => Date = () => new Date()): () => void {
  owner = merchantId;
  holds.value = read(now());
  const onStorage = ({ key }: StorageEvent): void => {
    if (key === null || key === HELD + owner) holds.value = read(now());
  };
  window.addEventListener('storage', onStorage);
  return () => {
    window.removeEventListener('storage', onStorage);
    holds.value = [];
  };
}

function write(next: readonly Hold[]): void {
  holds.value = next;
  try {
    if (next.length > 0) localStorage.setItem(HELD + owner, JSON.stringify(next));
    else localStorage.removeItem(HELD + owner);
  } catch {
    // Without storage they wait until the page is closed.
  }
}

const freeNumber = (): number => {
  const taken = new Set(holds.value.map(({ number }) => number));
  let number = 1;
  while (taken.has(number)) number += 1;
  return number;
};

function holdCart(name: string, at: Date, won: number): Hold {
  const lines = cart.value.map((line): HeldLine => ({ ...keptOf(line), ...(line.memo ? { memo: line.memo } : {}) }));
  return { id: `${at.getTime()}-${freeNumber()}`, number: freeNumber(), name: name.trim().slice(0, MAX_HOLD_NAME), at: at.toISOString(), won, lines };
}

/**
 * Puts the cart aside and empties it. Gives what takes that back, or null when the cart
 * is empty or no more can wait.
 */
export function hold(name: string, won: number, now: Date): (() => void) | null {
  if (cart.value.length === 0 || holds.value.length >= MAX_HOLDS) return null;
  const held = holdCart(name, now, won);
  write([...holds.value, held]);
  const back = clearCart();
  return () => {
    write(holds.value.filter(({ id }) => id !== held.id));
    back();
  };
}

/** What a held cart's lines are by today's catalogue, and how many cannot be sold any more. */
function revive(held: Hold, products: readonly Product[]): { lines: CartLine[]; gone: number; changed: boolean } {
  const byId = new Map(products.map((product) => [product.id, product]));
  const lines: CartLine[] = [];
  let changed = false;
  for (const line of held.lines) {
    const left = today(line, byId.get(line.id));
    if (!left) continue;
    lines.push(left);
    changed ||= left.quantity !== line.quantity || left.discount !== line.discount;
  }
  const gone = held.lines.length - lines.length;
  // No price was kept: another sum of the same lines is another price.
  changed ||= gone === 0 && held.won > 0 && lines.reduce((sum, line) => sum + lineTotal(line), 0) !== held.won;
  return { lines, gone, changed };
}

/** Two carts as one: of a product in both the quantities add up as far as there is stock. */
function merged(first: readonly CartLine[], second: readonly CartLine[]): { lines: CartLine[]; cut: boolean } {
  const lines = [...first];
  let cut = false;
  for (const line of second) {
    const at = lines.findIndex(({ product }) => product.id === line.product.id);
    const there = lines[at];
    if (!there) lines.push(line);
    else {
      const wanted = there.quantity + line.quantity;
      const quantity = Math.min(wanted, limitOf(line.product));
      cut ||= quantity < wanted;
      lines[at] = { ...line, ...there, quantity };
    }
  }
  return { lines, cut };
}

/** How a cart comes back: into an empty one or in exchange for the present one, or added to it. */
export type Recall = 'swap' | 'merge';

/**
 * Fetches a cart back. swap puts the present one aside in its place, merge adds to it.
 * What the catalogue changed meanwhile is told as for any cart. Gives what takes it back.
 */
export function recall(id: string, how: Recall, products: readonly Product[], won: number, now: Date): () => void {
  const held = holds.value.find((each) => each.id === id);
  if (!held) return () => undefined;
  const before = { lines: cart.value, holds: holds.value };
  const { lines, gone, changed } = revive(held, products);
  const after = how === 'merge' ? merged(cart.value, lines) : { lines, cut: false };
  const rest = holds.value.filter((each) => each !== held);
  write(rest);
  if (how === 'swap' && cart.value.length > 0) write([...rest, holdCart('', now, won)]);
  cart.value = after.lines;
  if (gone > 0 || changed || after.cut) difference.value = { gone, changed: changed || after.cut };
  return () => {
    const since = cart.value.filter(({ product }) => !after.lines.some((line) => line.product.id === product.id));
    difference.value = null;
    write(before.holds);
    cart.value = [...before.lines, ...since.filter(({ product }) => !before.lines.some((line) => line.product.id === product.id))];
  };
}

/** Throws a cart that waits away. Gives what takes that back. */
export function dropHold(id: string): () => void {
  const held = holds.value.find((each) => each.id === id);
  write(holds.value.filter((each) => each !== held));
  return () => {
    if (held) write([...holds.value, held].sort((a, b) => a.at.localeCompare(b.at)));
  };
}
