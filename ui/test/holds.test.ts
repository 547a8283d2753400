import { beforeEach, afterEach, describe, expect, it } from 'vitest';
import type { Product } from '../src/shared/api/types';
import { forgetKept, HELD } from '../src/shared/state/kept';
import { cart, change, emptyCart, note, quantityOf } from '../src/merchant/cart';
import { difference } from '../src/merchant/cart-keep';
import { dropHold, followHolds, hold, holds, MAX_HOLDS, recall } from '../src/merchant/holds';

const MERCHANT = 'mer_1';
const NOON = new Date('2028-03-01T03:00:00Z');
const STORE = HELD + MERCHANT;

let n = 0;
function product(over: Partial<Product> = {}): Product {
  n += 1;
  return { id: `prd_${n}`, name: `상품 ${n}`, price: 1_000 * n, taxFree: false, soldOut: false, favourite: false, sort: n, available: true, version: 1, ...over };
}

let stop: () => void;
beforeEach(() => {
  localStorage.clear();
  emptyCart();
  difference.value = null;
  stop = followHolds(MERCHANT, () => NOON);
});
afterEach(() => stop());

/** Closes the window and opens it again. */
function reload(now = NOON): void {
  stop();
  emptyCart();
  stop = followHolds(MERCHANT, () => now);
}

describe('a cart that is put aside', () => {
  it('empties the cart, outlives a reload, and comes back with discounts and memos', () => {
    const [a, b] = [product(), product()];
    change(a, 2);
    change(b, 1);
    note(a.id, { discount: { kind: 'percent', value: 10 }, memo: '얼음 적게' });
    const before = cart.value;
    hold('3번 테이블', 3_800, NOON);
    expect(cart.value).toEqual([]);
    reload();
    expect(holds.value.map(({ number, name, won }) => [number, name, won])).toEqual([[1, '3번 테이블', 3_800]]);
    recall(holds.value[0]!.id, 'swap', [a, b], 0, NOON);
    expect(cart.value).toEqual(before);
    expect(holds.value).toEqual([]);
    expect(localStorage.getItem(STORE)).toBeNull();
  });

  it('can be taken back at once, behind nothing of what was chosen since', () => {
    const [a, b] = [product(), product()];
    change(a, 1);
    const undo = hold('', 0, NOON)!;
    change(b, 1);
    undo();
    expect(cart.value.map((line) => line.product.id)).toEqual([a.id, b.id]);
    expect(holds.value).toEqual([]);
  });

  it('gets the lowest free number, and no more than so many wait', () => {
    const a = product();
    for (let i = 0; i < MAX_HOLDS; i++) {
      change(a, 1);
      hold('', 0, new Date(NOON.getTime() + i));
    }
    expect(holds.value.map(({ number }) => number)).toEqual(Array.from({ length: MAX_HOLDS }, (_, i) => i + 1));
    change(a, 1);
    expect(hold('', 0, NOON)).toBeNull();
    expect(quantityOf(a.id)).toBe(1);
    dropHold(holds.value[4]!.id);
    hold('', 0, NOON);
    expect(holds.value.at(-1)?.number).toBe(5);
  });

  it('is not made of an empty cart', () => {
    expect(hold('x', 0, NOON)).toBeNull();
  });
});

describe('fetching a cart back', () => {
  it('exchanges it for the present one, which waits in its place, and takes that back', () => {
    const [a, b] = [product(), product()];
    change(a, 2);
    hold('', 0, NOON);
    change(b, 3);
    const undo = recall(holds.value[0]!.id, 'swap', [a, b], 9_000, NOON);
    expect(cart.value.map((line) => [line.product.id, line.quantity])).toEqual([[a.id, 2]]);
    expect(holds.value.map(({ lines, won }) => [lines, won])).toEqual([[[{ id: b.id, quantity: 3 }], 9_000]]);
    undo();
    expect(cart.value.map((line) => [line.product.id, line.quantity])).toEqual([[b.id, 3]]);
    expect(holds.value[0]?.lines).toEqual([{ id: a.id, quantity: 2 }]);
  });

  it('adds it to the present one, as far as there is stock', () => {
    const [a, b] = [product({ stock: 3 }), product()];
    change(a, 2);
    change(b, 1);
    hold('', 0, NOON);
    change(a, 2);
    recall(holds.value[0]!.id, 'merge', [a, b], 0, NOON);
    expect(cart.value.map((line) => [line.product.id, line.quantity])).toEqual([
      [a.id, 3],
      [b.id, 1],
    ]);
    expect(difference.value).toEqual({ gone: 0, changed: true });
  });

  it('leaves out what is sold no more, and says so', () => {
    const [a, b] = [product(), product()];
    change(a, 1);
    change(b, 1);
    hold('', 0, NOON);
    recall(holds.value[0]!.id, 'swap', [{ ...a, soldOut: true }, { ...b, price: 7 }], 0, NOON);
    expect(cart.value.map((line) => [line.product.id, line.product.price])).toEqual([[b.id, 7]]);
    expect(difference.value).toEqual({ gone: 1, changed: false });
  });

  it('says when it costs something else by now', () => {
    const a = product();
    const told = (price: number, won: number): unknown => {
      difference.value = null;
      change(a, 2);
      hold('', won, NOON);
      recall(holds.value[0]!.id, 'swap', [{ ...a, price }], 0, NOON);
      emptyCart();
      return difference.value;
    };
    expect(told(a.price + 500, 2 * a.price)).toEqual({ gone: 0, changed: true });
    expect(told(a.price, 2 * a.price)).toBeNull();
    // One of an older version of the app, which kept no sum.
    expect(told(a.price + 500, 0)).toBeNull();
  });

  it('keeps what was chosen between the recall and its undo', () => {
    const [a, b, c] = [product(), product(), product()];
    change(a, 1);
    hold('', 0, NOON);
    change(b, 1);
    const undo = recall(holds.value[0]!.id, 'merge', [a, b], 0, NOON);
    change(c, 1);
    undo();
    expect(cart.value.map((line) => line.product.id)).toEqual([b.id, c.id]);
  });
});

describe('what the device keeps', () => {
  it('is forgotten at log-out, of every merchant', () => {
    change(product(), 1);
    hold('', 0, NOON);
    localStorage.setItem(`${HELD}mer_2`, '[]');
    localStorage.setItem('innopay.locale', 'ko');
    forgetKept();
    expect(Object.keys(localStorage)).toEqual(['innopay.locale']);
  });

  it('is forgotten after three days', () => {
    change(product(), 1);
    hold('', 0, NOON);
    reload(new Date(NOON.getTime() + 3 * 86_400_000 - 1));
    expect(holds.value).toHaveLength(1);
    reload(new Date(NOON.getTime() + 3 * 86_400_000));
    expect(holds.value).toEqual([]);
  });

  it.each(['', '{', '{}', 'null', '[null]', '[1]', '[{"id":"x"}]', '[{"id":"x","number":1,"at":"soon","lines":[{"id":"p","quantity":1}]}]', '[{"id":"x","number":1,"at":"2028-03-01T03:00:00Z","lines":[{"id":"p","quantity":-1}]}]'])('is passed over when it is not a cart: %s', (stored) => {
    localStorage.setItem(STORE, stored);
    reload();
    expect(holds.value).toEqual([]);
  });

  it('follows what another window of the device does', () => {
    localStorage.setItem(STORE, JSON.stringify([{ id: 'x', number: 7, name: '', at: NOON.toISOString(), won: 0, lines: [{ id: 'p', quantity: 1 }] }]));
    window.dispatchEvent(new StorageEvent('storage', { key: STORE }));
    expect(holds.value.map(({ number }) => number)).toEqual([7]);
  });
});
