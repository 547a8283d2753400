import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PayRequest } from '../src/shared/api/requests';
import type { Item, Merchant, Payment, Product } from '../src/shared/api/types';
import { isMobile, maskName, maskPhone } from '../src/shared/text/mask';
import { spanParts } from '../src/shared/text/day';
import { cart, change, emptyCart } from '../src/merchant/cart';
import { amount, chosenTaxFree, clearSale, draft, edit, price } from '../src/merchant/pages/card/draft';
import { requestBody } from '../src/merchant/pages/requests/form/body';
import { again, askAgain, clearRequest, expiry } from '../src/merchant/pages/requests/form/draft';
import { endOf, expiryFault } from '../src/merchant/pages/requests/form/expiry';
import { saleName } from '../src/merchant/pages/card/sale';
import type { Way } from '../src/merchant/ways';
import { SalePress } from '../src/merchant/press';
import { readPending } from '../src/merchant/pending';
import { NoAnswer } from '../src/shared/api/failure';

const now = new Date('2026-11-28T12:00:00+09:00');
const shop = { taxType: 'MIXED' } as Merchant;
const end = new Date('2026-11-29T12:00:00+09:00');
const asked = (way: Way = 'SMS') => ({ way, draft: draft.value, lines: cart.value, again: again.value, price: price.value, taxFree: chosenTaxFree.value, orderName: saleName(), expiresAt: end });

beforeEach(() => {
  clearRequest();
  sessionStorage.clear();
});

describe('a mobile number', () => {
  it.each([['01012345678', true], ['0101234567', false], ['0111234567', true], ['0212345678', false], ['', false]])('%s: %s', (digits, ok) => expect(isMobile(digits)).toBe(ok));
  it.each([['01012345678', '010-12**-5678'], ['0111234567', '011-1**-4567'], ['010-****-5678', '010-****-5678'], ['', '']])('%s is shown as %s', (phone, text) => expect(maskPhone(phone)).toBe(text));
});

it.each([['홍길동', '홍*동'], ['김철', '김*'], ['남궁민수', '남**수'], ['홍*동', '홍*동'], ['A', 'A'], ['', '']])('the name %s is shown as %s', (name, text) => expect(maskName(name)).toBe(text));

describe('how long a request can be paid', () => {
  it.each([['m10', '12:10'], ['h1', '13:00']] as const)('%s', (kind, time) => expect(endOf({ kind, own: '' }, now)).toEqual(new Date(`2026-11-28T${time}:00+09:00`)));

  it('an end of its own is meant as a clock in Seoul shows it', () => {
    expect(endOf({ kind: 'own', own: '2026-12-01T09:30' }, now)?.toISOString()).toBe('2026-12-01T00:30:00.000Z');
  });

  it.each([
    ['', 'missing'], ['2026-13-01T09:30', 'missing'], ['2026-11-28T12:00', 'soon'], ['2026-11-28T12:01', null], ['2026-12-28T12:00', null], ['2026-12-28T12:01', 'far'],
  ])('%s is %s', (own, fault) => expect(expiryFault({ kind: 'own', own }, now)).toBe(fault));

  it.each([[0, [0, 0, 0, 0]], [-5000, [0, 0, 0, 0]], [552_999, [0, 0, 9, 12]], [90_061_000, [1, 1, 1, 1]]])('%i ms are %j', (ms, parts) => expect(spanParts(ms)).toEqual(parts));
});

describe('the body of a request', () => {
  it('is the sale of the card page with this buyer, and nothing that was left empty', () => {
    edit({ sum: { lines: [], now: 60_000 }, name: '꽃바구니', taxFree: 10_000, serviceFee: 5_000, buyerPhone: '01000000001', buyerName: ' ' });
    expect(requestBody(asked(), shop, 'app-1')).toEqual({
      kind: 'SMS', orderId: 'app-1', orderName: '꽃바구니', amount: 65_000, taxFreeAmount: 10_000, serviceFee: 5_000, buyer: { phone: '01000000001' }, expiresAt: end.toISOString(),
    });
  });

  it('says that it is paid by phone', () => {
    edit({ sum: { lines: [], now: 60_000 }, buyerPhone: '01000000001' });
    expect(requestBody(asked('ARS'), shop, 'app-1')).toMatchObject({ kind: 'ARS', amount: 60_000, buyer: { phone: '01000000001' } });
  });

  it('names chosen products', () => {
    change({ id: 'prd_1', name: '커피', price: 4_500, taxFree: false, soldOut: false } as Product, 2);
    const { items, amount: won, orderName } = requestBody(asked(), shop, 'app-1');
    expect([won, orderName]).toEqual([9_000, '커피']);
    expect(items).toMatchObject([{ productId: 'prd_1', quantity: 2, unitPrice: 4_500 }]);
    emptyCart();
  });
});

describe('asking again for what was not paid', () => {
  const request = { amount: 65_000, orderName: '꽃바구니', buyer: { name: '홍*동', phone: '01000000001' } } as PayRequest;
  const items = [{ name: '꽃바구니', unitPrice: 30_000, quantity: 2, discount: 0 }] as Item[];
  const payment = { taxFreeAmount: 10_000, serviceFee: 5_000, items } as Payment;

  it('asks for the same', () => {
    expiry.value = { kind: 'm10', own: '' };
    askAgain(request, payment);
    expect(amount.value).toBe(65_000);
    expect(expiry.value.kind).toBe('h24');
    // A masked name is nobody's name.
    expect(requestBody(asked(), shop, 'app-2')).toMatchObject({ amount: 65_000, taxFreeAmount: 10_000, serviceFee: 5_000, items, buyer: { phone: '01000000001' } });
    expect(draft.value.buyerName).toBe('');
  });

  it('is made of the same products only while it costs the same', () => {
    askAgain(request, payment);
    edit({ sum: { lines: [], now: 50_000 } });
    expect(requestBody(asked(), shop, 'app-2')).not.toHaveProperty('items');
    clearSale();
  });
});

it.each([['SMS', 'ARS'], ['ARS', 'SMS']] as const)('a press whose answer is lost is followed up as the request it was: %s', async (way, other) => {
  vi.useFakeTimers();
  const found: unknown[] = [];
  const create = vi.fn().mockRejectedValue(new NoAnswer('x'));
  const ofOrder = vi.fn().mockResolvedValue({ id: 'req_1' });
  const press = new SalePress<{ orderId: string; amount: number }, { id: string }>(way, { create, ofOrder }, (answer) => found.push(answer));
  void press.send({ orderId: press.orderId, amount: 1000 });
  await vi.advanceTimersByTimeAsync(0);
  expect([readPending(), readPending(other)]).toEqual([null, null]);
  expect(readPending(way)?.amount).toBe(1000);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(found).toEqual([{ id: 'req_1' }]);
  expect(create).toHaveBeenCalledTimes(1);
  expect(readPending(way)).toBeNull();
  vi.useRealTimers();
});
