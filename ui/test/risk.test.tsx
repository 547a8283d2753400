import { render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { risk, type Rule, type Trial } from '../src/console/api-risk';
import { BlocksTab } from '../src/console/pages/risk/blocks';
import { draftOf, FRESH, isCard, limitText, maskedCard, searchText, sent, trialKey, untilOf, windowParts, windowSeconds } from '../src/console/pages/risk/draft';
import { RulesTab } from '../src/console/pages/risk/rules';
import { navigate, place } from '../src/shared/router/router';

const RULE: Rule = { id: 'rul_1', name: '한도', kind: 'PAYMENT_AMOUNT', action: 'REFUSE', enabled: true, mostAmount: 300_000, createdAt: '2028-02-29T01:00:00Z', createdBy: 'usr_1', updatedAt: '2028-02-29T01:00:00Z', version: 3 };
const TRIAL: Trial = {
  from: '2028-02-22T01:00:00Z',
  to: '2028-02-29T01:00:00Z',
  examined: 120,
  found: 2,
  amount: 800_000,
  payments: [1, 2].map((n) => ({ merchantId: 'mer_1', paymentId: `pay_${n}`, at: '2028-02-28T01:00:00Z', amount: 400_000 })),
  exact: false,
  whole: false,
};

let root: HTMLElement;
const shown = (): string => root.textContent ?? '';
const button = (name: string): HTMLButtonElement => [...root.querySelectorAll('button')].find((each) => each.textContent?.trim() === name)!;
const field = (name: string): HTMLInputElement => {
  const label = [...root.querySelectorAll('label')].find((each) => each.textContent?.startsWith(name))!;
  return root.querySelector<HTMLInputElement>(`#${CSS.escape(label.htmlFor)}`)!;
};
const settle = (): Promise<void> => act(async () => void (await new Promise((done) => setTimeout(done, 0))));
async function type(name: string, text: string): Promise<void> {
  const input = field(name);
  await act(() => {
    input.value = text;
    input.dispatchEvent(new Event(input.tagName === 'SELECT' ? 'change' : 'input', { bubbles: true }));
  });
}
async function press(name: string): Promise<void> {
  await act(() => button(name).click());
  await settle();
}

beforeEach(() => {
  // jsdom knows no modal dialogs.
  HTMLDialogElement.prototype.showModal ??= function showModal() { this.open = true; };
  HTMLDialogElement.prototype.close ??= function close() { this.open = false; };
  document.body.innerHTML = '<div id="root"></div>';
  root = document.getElementById('root')!;
  navigate('/risk', { replace: true });
});
afterEach(() => {
  act(() => render(null, root));
  vi.restoreAllMocks();
});

describe('a rule', () => {
  test('is sent with what its kind uses alone', () => {
    expect(sent({ ...FRESH, name: ' 밤 ', kind: 'NIGHT', merchantId: ' ' })).toEqual({ name: '밤', kind: 'NIGHT', action: 'REVIEW', enabled: false, mostAmount: 1_000_000, from: '23:00', until: '06:00' });
    expect(sent({ ...FRESH, name: 'a', kind: 'CARD_DECLINES', merchantId: 'mer_1' })).toEqual({ name: 'a', kind: 'CARD_DECLINES', action: 'REVIEW', enabled: false, merchantId: 'mer_1', mostCount: 5, windowSeconds: 3600 });
    expect(sent(draftOf(RULE))).toEqual({ name: '한도', kind: 'PAYMENT_AMOUNT', action: 'REFUSE', enabled: true, mostAmount: 300_000 });
  });

  test('keeps a limit of none that stands', () => {
    const velocity: Rule = { ...RULE, kind: 'CARD_VELOCITY', mostAmount: 0, mostCount: 3, windowSeconds: 60 };
    expect(sent(draftOf(velocity))).toMatchObject({ mostAmount: 0, mostCount: 3, windowSeconds: 60 });
  });

  test('says its limit in words', () => {
    const of = (change: Partial<Rule>): string => limitText({ ...RULE, ...change });
    expect(of({})).toBe('한 건 300,000원 초과');
    expect(of({ kind: 'CARD_VELOCITY', mostCount: 5, windowSeconds: 3600 })).toBe('1시간에 5건 또는 300,000원 초과');
    expect(of({ kind: 'MERCHANT_VELOCITY', mostAmount: 0, mostCount: 5, windowSeconds: 86_400 })).toBe('1일에 5건 초과');
    expect(of({ kind: 'CARD_DECLINES', mostCount: 3, windowSeconds: 90 * 60 })).toBe('90분에 3번 거절');
    expect(of({ kind: 'NIGHT', from: '23:00', until: '06:00', mostAmount: 0 })).toBe('23:00~06:00 모든 결제');
  });

  test('spans are told in their largest whole unit and back', () => {
    for (const [seconds, n, unit] of [[60, 1, 'MINUTE'], [3600, 1, 'HOUR'], [5400, 90, 'MINUTE'], [604_800, 7, 'DAY']] as const) {
      expect(windowParts(seconds)).toEqual({ n, unit });
      expect(windowSeconds(n, unit)).toBe(seconds);
    }
  });

  test('a trial is of the limits, not of the name or of whether it is in force', () => {
    expect(trialKey({ ...FRESH, name: 'a', enabled: true })).toBe(trialKey({ ...FRESH, name: 'b' }));
    expect(trialKey({ ...FRESH, mostAmount: 1 })).not.toBe(trialKey(FRESH));
    expect(trialKey({ ...FRESH, action: 'REFUSE' })).not.toBe(trialKey(FRESH));
  });
});

describe('the page of rules', () => {
  test('puts in force only what was tried as it stands, and says what it would have done', async () => {
    vi.spyOn(risk, 'rules').mockResolvedValue({ rows: [] });
    const tried = vi.spyOn(risk, 'try').mockResolvedValue(TRIAL);
    const made = vi.spyOn(risk, 'create').mockResolvedValue(RULE);
    act(() => render(<RulesTab />, root));
    await settle();
    expect(shown()).toContain('아직 규칙이 없어요');
    await press('규칙 추가');
    await type('규칙 이름', '큰 금액');
    await type('사유', '사고 예방');
    await type('저장한 뒤', 'ON');
    expect(button('규칙 켜기').disabled).toBe(true);
    await press('지난 7일로 시험하기');
    expect(tried).toHaveBeenCalledWith({ name: '큰 금액', kind: 'PAYMENT_AMOUNT', action: 'REVIEW', enabled: true, mostAmount: 1_000_000 });
    for (const words of ['2건에 표시했을 거예요', '카드 결제 120건 가운데', '800,000원', '다 보지 못했어요', '앞 6자리와 뒤 4자리']) expect(shown()).toContain(words);
    expect(root.querySelectorAll('.trial-result a[href*="pay_"]')).toHaveLength(2);
    expect(button('규칙 켜기').disabled).toBe(false);
    await type('최대 금액', '2,000,000');
    expect(shown()).not.toContain('표시했을 거예요');
    expect(button('규칙 켜기').disabled).toBe(true);
    await press('지난 7일로 시험하기');
    await press('규칙 켜기');
    expect(made).toHaveBeenCalledWith(expect.objectContaining({ enabled: true, mostAmount: 2_000_000 }), '사고 예방');
  });

  test('switches a rule off without touching its limits, with a reason', async () => {
    vi.spyOn(risk, 'rules').mockResolvedValue({ rows: [RULE] });
    const change = vi.spyOn(risk, 'change').mockResolvedValue({ ...RULE, enabled: false, version: 4 });
    navigate('/risk?open=rul_1', { replace: true });
    act(() => render(<RulesTab />, root));
    await settle();
    await press('규칙 끄기');
    const dialog = root.querySelector('dialog[open]')!;
    const reason = dialog.querySelector('input')!;
    await act(() => {
      reason.value = '잘못 막음';
      reason.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await act(() => dialog.querySelector('form')!.requestSubmit());
    await settle();
    expect(change).toHaveBeenCalledWith('rul_1', 3, { name: '한도', kind: 'PAYMENT_AMOUNT', action: 'REFUSE', enabled: false, mostAmount: 300_000 }, '잘못 막음');
  });

  test('shows what went wrong, and tries again', async () => {
    const rules = vi.spyOn(risk, 'rules').mockRejectedValueOnce(new Error('no')).mockResolvedValue({ rows: [RULE] });
    act(() => render(<RulesTab />, root));
    await settle();
    expect(shown()).not.toContain('한 건 300,000원 초과');
    await act(() => root.querySelector<HTMLButtonElement>('.state button')!.click());
    await settle();
    expect(rules).toHaveBeenCalledTimes(2);
    expect(shown()).toContain('한 건 300,000원 초과');
  });
});

describe('the block-list', () => {
  test('knows a card by its first six and last four digits', () => {
    expect([isCard('4111 1111 1111 1111'), isCard('4111111111111112'), isCard('411111')]).toEqual([true, false, false]);
    expect(maskedCard('4111-1111-1111-1111')).toBe('411111******1111');
    expect(searchText('4111 1111 1111 1111 분실')).toBe('411111******1111 분실');
    expect(searchText('411111 도난')).toBe('411111 도난');
    expect(searchText('010-0000-0001')).toBe('010-0000-0001');
  });

  test('ends when it says', () => {
    const now = new Date('2028-02-29T01:00:00Z');
    expect(untilOf('EVER', '', now)).toBeUndefined();
    expect(untilOf('WEEK', '', now)).toBe('2028-03-07T01:00:00.000Z');
    expect(untilOf('DATE', '2028-03-01', now)).toBe('2028-03-01T15:00:00.000Z');
    expect(untilOf('DATE', '', now)).toBeUndefined();
  });

  test('a number that is typed is never shown in full, and searched for by what is shown of it', async () => {
    const blocks = vi.spyOn(risk, 'blocks').mockResolvedValue({ rows: [] });
    const block = vi.spyOn(risk, 'block').mockResolvedValue({ id: 'blk_1', kind: 'CARD', label: '411111******1111', reason: '도난', createdAt: '2028-02-29T01:00:00Z', createdBy: 'usr_1', ended: false });
    navigate('/risk?tab=blocks', { replace: true });
    act(() => render(<BlocksTab />, root));
    await settle();
    const search = field('표시된 번호나 사유');
    await act(() => {
      search.value = '4111 1111 1111 1111';
      search.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await act(() => void search.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true })));
    await settle();
    expect(place.value.query.get('q')).toBe('411111******1111');
    expect(blocks.mock.calls.at(-1)![0]).toEqual({ q: '411111******1111' });
    await press('차단 추가');
    await type('카드번호', '4111 1111 1111 1111');
    await type('사유', '도난');
    await type('끝나는 때', 'WEEK');
    expect(field('카드번호').closest('.field-secret')).not.toBeNull();
    expect(shown()).toContain('411111******1111 카드를 막아요.');
    expect(shown()).not.toMatch(/4111\D?1111\D?1111\D?1111/);
    await act(() => root.querySelector<HTMLFormElement>('.drawer form')!.requestSubmit());
    await settle();
    expect(block).toHaveBeenCalledWith({ number: '4111111111111111', reason: '도난', until: expect.stringMatching(/Z$/) });
  });
});
