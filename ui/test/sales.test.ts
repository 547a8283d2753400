import { describe, expect, it } from 'vitest';
import { shortWon } from '../src/merchant/pages/sales/calendar';
import { differenceOf, MOST_PIECES, piecesOf, withPieces, worth } from '../src/merchant/pages/sales/count';
import { changeOf, daysOf, isPresent, lastOfMonth, monthAfter, readDay, readSpan, stepped } from '../src/merchant/pages/sales/period';
import { lineName, spanName } from '../src/merchant/pages/sales/words';

const TODAY = '2026-03-11'; // a Wednesday

describe('the time that is looked at', () => {
  it('ends today, however long it is', () => {
    expect(daysOf('DAY', TODAY, TODAY)).toEqual({ from: TODAY, to: TODAY });
    expect(daysOf('WEEK', TODAY, TODAY)).toEqual({ from: '2026-03-09', to: TODAY });
    expect(daysOf('MONTH', TODAY, TODAY)).toEqual({ from: '2026-03-01', to: TODAY });
    expect(daysOf('WEEK', '2026-03-08', TODAY)).toEqual({ from: '2026-03-02', to: '2026-03-08' });
    expect(daysOf('MONTH', '2024-02-11', TODAY)).toEqual({ from: '2024-02-01', to: '2024-02-29' });
  });

  it('is stepped through without ever going beyond today', () => {
    expect(stepped('DAY', TODAY, -1, TODAY)).toBe('2026-03-10');
    expect(stepped('DAY', TODAY, 1, TODAY)).toBe(TODAY);
    expect(stepped('WEEK', TODAY, -1, TODAY)).toBe('2026-03-02');
    expect(stepped('WEEK', '2026-03-05', 1, TODAY)).toBe('2026-03-09');
    expect(stepped('MONTH', '2026-01-31', 1, TODAY)).toBe('2026-02-01');
    expect(stepped('MONTH', '2026-01-31', -1, TODAY)).toBe('2025-12-01');
    expect(isPresent('MONTH', '2026-03-01', TODAY)).toBe(true);
    expect(isPresent('WEEK', '2026-03-08', TODAY)).toBe(false);
  });

  it('is read from an address, and what is none is today', () => {
    for (const wrong of [null, '', '2026-02-30', '2026-3-1', '2026-03-12', 'x']) expect(readDay(wrong, TODAY)).toBe(TODAY);
    expect(readDay('2026-02-28', TODAY)).toBe('2026-02-28');
    expect([readSpan('WEEK'), readSpan('week'), readSpan(null)]).toEqual(['WEEK', 'DAY', 'DAY']);
  });

  it('counts months over years', () => {
    expect([monthAfter('2026-12-05', 1), monthAfter('2026-01-05', -13), lastOfMonth('2028-02-10')]).toEqual(['2027-01-01', '2024-12-01', '2028-02-29']);
  });

  it('is compared in percent, where there is something to compare with', () => {
    expect([changeOf(150, 100), changeOf(50, 200), changeOf(5, 0), changeOf(5, -3)]).toEqual([50, -75, null, null]);
  });

  it('has a name', () => {
    expect(spanName('DAY', TODAY, TODAY)).toBe('3월 11일 (수)');
    expect(spanName('MONTH', '2026-03-01', TODAY)).toBe('2026년 3월');
  });
});

describe('the drawer', () => {
  it('is worth what lies in it', () => {
    const count = withPieces(withPieces({}, 50_000, 2), 10, 3);
    expect(worth(count)).toBe(100_030);
    expect(differenceOf(count, 50_000, 50_530)).toBe(-500);
    expect(differenceOf(count, 0, -30)).toBe(100_060);
    expect(piecesOf(withPieces(count, 50_000, 0))).toEqual([{ value: 10, pieces: 3 }]);
  });

  it('takes no numbers that are none', () => {
    expect([withPieces({}, 10, -5)[10], withPieces({}, 10, Number.NaN)[10], withPieces({}, 10, 1.9)[10], withPieces({}, 10, 1e9)[10]]).toEqual([0, 0, 1, MOST_PIECES]);
  });
});

describe('words', () => {
  const line = { value: '', count: 1, amount: 1, canceledCount: 0, canceledAmount: 0, netAmount: 1, suppliedAmount: 1, vat: 0, taxFreeAmount: 0, serviceFee: 0 };
  it('name what is no name by itself', () => {
    expect(lineName('METHOD', { ...line, value: 'CASH' })).toBe('현금');
    expect(lineName('PRODUCT', { ...line, value: '#PART_CANCEL' })).toBe('부분취소');
    expect(lineName('PRODUCT', { ...line, value: 'prd_1', label: '라떼' })).toBe('라떼');
    expect(lineName('STAFF', line)).toBe('구매자가 직접');
    expect(lineName('STAFF', { ...line, value: 'key_1' })).toBe('연동 시스템');
    expect(lineName('ISSUER', { ...line, value: '31' })).toBe('31');
  });

  it('fit into a day of the calendar', () => {
    expect([shortWon(950), shortWon(3_400), shortWon(12_345), shortWon(50_000), shortWon(1_234_567), shortWon(-20_000)]).toEqual(['950', '3천', '1.2만', '5만', '123만', '-2만']);
  });
});
