import { describe, expect, it } from 'vitest';
import { apiQuery, dayAddress, daysOf, isNarrow, PLAIN, readFilter, wholeDetails, writeFilter, type Filter } from '../src/merchant/pages/payments/filter';

const read = (address: string): Filter => readFilter(new URLSearchParams(address.split('?')[1] ?? ''));

describe('filters in the address', () => {
  it.each<[string, Partial<Filter>]>([
    ['as usual', {}],
    ['a period', { period: 'month' }],
    ['custom days', { period: 'custom', from: '2026-10-01', to: '2026-10-31' }],
    ['status and channel', { status: 'CANCELED', channel: 'CARD' }],
    ['payments by phone', { channel: 'ARS' }],
    ['a search', { q: '꽃 & 빵?' }],
    ['typed conditions', { details: { minAmount: '1000', cardLast4: '1111', buyerName: '구매자 1' } }],
    ['every condition of 상세', { details: { minAmount: '1000', maxAmount: '90000', orderName: '꽃 & 빵', orderId: 'ORDER-1', approvalNumber: '00123456', cardLast4: '0011', issuerCode: '3K', installmentMonths: '0', buyerName: '구매자 1', buyerPhoneLast4: '0001', staffId: 'usr_01ja2b3c4d5e6f7g8h9jakbmcn' } }],
  ])('come back the same: %s', (_, part) => {
    const filter = { ...PLAIN, ...part };
    expect(read(writeFilter(filter))).toEqual(filter);
  });

  it('leave out what is as usual', () => {
    expect(writeFilter(PLAIN)).toBe('/payments');
  });

  it('drop what they do not know', () => {
    expect(read('/payments?period=century&status=LOST&channel=FAX&from=2026-13-99&minAmount=&maxAmount=x&cardLast4=12&issuerCode=KB-1&installmentMonths=13&staffId=pay_1')).toEqual(PLAIN);
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

  it('turns amounts to numbers and keeps the rest as text', () => {
    const filter: Filter = { ...PLAIN, period: 'today', channel: 'CARD', details: { minAmount: '1000', approvalNumber: '30', installmentMonths: '0', staffId: 'usr_1' } };
    expect(apiQuery(filter, '2026-11-24')).toEqual({
      from: '2026-11-24',
      to: '2026-11-24',
      channel: ['CARD'],
      minAmount: 1000,
      approvalNumber: '30',
      installmentMonths: '0',
      staffId: 'usr_1',
    });
    expect(apiQuery({ ...PLAIN, status: 'CANCELED' }, '2026-11-24').status).toEqual(['CANCELED']);
  });

  it('means every open outcome by 확인 중, that of a cancel as well', () => {
    const query = apiQuery({ ...PLAIN, status: 'UNKNOWN' }, '2026-11-24');
    expect(query.unsettled).toBe(true);
    expect(query.status).toBeUndefined();
  });

  it('turns custom days that were typed the wrong way round', () => {
    expect(daysOf({ ...PLAIN, period: 'custom', from: '2026-11-24', to: '2026-11-01' }, '2026-11-24')).toEqual({ from: '2026-11-01', to: '2026-11-24' });
  });

  it('knows a narrowed list from an empty shop', () => {
    expect(isNarrow(PLAIN)).toBe(false);
    expect(isNarrow({ ...PLAIN, q: 'x' })).toBe(true);
    expect(isNarrow({ ...PLAIN, details: { buyerName: 'x' } })).toBe(true);
  });
});

it('stands on the screen it was written for', () => {
  expect(writeFilter({ ...PLAIN, channel: 'CARD' }, '/cancel')).toBe('/cancel?channel=CARD');
  expect(dayAddress('2026-11-24')).toBe('/payments?period=custom&from=2026-11-24&to=2026-11-24');
});

it('keeps only conditions that are whole', () => {
  expect(wholeDetails({ cardLast4: '12', buyerPhoneLast4: '0001', buyerName: '  ', minAmount: '0', orderId: ' A-1 ' })).toEqual({ buyerPhoneLast4: '0001', orderId: 'A-1' });
});
