import { describe, expect, it } from 'vitest';
import { addBill, BILLS, changeOf, EXACT, receivedOf, type Handed } from '../src/shared/money/cash';
import { MAX_AMOUNT } from '../src/shared/money/money';
import { identifierDigits, identifierFault, isBusinessNumber, type IdentifierFault, type Named } from '../src/shared/text/identifier';
import type { Merchant } from '../src/shared/api/types';
import { cashRequest, type CashSale } from '../src/merchant/pages/cash/request';
import { stepsOf } from '../src/merchant/pages/receipts/status';
import { EMPTY_SUM } from '../src/shared/money/keypad';

const count = (...bills: number[]): Handed => bills.reduce(addBill, EXACT);

describe('money on the counter', () => {
  it('is exactly the price until notes are counted, which begin at nothing', () => {
    expect(receivedOf(EXACT, 55_000)).toBe(55_000);
    expect(changeOf(EXACT, 55_000)).toBe(0);
    expect(receivedOf(count(50_000), 55_000)).toBe(50_000);
    expect(changeOf(count(50_000), 55_000)).toBe(-5_000);
    expect(changeOf(count(50_000, 10_000), 55_000)).toBe(5_000);
  });

  it('stays exact when the price changes, and counted when it was counted', () => {
    expect([receivedOf(EXACT, 1), receivedOf(EXACT, 999)]).toEqual([1, 999]);
    expect([receivedOf(count(1_000), 1), receivedOf(count(1_000), 999)]).toEqual([1_000, 1_000]);
  });

  it('adds up for every handful of notes: received is price and change', () => {
    for (let seed = 1; seed < 500; seed++) {
      const price = (seed * 7919) % 300_000;
      const bills = Array.from({ length: seed % 9 }, (_, i) => BILLS[(seed * (i + 3)) % BILLS.length] as number);
      const handed = count(...bills);
      expect(price + changeOf(handed, price)).toBe(receivedOf(handed, price));
      if (bills.length > 0) expect(receivedOf(handed, price)).toBe(bills.reduce((sum, bill) => sum + bill));
    }
  });

  it('takes no note that passes the largest amount', () => {
    const full: Handed = { kind: 'counted', won: MAX_AMOUNT - 999 };
    expect(addBill(full, 1_000)).toBe(full);
  });
});

describe('an identifier of a cash receipt', () => {
  it.each<[Named, string, IdentifierFault | null]>([
    ['INCOME_DEDUCTION', '', 'missing'],
    ['INCOME_DEDUCTION', '  - ', 'missing'],
    ['INCOME_DEDUCTION', '010-0000-5678', null],
    ['INCOME_DEDUCTION', '０１０００００５６７８', null],
    ['INCOME_DEDUCTION', '010-0000-567', 'person'],
    ['INCOME_DEDUCTION', '010a00005678', 'letters'],
    ['INCOME_DEDUCTION', '900101-1234567', 'resident'],
    ['INCOME_DEDUCTION', '000229-3000000', 'resident'],
    ['INCOME_DEDUCTION', '9013011234567', null],
    ['INCOME_DEDUCTION', '1018199993', 'person'],
    ['EXPENSE_PROOF', '101-81-99993', null],
    ['EXPENSE_PROOF', '101-81-99994', 'business'],
    ['INCOME_DEDUCTION', '0100001234', 'person'],
    ['EXPENSE_PROOF', '101-81-9999', 'company'],
    ['EXPENSE_PROOF', '010-0000-5678', null],
    ['EXPENSE_PROOF', '12345678901234567', null],
    ['EXPENSE_PROOF', '12345678901234567890', 'company'],
  ])('%s %s: %s', (kind, typed, fault) => expect(identifierFault(kind, typed)).toBe(fault));

  it('keeps the digits of what was pasted, no more than a card of the tax service has', () => {
    expect(identifierDigits('010-0000 5678')).toBe('01000005678');
    expect(identifierDigits('1'.repeat(30))).toHaveLength(19);
  });

  it('knows a wrong digit of a business number wherever it stands', () => {
    const right = '1018199993';
    expect(isBusinessNumber(right)).toBe(true);
    for (let at = 0; at < right.length; at++) {
      for (let by = 1; by < 10; by++) {
        const wrong = right.slice(0, at) + ((Number(right[at]) + by) % 10) + right.slice(at + 1);
        // Digit nine counts five-fold with its carry: two values of it may share a check digit.
        if (at !== 8) expect(isBusinessNumber(wrong)).toBe(false);
      }
    }
  });
});

describe('the body of a cash sale', () => {
  const merchant = { taxType: 'TAXABLE' } as Merchant;
  const sale: CashSale = {
    draft: { sum: EMPTY_SUM, past: [], name: '', taxFree: 0, serviceFee: 0, months: 3, buyerName: '구매자 1', buyerPhone: '01000000001' },
    lines: [],
    price: 55_000,
    taxFree: 0,
    orderName: '일반 상품',
    fixedBuyer: undefined,
    received: 60_000,
    wanted: { kind: 'NONE', identifier: '' },
  };

  it('says what was handed over and nothing of a card or of months', () => {
    expect(cashRequest(sale, merchant, 'app-1')).toEqual({
      method: 'CASH',
      orderId: 'app-1',
      orderName: '일반 상품',
      amount: 55_000,
      taxFreeAmount: 0,
      buyer: { name: '구매자 1', phone: '01000000001' },
      cash: { received: 60_000 },
    });
  });

  it.each([
    [{ kind: 'INCOME_DEDUCTION', identifier: '01000005678' } as const, { type: 'INCOME_DEDUCTION', identifier: '01000005678' }],
    [{ kind: 'EXPENSE_PROOF', identifier: '1018199993' } as const, { type: 'EXPENSE_PROOF', identifier: '1018199993' }],
    [{ kind: 'SELF_ISSUED', identifier: '01000005678' } as const, { type: 'SELF_ISSUED' }],
  ])('carries the receipt %o', (wanted, receipt) => {
    expect(cashRequest({ ...sale, wanted }, merchant, 'app-1').cash?.receipt).toEqual(receipt);
  });
});

it.each([
  ['REQUESTED', {}, ['done', 'now', 'later']],
  ['UNKNOWN', {}, ['done', 'now', 'later']],
  ['ISSUED', { issuedAt: '2026-03-02T12:00:00Z' }, ['done', 'done', 'now']],
  ['CONFIRMED', { issuedAt: '2026-03-02T12:00:00Z', judgedAt: '2026-03-03T12:00:00Z' }, ['done', 'done', 'done']],
  ['REJECTED', { issuedAt: '2026-03-02T12:00:00Z', judgedAt: '2026-03-03T12:00:00Z' }, ['done', 'done', 'bad']],
  ['REJECTED', {}, ['done', 'later', 'bad']],
] as const)('a receipt that is %s %o stands at %o', (status, times, stands) => {
  expect(stepsOf({ status, requestedAt: '2026-03-02T11:59:00Z', ...times }).map(({ stand }) => stand)).toEqual(stands);
});
