import { describe, expect, it } from 'vitest';
import { isCancelable, obstacleOf, taxFreeLeft, taxFreeRange } from '../src/merchant/pages/cancel/cancelable';
import { activeOf } from '../src/merchant/pages/payments/active';
import { PLAIN } from '../src/merchant/pages/payments/filter';
import { byDay, netOf } from '../src/merchant/pages/payments/list';
import { linesOf, settlingText } from '../src/merchant/pages/payments/story';
import { staff } from '../src/merchant/staff';
import { payments } from '../src/shared/api/api';
import type { Cancel, Payment, Step, Timeline } from '../src/shared/api/types';
import { ko } from '../src/shared/i18n/ko';

const cancel = (status: Cancel['status'], amount: number, taxFreeAmount = 0): Cancel => ({ status, amount, taxFreeAmount }) as Cancel;
const payment = (part: Partial<Payment>): Payment => ({ id: 'pay_1', status: 'DONE', amount: 10_000, balanceAmount: 10_000, taxFreeAmount: 0, cancels: [], requestedAt: '2026-11-24T12:00:00+09:00', ...part }) as Payment;

describe('what stands in the way of a cancel', () => {
  it.each<[string, Partial<Payment>, ReturnType<typeof obstacleOf>]>([
    ['a sale', {}, null],
    ['part of it cancelled', { status: 'PARTIAL_CANCELED', balanceAmount: 4000 }, null],
    ['all of it cancelled', { status: 'CANCELED', balanceAmount: 0 }, 'allCanceled'],
    ['the whole rest reserved by a cancel of unknown outcome', { balanceAmount: 0, cancels: [cancel('UNKNOWN', 10_000)] }, 'canceling'],
    ['a failed cancel beside', { cancels: [cancel('FAILED', 10_000)] }, null],
    ['declined', { status: 'ABORTED' }, 'notApproved'],
    ['expired', { status: 'EXPIRED' }, 'notApproved'],
    ['unknown', { status: 'UNKNOWN' }, 'checking'],
    ['under way', { status: 'IN_PROGRESS' }, 'checking'],
    ['a request nobody paid yet', { status: 'READY' }, 'notPaid'],
  ])('%s', (_, part, want) => {
    expect(obstacleOf(payment(part))).toBe(want);
    expect(isCancelable(payment(part))).toBe(want === null);
    if (want) expect(ko.cancel.obstacles[want]).not.toContain('실패');
  });
});

describe('the tax-free part of a partial cancel', () => {
  const mixed = payment({ amount: 10_000, balanceAmount: 7000, taxFreeAmount: 3000, cancels: [cancel('DONE', 3000, 1000), cancel('FAILED', 2000, 500)] });

  it('leaves out what was cancelled, not what failed', () => {
    expect(taxFreeLeft(mixed)).toBe(2000);
  });

  it.each([
    [1000, { least: 0, most: 1000 }],
    [4000, { least: 0, most: 2000 }],
    // 5,000 of what is left bears tax: 6,000 needs 1,000 that does not.
    [6000, { least: 1000, most: 2000 }],
    [7000, { least: 2000, most: 2000 }],
  ])('of %i', (part, want) => {
    expect(taxFreeRange(mixed, part)).toEqual(want);
  });
});

describe('days', () => {
  const row = (id: string, requestedAt: string, part: Partial<Payment> = {}): Payment => payment({ id, requestedAt, ...part });
  const rows = [
    row('d', '2026-11-24T00:01:00+09:00'),
    row('c', '2026-11-23T23:59:00+09:00', { status: 'PARTIAL_CANCELED', cancels: [cancel('DONE', 4000), cancel('UNKNOWN', 1000)] }),
    row('b', '2026-11-23T10:00:00+09:00', { status: 'ABORTED' }),
  ];

  it('group rows by Korean day in their order, with what each brought', () => {
    expect(byDay(rows, false).map(({ day, rows, net }) => [day, rows.map(({ id }) => id), net])).toEqual([
      ['2026-11-24', ['d'], 10_000],
      ['2026-11-23', ['c', 'b'], 6000],
    ]);
  });

  it('say nothing of a day whose rows are not all there', () => {
    expect(byDay(rows, true).map(({ net }) => net)).toEqual([10_000, null]);
  });

  it('count nothing that is not approved', () => {
    for (const status of ['READY', 'IN_PROGRESS', 'UNKNOWN', 'ABORTED', 'EXPIRED'] as const) expect(netOf(payment({ status }))).toBe(0);
    expect(netOf(payment({ status: 'CANCELED', cancels: [cancel('DONE', 10_000)] }))).toBe(0);
  });
});

describe('conditions as chips', () => {
  it('are told in words and taken away one by one', () => {
    const filter = { ...PLAIN, q: '빵', details: { minAmount: '10000', issuerCode: '41', installmentMonths: '3' } };
    const active = activeOf(filter);
    expect(active.map(({ text }) => text)).toEqual(['검색 빵', '10,000원 이상', '카드사 신한카드', '할부 3개월']);
    expect(active[0]?.without).toEqual({ q: '' });
    expect(active[2]?.without).toEqual({ details: { minAmount: '10000', installmentMonths: '3' } });
    expect(filter.details.issuerCode).toBe('41');
  });

  it('name who took the payments, as far as it is known', () => {
    const chip = (staffId: string): string | undefined => activeOf({ ...PLAIN, details: { staffId } })[0]?.text;
    staff.value = [{ id: 'usr_1', name: '시험 점주', role: 'OWNER', active: true }, { id: 'usr_2', name: '시험 직원', role: 'STAFF', active: false }];
    expect([chip('usr_2'), chip('usr_3'), chip('key_1')]).toEqual(['담당자 시험 직원', '담당자', '담당자 API']);
    staff.value = [];
    expect(chip('usr_2')).toBe('담당자');
  });

  it('are none when nothing is asked', () => {
    expect(activeOf(PLAIN)).toEqual([]);
  });
});

it('asks for a file with every condition, repeated ones as well', () => {
  expect(payments.exportAddress({}, 'xlsx')).toBe('/v1/payments/export?format=xlsx');
  expect(payments.exportAddress({ from: '2026-11-24', status: ['DONE', 'CANCELED'], minAmount: 5, unsettled: true, q: '꽃&빵' }, 'csv')).toBe(
    '/v1/payments/export?from=2026-11-24&status=DONE&status=CANCELED&minAmount=5&unsettled=true&q=%EA%BD%83%26%EB%B9%B5&format=csv',
  );
});

describe('the life of a payment', () => {
  const step = (kind: Step['kind'], part: Partial<Step> = {}): Step => ({ kind, at: '2026-11-24T12:00:00+09:00', ...part });

  it('has a sentence for every step there is', () => {
    const kinds: Step['kind'][] = ['REQUESTED', 'SIGNED', 'SENT', 'APPROVED', 'DECLINED', 'NOT_SENT', 'UNKNOWN', 'REVERSAL', 'INQUIRY', 'UNDO', 'REVERSED', 'ABSENT', 'LATE_ANSWER', 'CANCEL_REQUESTED', 'CANCEL_SENT', 'CANCEL_UNKNOWN', 'CANCEL_DONE', 'CANCEL_FAILED'];
    for (const line of linesOf(kinds.map((kind) => step(kind)))) {
      expect(line.text).not.toBe('');
      expect(line.text).not.toBe(ko.story.other);
      expect(line.text).not.toContain('실패');
    }
  });

  it('tells a kind it does not know all the same', () => {
    expect(linesOf([step('SOMETHING_NEW' as Step['kind'])])[0]?.text).toBe(ko.story.other);
  });

  it('tells inquiries that found the same as one, with their number and both times', () => {
    const ask = (at: string, result: string): Step => step('INQUIRY', { at, result, attemptId: `att_${at}` });
    const lines = linesOf([step('UNKNOWN'), ask('1', 'UNKNOWN'), ask('2', 'UNKNOWN'), ask('3', 'ABSENT')]);
    expect(lines.map(({ text, note, at, until }) => [text, note, at, until]).slice(1)).toEqual([
      [ko.story.inquiry['UNKNOWN'], '2번 물음', '1', '2'],
      [ko.story.inquiry['ABSENT'], '', '3', undefined],
    ]);
  });

  it('names numbers, reasons and repeats', () => {
    expect(linesOf([step('APPROVED', { number: '00123456' })])[0]?.note).toBe('승인번호 00123456');
    expect(linesOf([step('CANCEL_REQUESTED', { amount: 3000, message: '변심' })])[0]).toMatchObject({ text: '3,000원 취소를 요청했어요', note: '변심' });
    expect(linesOf([step('REVERSAL', { result: 'APPROVED', sends: 3 })])[0]?.note).toBe('3번 보냄');
    expect(linesOf([step('CANCEL_SENT', { attemptId: 'att_1', cancelId: 'cnl_1' })])[0]?.ids).toEqual(['att_1', 'cnl_1']);
  });
});

describe('what is happening to an open payment', () => {
  const line = (phase: Timeline['settling'][number]['phase'], cancelId?: string): Timeline => ({ steps: [], settling: [{ phase, tries: 1, since: '', nextAt: '', ...(cancelId ? { cancelId } : {}) }] });

  it('comes from its job, and never says that it failed', () => {
    expect(settlingText(payment({ status: 'UNKNOWN' }), line('REVERSE'))).toBe(ko.story.phase.REVERSE);
    expect(settlingText(payment({}), line('REPEAT', 'cnl_1'))).toBe(ko.story.phaseCancel.REPEAT);
    for (const text of [...Object.values(ko.story.phase), ...Object.values(ko.story.phaseCancel)]) expect(text).not.toContain('실패');
  });

  it('is known a little before its job is', () => {
    expect(settlingText(payment({ status: 'UNKNOWN' }), undefined)).toBe(ko.story.phase.SENDING);
    expect(settlingText(payment({ cancels: [cancel('UNKNOWN', 1)] }), undefined)).toBe(ko.story.phaseCancel.REPEAT);
  });
});
