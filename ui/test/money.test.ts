import { describe, expect, it } from 'vitest';
import { hangulWon } from '../src/shared/money/hangul';
import { press } from '../src/shared/money/keypad';
import { grouped, MAX_AMOUNT, parseWon, splitOf, taxFreeFor, vatOf, wonText } from '../src/shared/money/money';

describe('vatOf', () => {
  // The same vectors as the server's: nearest won by default, floor by contract.
  it.each([
    [1_000, 91, 90],
    [10_000, 909, 909],
    [15_000, 1_364, 1_363],
    [50_000, 4_545, 4_545],
    [55_000, 5_000, 5_000],
    [0, 0, 0],
    [1, 0, 0],
    [5, 0, 0],
    [6, 1, 0],
    [MAX_AMOUNT, 909_090_909, 909_090_909],
  ])('of %i is %i, floor %i', (taxable, nearest, floor) => {
    expect(vatOf(taxable, 'NEAREST')).toBe(nearest);
    expect(vatOf(taxable, 'FLOOR')).toBe(floor);
  });

  it('differs between the roundings for 50 of the amounts 1..110', () => {
    const amounts = Array.from({ length: 110 }, (_, i) => i + 1);
    expect(amounts.filter((n) => vatOf(n, 'NEAREST') !== vatOf(n, 'FLOOR'))).toHaveLength(50);
  });
});

describe('splitOf', () => {
  it('adds up for every amount and part', () => {
    for (const rounding of ['NEAREST', 'FLOOR'] as const) {
      for (let amount = 1; amount < 300; amount++) {
        for (const taxFree of [0, 1, Math.floor(amount / 3), amount]) {
          const split = splitOf(amount, taxFree, 0, rounding);
          expect(split && split.supplied + split.vat + split.taxFree + split.serviceFee).toBe(amount);
        }
      }
    }
  });

  it.each([
    [0, 0, 0],
    [MAX_AMOUNT + 1, 0, 0],
    [100, 101, 0],
    [100, -1, 0],
    [100, 60, 41],
  ])('refuses %i with %i tax-free and %i service fee', (amount, taxFree, fee) => {
    expect(splitOf(amount, taxFree, fee, 'NEAREST')).toBeNull();
  });
});

it('the tax type decides what is tax-free', () => {
  expect(taxFreeFor('TAXABLE', 10_000, 500)).toBe(0);
  expect(taxFreeFor('TAX_FREE', 10_000, 0)).toBe(10_000);
  expect(taxFreeFor('MIXED', 10_000, 4_000)).toBe(4_000);
  expect(taxFreeFor('MIXED', 10_000, 40_000)).toBe(10_000);
});

it('groups and parses', () => {
  expect(grouped(1_234_567)).toBe('1,234,567');
  expect(grouped(-1_000)).toBe('-1,000');
  expect(grouped(999)).toBe('999');
  expect(wonText(9_999_999_999)).toBe('9,999,999,999원');
  expect(parseWon('1,234원')).toBe(1_234);
  expect(parseWon('')).toBe(0);
  expect(parseWon('99999999999999')).toBe(9_999_999_999);
});

describe('hangulWon', () => {
  it.each([
    [0, '영 원'],
    [1, '일 원'],
    [10, '십 원'],
    [110, '백십 원'],
    [1_000, '천 원'],
    [1_111, '천백십일 원'],
    [10_000, '만 원'],
    [15_000, '만 오천 원'],
    [60_000, '육만 원'],
    [110_000, '십일만 원'],
    [1_234_500, '백이십삼만 사천오백 원'],
    [100_000_000, '일억 원'],
    [100_010_000, '일억 일만 원'],
    [9_999_999_999, '구십구억 구천구백구십구만 구천구백구십구 원'],
  ])('%i is %s', (won, words) => {
    expect(hangulWon(won)).toBe(words);
  });
});

describe('keypad', () => {
  it('types, adds, erases and clears', () => {
    let amount = 0;
    for (const digits of ['0', '5', '00', '1']) amount = press(amount, { kind: 'digit', digits });
    expect(amount).toBe(5_001);
    amount = press(amount, { kind: 'add', won: 10_000 });
    expect(amount).toBe(15_001);
    expect(press(amount, { kind: 'erase' })).toBe(1_500);
    expect(press(amount, { kind: 'clear' })).toBe(0);
  });

  it('never passes the largest amount', () => {
    expect(press(MAX_AMOUNT, { kind: 'digit', digits: '1' })).toBe(MAX_AMOUNT);
    expect(press(MAX_AMOUNT, { kind: 'add', won: 1 })).toBe(MAX_AMOUNT);
  });
});
