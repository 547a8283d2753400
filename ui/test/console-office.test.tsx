import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TermsLine } from '../src/console/api-office';
import { draftMonths } from '../src/console/pages/interest/months';
import { bodyOf, complete, draftOf, EMPTY } from '../src/console/pages/notices/draft';
import { Diff } from '../src/console/pages/terms/diff';
import { draftFrom, keepDraft, publicationOf, readDraft } from '../src/console/pages/terms/draft';
import { count, folded, parted } from '../src/console/pages/terms/folded';
import { diffAddress, kindOf, mustAgree, newAddress, readVersion } from '../src/console/pages/terms/versions';
import { valueNow } from '../src/console/pages/tickets/changes';
import { instantOf, localTime } from '../src/shared/text/day';

let root: HTMLElement;
beforeEach(() => {
  localStorage.clear();
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root')!;
});
afterEach(() => act(() => render(null, root)));

describe('months without interest', () => {
  it.each([
    ['2,3,6', [2, 3, 6]],
    ['6, 2~4', [2, 3, 4, 6]],
    ['2-6개월', [2, 3, 4, 5, 6]],
    ['12', [12]],
    ['3,3', [3]],
    ['1', []],
    ['13', []],
    ['6~2', []],
    ['2,', []],
    ['둘', []],
    ['', []],
  ])('%s is %j', (text, months) => expect(draftMonths(text)).toEqual(months));
});

describe('a notice', () => {
  const full = { ...EMPTY, title: ' 점검 ', body: '쉬어요\n' };
  it('is for all and begins at once where nothing else is said', () => {
    expect(bodyOf(full)).toEqual({ title: '점검', body: '쉬어요', important: false });
    expect(complete(full)).toBe(true);
    expect(complete({ ...full, body: ' ' })).toBe(false);
  });

  it('begins by the clock in Seoul, and not without its time', () => {
    const later = { ...full, later: true, from: '2026-12-01T02:00', until: '2026-12-02T02:00', role: 'OWNER' as const, merchantId: 'mer_1' };
    expect(bodyOf(later)).toEqual({ title: '점검', body: '쉬어요', important: false, merchantId: 'mer_1', role: 'OWNER', from: '2026-12-01T02:00:00+09:00', until: '2026-12-02T02:00:00+09:00' });
    expect(complete({ ...later, from: '' })).toBe(false);
    // What was chosen before somebody said "at once" is not sent.
    expect(bodyOf({ ...later, later: false })).not.toHaveProperty('from');
  });

  it('is written anew as it stands', () => {
    const draft = draftOf({ id: 'ntc_1', title: 'a', body: 'b', important: true, from: '2026-11-30T17:00:00Z', status: 'SCHEDULED', createdAt: '', audience: 0, readers: 0, version: 1 });
    expect(draft).toMatchObject({ merchantId: '', role: '', important: true, later: true, from: '2026-12-01T02:00', until: '' });
    expect(instantOf(localTime('2026-11-30T17:00:00Z'))).toBe('2026-12-01T02:00:00+09:00');
    expect([localTime(undefined), instantOf('')]).toEqual(['', '']);
  });
});

describe('terms', () => {
  const doc = { kind: 'SERVICE', version: 3, title: '이용약관', required: true, effectiveFrom: '2026-01-01', sample: false, state: 'CURRENT', publishedAt: '', publishedBy: '', body: '본문', people: 10, agreed: 4 } as const;

  it('are named by an address, and by nothing else', () => {
    expect(readVersion('SERVICE/3')).toEqual({ kind: 'SERVICE', version: 3 });
    for (const text of ['', 'SERVICE', 'SERVICE/0', 'SERVICE/x', 'SERVICE/1/2', 'OTHER/1', 'SERVICE/123456']) expect(readVersion(text), text).toBe(null);
    expect([kindOf('privacy'), kindOf('nothing')]).toEqual(['PRIVACY', null]);
    expect([diffAddress('FINANCE', 1, 2), newAddress('FINANCE')]).toEqual(['/terms/finance/diff?from=1&to=2', '/terms/new?kind=finance']);
  });

  it('are agreed to again by those who have not', () => {
    expect(mustAgree(doc)).toBe(6);
    expect(mustAgree({})).toBe(0);
  });

  it('keep a draft in the browser until it is published or thrown away', () => {
    const draft = { ...draftFrom(doc, '2026-11-28'), changes: ' 제1조 ', keptAt: 1 };
    keepDraft('SERVICE', draft);
    expect(readDraft('SERVICE')).toEqual(draft);
    expect(readDraft('PRIVACY')).toBe(null);
    keepDraft('SERVICE', null);
    expect(readDraft('SERVICE')).toBe(null);
    localStorage.setItem('innopay.console.terms.SERVICE', '{"title":1}');
    expect(readDraft('SERVICE')).toBe(null);
    expect(publicationOf('SERVICE', draft)).toEqual({ kind: 'SERVICE', title: '이용약관', required: true, body: '본문', changes: '제1조', effectiveFrom: '2026-11-28' });
    expect(publicationOf('SERVICE', { ...draft, changes: ' ' })).not.toHaveProperty('changes');
  });

  const same = (n: number): TermsLine[] => Array.from({ length: n }, (_, i) => ({ op: 'SAME', text: `같은 줄 ${i}` }));
  const lines: TermsLine[] = [...same(6), { op: 'REMOVED', text: '옛 조항' }, { op: 'CHANGED', words: [{ op: 'SAME', text: '기한 ' }, { op: 'REMOVED', text: '7' }, { op: 'ADDED', text: '30' }, { op: 'SAME', text: '일' }] }, ...same(1), { op: 'ADDED', text: '새 조항' }, ...same(4)];

  it('show what changed with a little around it', () => {
    expect(folded(lines).map((each) => ('line' in each ? each.line.op : each.skipped))).toEqual([4, 'SAME', 'SAME', 'REMOVED', 'CHANGED', 'SAME', 'ADDED', 'SAME', 'SAME', 2]);
    expect(folded(same(9))).toEqual([{ skipped: 9 }]);
    expect([count(lines, 'ADDED'), count(lines, 'SAME')]).toEqual([1, 11]);
  });

  it('do not weave lines into each other that have little in common', () => {
    const words = (...all: [string, string][]): TermsLine => ({ op: 'CHANGED', words: all.map(([op, text]) => ({ op: op as 'SAME', text })) });
    const near = words(['SAME', '회사는 '], ['REMOVED', '7'], ['ADDED', '30'], ['SAME', '일 전에 알려요.']);
    const far = words(['REMOVED', '이 약관은'], ['SAME', ' '], ['ADDED', '새로 더한 '], ['REMOVED', '권리를 정해요'], ['SAME', ' '], ['ADDED', '항목']);
    expect(parted([near, ...same(1), far])).toEqual([near, ...same(1), { op: 'REMOVED', text: '이 약관은 권리를 정해요 ' }, { op: 'ADDED', text: ' 새로 더한  항목' }]);
    // A line that is only longer than before is a changed one.
    expect(parted([words(['SAME', '사업자'], ['ADDED', '와 그 직원, 그리고 그 밖의 모든 사람'])])).toHaveLength(1);
  });

  it('say in words, not by colour alone, what came and what went', () => {
    act(() => render(<Diff lines={lines} />, root));
    expect([...root.querySelectorAll('.diff-op')].map((each) => each.textContent).filter(Boolean)).toEqual(['뺌', '고침', '더함']);
    expect(root.querySelector('.is-changed .diff-text')?.textContent?.replace(/\s+/g, ' ')).toBe('기한 뺀 글 시작 7 끝 더한 글 시작 30 끝 일');
    expect(root.querySelectorAll('.diff-skip')).toHaveLength(2);
    act(() => root.querySelector('button')?.click());
    expect(root.querySelectorAll('.diff-line')).toHaveLength(lines.length);
    act(() => render(<Diff key="equal" lines={same(3)} />, root));
    expect(root.textContent).toContain('본문이 같아요');
  });
});

describe('a change that a merchant asks for', () => {
  const shop = { name: '인페이마트', ownerName: '김대표', address: '서울', phone: '0219990000' };
  it('stands beside how it is now, where that is one value', () => {
    expect((['NAME', 'OWNER_NAME', 'ADDRESS', 'PHONE'] as const).map((field) => valueNow(field, shop))).toEqual(['인페이마트', '김대표', '서울', '02-1999-0000']);
    for (const field of ['SETTLEMENT_ACCOUNT', 'FEES', 'LIMITS', 'CONTRACT', 'OTHER'] as const) expect(valueNow(field, shop)).toBe('');
  });
});
