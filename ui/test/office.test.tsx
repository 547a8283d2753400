import { render } from 'preact';
import { describe, expect, test } from 'vitest';
import { foremost } from '../src/merchant/inbox';
import { browserOf } from '../src/merchant/pages/guide/able';
import { findIn, loadManual } from '../src/merchant/pages/guide/manual';
import { answersAt, daysTogether } from '../src/merchant/pages/support/brand';
import { bodyOf, wrongs } from '../src/merchant/pages/support/ask';
import { WrittenText } from '../src/shared/design/written';
import { ko } from '../src/shared/i18n/ko-office';
import { looksLikeCard } from '../src/shared/text/digits';
import { monthAfter, monthsText, spanDays } from '../src/shared/text/months';

const HOURS = [{ days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '09:00', until: '18:00' }];

describe('the help desk', () => {
  test('answers by the clock in Seoul', () => {
    for (const [instant, open] of [
      ['2026-11-27T00:00:00Z', true], // Friday 09:00
      ['2026-11-26T23:59:00Z', false],
      ['2026-11-27T08:59:00Z', true],
      ['2026-11-27T09:00:00Z', false],
      ['2026-11-28T03:00:00Z', false], // Saturday
    ] as const) expect(answersAt(HOURS, new Date(instant)), instant).toBe(open);
    expect(answersAt([], new Date())).toBe(false);
  });

  test('writes days in a row together', () => {
    const name = (day: string): string => day;
    expect(daysTogether(['MON', 'TUE', 'WED'], name, '~')).toBe('MON~WED');
    expect(daysTogether(['SUN', 'MON', 'SAT'], name, '~')).toBe('MON·SAT·SUN');
    expect(daysTogether([], name, '~')).toBe('');
  });

  test('knows a card number, and not a phone or a date', () => {
    for (const text of ['4111111111111111', '카드 4111-1111-1111-1111 이요', '5555 5555 5555 4444']) expect(looksLikeCard(text), text).toBe(true);
    for (const text of ['010-0000-0001', '2026-11-28 13:54', '끝자리 1111', '4111111111111112']) expect(looksLikeCard(text), text).toBe(false);
  });

  test('says what a form lacks, and sends what its kind takes', () => {
    const form = { kind: 'QUESTION' as const, field: 'NAME' as const, value: '', paymentId: '', subject: '', text: ' ' };
    expect(Object.keys(wrongs(form, ko.ask))).toEqual(['subject', 'text']);
    expect(Object.keys(wrongs({ ...form, kind: 'PAYMENT', subject: 'a', text: '4111 1111 1111 1111' }, ko.ask))).toEqual(['paymentId', 'text']);
    expect(Object.keys(wrongs({ ...form, kind: 'MERCHANT_CHANGE' }, ko.ask))).toEqual(['value']);
    expect(bodyOf({ ...form, kind: 'MERCHANT_CHANGE', value: ' 새 이름 ' }, ko.ask)).toEqual({ kind: 'MERCHANT_CHANGE', subject: '상호 변경 요청', text: '새 이름', wishes: [{ field: 'NAME', value: '새 이름' }] });
    expect(bodyOf({ ...form, subject: 'a', text: 'b', paymentId: 'pay_1' }, ko.ask)).toEqual({ kind: 'QUESTION', subject: 'a', text: 'b' });
  });
});

describe('the manual', () => {
  test('is whole in both languages, with the same chapters', async () => {
    const [korean, english] = [await loadManual('ko'), await loadManual('en')];
    expect(korean.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(english.map(({ id, sections }) => [id, sections.length])).toEqual(korean.map(({ id, sections }) => [id, sections.length]));
  });

  test('is found by words and by initials, titles first', async () => {
    const manual = await loadManual('ko');
    expect(findIn(manual, 'ㅊㅅㅂㅁㅂㅎ')[0]).toMatchObject({ title: '취소 비밀번호' });
    expect(findIn(manual, '거스름돈').map(({ chapter }) => chapter.id)).toContain('cash');
    expect(findIn(manual, '  ')).toEqual([]);
    expect(findIn(manual, '없는말없는말')).toEqual([]);
    for (const { chapter, at } of findIn(manual, '카드')) expect(at).toBeLessThanOrEqual(chapter.sections.length);
  });
});

describe('interest-free months', () => {
  test('are written short', () => {
    expect([[2, 3], [2, 3, 4], [2, 3, 4, 6, 12], []].map(monthsText)).toEqual(['2, 3', '2~4', '2~4, 6, 12', '']);
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1)]).toEqual(['2027-01', '2025-12']);
    expect(spanDays('2026-11-01', '2026-11-30')).toEqual(['11.01', '11.30']);
    expect(spanDays('2026-11-01', '2027-11-01')).toEqual(['2026.11.01', '2027.11.01']);
  });
});

describe('notices', () => {
  const notice = (id: string, read: boolean, important: boolean) => ({ id, read, important, title: id, body: '', from: '' });
  test('an unread important one stands before newer ones', () => {
    expect(foremost([notice('a', false, false), notice('b', false, true)])?.id).toBe('b');
    expect(foremost([notice('a', false, false), notice('b', true, true)])?.id).toBe('a');
    expect(foremost([notice('a', true, true)])).toBe(null);
  });

  test('are text: headings, paragraphs and addresses, never markup', () => {
    const root = document.createElement('div');
    render(<WrittenText text={'# 점검\n새벽 <img src=x onerror=alert(1)>\n둘째 줄\n\nhttps://help.example/a?b=1. javascript:alert(1)'} />, root);
    expect(root.querySelector('h3')?.textContent).toBe('점검');
    expect(root.querySelectorAll('p')).toHaveLength(2);
    expect(root.querySelector('img')).toBe(null);
    const links = [...root.querySelectorAll('a')];
    expect(links.map((a) => [a.getAttribute('href'), a.getAttribute('rel')])).toEqual([['https://help.example/a?b=1', 'noopener noreferrer']]);
    render(null, root);
  });
});

test('the browser in use is told by what it calls itself', () => {
  expect(browserOf('Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36')).toBe('android');
  expect(browserOf('Mozilla/5.0 (Linux; Android 14) SamsungBrowser/27.0 Chrome/125.0 Mobile')).toBe('samsung');
  expect(browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Safari/604.1')).toBe('ios');
  expect(browserOf('Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15', 5)).toBe('ios');
  expect(browserOf('Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0')).toBe('desktop');
});
