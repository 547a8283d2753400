import { describe, expect, it } from 'vitest';
import type { Payment } from '../src/shared/api/types';
import { apiQuery, daysOf, isNarrow, PLAIN, readFilter, writeFilter, type Filter } from '../src/merchant/pages/payments/filter';
import { byDay } from '../src/merchant/pages/payments/list';

const read = (address: string): Filter => readFilter(new URLSearchParams(address.split('?')[1] ?? ''));

describe('filters in the address', () => {
  it.each<[string, Partial<Filter>]>([
    ['as usual', {}],
    ['a period', { period: 'month' }],
    ['custom days', { period: 'custom', from: '2026-10-01', to: '2026-10-31' }],
    ['status and channel', { status: 'CANCELED', channel: 'CARD' }],
    ['a search', { q: '꽃 & 빵?' }],
    ['typed conditions', { details: { minAmount: '1000', cardLast4: '1111', buyerName: '구매자 1' } }],
    ['choosing what to cancel', { forCancel: true, period: 'today' }],
  ])('come back the same: %s', (_, part) => {
    const filter = { ...PLAIN, ...part };
    expect(read(writeFilter(filter))).toEqual(filter);
  });

  it('leave out what is as usual', () => {
    expect(writeFilter(PLAIN)).toBe('/payments');
  });

  it('drop what they do not know', () => {
    expect(read('/payments?period=century&status=LOST&channel=FAX&from=2026-13-99&minAmount=')).toEqual(PLAIN);
  });
});

describe('what the API is asked', () => {
  it.each([
    ['today', { from: '2026-11-24', to: '2026-11-24' }],
    ['yesterday', { from: '2026-11-23', to: '2026-11-23' }],
    ['week', { from: '2026-11-18', to: '2026-11-24' }],
    ['month', { from: '2026-10-25', to: '2026-11-24' }],
    ['quarter', { from: '2026-08-25', to: '2026-11-24' }],
  ] as const)('%s', (period, days) => {
    expect(daysOf({ ...PLAIN, period }, '2026-11-24')).toEqual(days);
  });

  it('leaves open ends of a custom period open', () => {
    expect(daysOf({ ...PLAIN, period: 'custom', from: '2026-11-01' }, '2026-11-24')).toEqual({ from: '2026-11-01' });
  });

  it('turns amounts to numbers and asks for cancelable payments only when cancelling', () => {
    const filter: Filter = { ...PLAIN, period: 'today', forCancel: true, details: { minAmount: '1000', approvalNumber: '30' } };
    expect(apiQuery(filter, '2026-11-24')).toEqual({
      from: '2026-11-24',
      to: '2026-11-24',
      status: ['DONE', 'PARTIAL_CANCELED'],
      minAmount: 1000,
      approvalNumber: '30',
    });
    expect(apiQuery({ ...PLAIN, status: 'CANCELED' }, '2026-11-24').status).toEqual(['CANCELED']);
  });

  it('knows a narrowed list from an empty shop', () => {
    expect(isNarrow(PLAIN)).toBe(false);
    expect(isNarrow({ ...PLAIN, q: 'x' })).toBe(true);
    expect(isNarrow({ ...PLAIN, details: { buyerName: 'x' } })).toBe(true);
  });
});

it('groups rows by Korean day in their order', () => {
  const row = (id: string, requestedAt: string): Payment => ({ id, requestedAt }) as Payment;
  const days = byDay([row('c', '2026-11-24T00:01:00+09:00'), row('b', '2026-11-23T23:59:00+09:00'), row('a', '2026-11-23T10:00:00+09:00')]);
  expect(days.map((day) => [day.day, day.rows.map(({ id }) => id)])).toEqual([
    ['2026-11-24', ['c']],
    ['2026-11-23', ['b', 'a']],
  ]);
});
