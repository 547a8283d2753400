import { describe, expect, it } from 'vitest';
import { encode } from 'uqr';
import type { PayRequest } from '../src/shared/api/requests';
import type { Payment } from '../src/shared/api/types';
import { codeOf } from '../src/merchant/pages/requests/qr';
import { stepsOf } from '../src/merchant/pages/requests/steps';

const at = '2026-11-28T12:30:04+09:00';
const base = { id: 'req_1', kind: 'SMS', tries: 0, triesLeft: 5, buyer: { phone: '01000000001' } } as PayRequest;
const stands = (part: Partial<PayRequest>): string => stepsOf({ ...base, ...part }).map(({ stand }) => stand).join(' ');

describe('the steps of a request', () => {
  it.each<[string, Partial<PayRequest>, string]>([
    ['on its way', { status: 'SENDING' }, 'now later later later'],
    ['sent', { status: 'SENT', sentAt: at }, 'done now later later'],
    ['opened', { status: 'SENT', sentAt: at, openedAt: at }, 'done done now later'],
    ['being paid', { status: 'PAYING', sentAt: at, openedAt: at }, 'done done now later'],
    ['being paid though nobody saw it opened', { status: 'PAYING', sentAt: at }, 'done done now later'],
    ['declined once', { status: 'SENT', sentAt: at, tries: 1 }, 'done done now later'],
    ['paid', { status: 'PAID', sentAt: at }, 'done done done done'],
    ['not delivered', { status: 'UNDELIVERED', message: { status: 'REJECTED', kind: 'SMS', at } }, 'bad later later later'],
    ['paid by a copied link', { status: 'PAID', message: { status: 'UNDELIVERED', kind: 'SMS' } }, 'bad done done done'],
    ['expired unopened', { status: 'EXPIRED', sentAt: at }, 'done later later bad'],
    ['withdrawn before it left', { status: 'WITHDRAWN' }, 'later later later bad'],
    ['withdrawn while its text waited', { status: 'WITHDRAWN', message: { status: 'DROPPED', kind: 'SMS', at } }, 'later later later bad'],
    ['its text given up for a buyer who was paying', { status: 'UNDELIVERED', message: { status: 'DROPPED', kind: 'SMS', at } }, 'bad later later later'],
    ['out of tries', { status: 'FAILED', sentAt: at, openedAt: at, tries: 5 }, 'done done later bad'],
  ])('%s', (_, part, expected) => expect(stands(part)).toBe(expected));

  it('tell when', () => {
    const steps = stepsOf({ ...base, status: 'PAID', sentAt: at, openedAt: '2026-11-28T12:31:10+09:00', message: { status: 'DELIVERED', kind: 'SMS', at } }, { approvedAt: '2026-11-28T12:32:00+09:00' } as Payment);
    expect(steps.map((step) => step.at?.slice(11, 19))).toEqual(['12:30:04', '12:31:10', undefined, '12:32:00']);
    expect(steps[0]?.note).toBe('12:30 도착');
  });

  it.each<[string, Partial<PayRequest>, string]>([
    ['on its way', { status: 'SENDING' }, 'now later later later'],
    ['sent', { status: 'SENT', sentAt: at }, 'done now later later'],
    ['somebody is on the line', { status: 'IN_CALL', sentAt: at }, 'done now later later'],
    ['told what is to be paid', { status: 'IN_CALL', sentAt: at, callStep: 'CONNECTED' }, 'done now later later'],
    ['keying in the card', { status: 'IN_CALL', sentAt: at, callStep: 'CARD' }, 'done done now later'],
    ['keying in another card', { status: 'IN_CALL', sentAt: at, callStep: 'CARD', tries: 1 }, 'done done now later'],
    ['the acquirer is asked', { status: 'PAYING', sentAt: at }, 'done done done now'],
    ['declined and hung up', { status: 'SENT', sentAt: at, tries: 1 }, 'done now later later'],
    ['read out over the phone', { status: 'IN_CALL', callStep: 'CARD', message: { status: 'UNDELIVERED', kind: 'LMS' } }, 'bad done now later'],
    ['not delivered', { status: 'UNDELIVERED', message: { status: 'REJECTED', kind: 'LMS', at } }, 'bad later later later'],
    ['paid', { status: 'PAID', sentAt: at, tries: 1 }, 'done done done done'],
    ['expired without a call', { status: 'EXPIRED', sentAt: at }, 'done later later bad'],
    ['out of tries', { status: 'FAILED', sentAt: at, tries: 5 }, 'done done done bad'],
  ])('of a call: %s', (_, part, expected) => expect(stands({ kind: 'ARS', ...part })).toBe(expected));

  it('of a call are named as they go', () => {
    const named = (part: Partial<PayRequest>): string[] => stepsOf({ ...base, kind: 'ARS', sentAt: at, ...part }).map(({ text }) => text);
    expect(named({ status: 'SENT' })).toEqual(['문자 발송', '전화 연결', '카드 입력', '승인']);
    expect(named({ status: 'IN_CALL', callStep: 'CARD' })).toEqual(['문자 발송', '통화 중', '카드 입력', '승인']);
    expect(named({ status: 'PAYING' }).at(-1)).toBe('승인 중');
    expect(named({ status: 'WITHDRAWN' }).at(-1)).toBe('요청 취소');
  });

  it.each<[string, Partial<PayRequest>, string]>([
    ['nothing yet', {}, '구매자가 전화하면 알려 드려요'],
    ['how to call was read, which is no call', { openedAt: at }, '구매자가 안내를 봤어요. 전화하면 알려 드려요'],
    ['a card was declined', { openedAt: at, tries: 1 }, '구매자가 다시 전화하면 알려 드려요'],
  ])('wait for a call: %s', (_, part, note) => expect(stepsOf({ ...base, kind: 'ARS', status: 'SENT', sentAt: at, ...part })[1]).toMatchObject({ note, stand: 'now', at: undefined }));
});

/** The modules that a path of rows paints. */
function painted({ size, path }: { size: number; path: string }): boolean[][] {
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, n] of path.matchAll(/M(\d+) (\d+)h(\d+)v1H\d+z/g)) for (let i = 0; i < Number(n); i++) grid[Number(y)]![Number(x) + i] = true;
  return grid;
}

it.each(['https://pay.example/p/abc', `https://pay.example/p/${'x'.repeat(43)}`])('the picture of a QR code has its modules, and the quiet zone around it: %s', (text) => {
  const code = codeOf(text);
  expect(painted(code)).toEqual(encode(text, { ecc: 'M', border: 4 }).data);
  const grid = painted(code);
  expect(grid.slice(0, 4).flat().includes(true)).toBe(false);
  // The finder pattern in the corner.
  expect(grid[4]!.slice(4, 12)).toEqual([true, true, true, true, true, true, true, false]);
});
