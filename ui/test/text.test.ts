import { describe, expect, it } from 'vitest';
import { daysBefore, dayParts, koreanDay, minutesAgo, slipTime, timeOfDay } from '../src/shared/text/day';
import { digitsOf, expiryDigits, groupBusinessNumber, groupCard, groupExpiry, groupMasked, groupPhone, isExpiry, luhn } from '../src/shared/text/digits';

describe('digits', () => {
  it('cleans what is typed or pasted, full-width digits too', () => {
    expect(digitsOf('4111-1111 1111１１１１', 19)).toBe('4111111111111111');
    expect(digitsOf('12345', 4)).toBe('1234');
    expect(digitsOf('카드', 4)).toBe('');
  });

  it.each([
    ['4111', '4111'],
    ['41111', '4111 1'],
    ['4111111111111111', '4111 1111 1111 1111'],
    ['371449635398431', '3714 496353 98431'],
    ['37144', '3714 4'],
    ['4111111111111111111', '4111 1111 1111 1111 111'],
  ])('groups the card number %s', (digits, text) => expect(groupCard(digits)).toBe(text));

  it('keeps the mask of a card number when grouping', () => {
    expect(groupMasked('411111******1111')).toBe('4111 11** **** 1111');
  });

  it.each([
    ['1', '1', '1'],
    ['5', '05', '05'],
    ['12', '12', '12'],
    ['1229', '1229', '12/29'],
    ['529', '0529', '05/29'],
    ['12/29', '1229', '12/29'],
  ])('reads the expiry %s', (typed, digits, text) => {
    expect(expiryDigits(typed)).toBe(digits);
    expect(groupExpiry(digits)).toBe(text);
  });

  it('knows a month from no month, and leaves the past to the issuer', () => {
    expect(isExpiry('1220')).toBe(true);
    expect(isExpiry('1329')).toBe(false);
    expect(isExpiry('0029')).toBe(false);
    expect(isExpiry('122')).toBe(false);
  });

  it('checks the check digit', () => {
    expect(luhn('4111111111111111')).toBe(true);
    expect(luhn('4111111111111112')).toBe(false);
    expect(luhn('')).toBe(false);
  });

  it.each([
    ['010', '010'],
    ['01012', '010-12'],
    ['01000000001', '010-0000-0001'],
    ['0100000001', '010-000-0001'],
    ['0200000000', '02-0000-0000'],
    ['16000000', '1600-0000'],
    ['01012345', '010-123-45'],
    ['020000000', '02-000-0000'],
  ])('groups the phone number %s', (digits, text) => expect(groupPhone(digits)).toBe(text));

  it('groups a business number', () => {
    expect(groupBusinessNumber('1234567891')).toBe('123-45-67891');
    expect(groupBusinessNumber('1234')).toBe('123-4');
  });
});

describe('days in Seoul', () => {
  const lateInLondon = new Date('2026-11-23T15:00:00Z');

  it('begin at 15:00 UTC whatever the device', () => {
    expect(koreanDay(lateInLondon)).toBe('2026-11-24');
    expect(koreanDay(new Date('2026-11-23T14:59:59Z'))).toBe('2026-11-23');
    expect(timeOfDay(lateInLondon)).toBe('00:00');
    expect(slipTime(new Date('2026-11-23T15:04:05Z'))).toBe('2026-11-24 00:04:05');
  });

  it('count back over months and years', () => {
    expect(daysBefore('2026-03-01', 1)).toBe('2026-02-28');
    expect(daysBefore('2026-01-01', 1)).toBe('2025-12-31');
    expect(dayParts('2026-11-24')).toEqual({ year: 2026, month: 11, date: 24, weekday: 2 });
  });

  it('say minutes only within the hour', () => {
    expect(minutesAgo(lateInLondon, new Date('2026-11-23T15:03:10Z'))).toBe(3);
    expect(minutesAgo(lateInLondon, new Date('2026-11-23T16:00:00Z'))).toBeNull();
    expect(minutesAgo(lateInLondon, new Date('2026-11-23T14:59:00Z'))).toBeNull();
  });
});
