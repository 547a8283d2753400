import { beforeEach, describe, expect, test } from 'vitest';
import { answersOf, enough } from '../src/merchant/pages/terms/agree';
import { blocksOf } from '../src/shared/design/terms-body';
import { codesIn, EMPTY, readDraft, strength, tidyCode, writeDraft } from '../src/merchant/pages/register/draft';
import type { Terms } from '../src/shared/api/join';

describe('a registration on its way', () => {
  beforeEach(() => sessionStorage.clear());

  test('is kept through a reload, and its last step begins with the password again', () => {
    writeDraft({ ...EMPTY, step: 'terms', token: 't', loginId: 'kim', said: { SERVICE: true } });
    expect(readDraft()).toMatchObject({ step: 'password', token: 't', loginId: 'kim', said: { SERVICE: true } });
    expect(sessionStorage.getItem('innopay.join')).not.toContain('password":"');
    writeDraft(null);
    expect(readDraft()).toEqual(EMPTY);
  });

  test.each(['', '{', '[]', 'null', '{"step":"terms"}', '{"step":7,"token":{}}', '{"step":"nowhere","token":"t"}'])('of an odd kind begins anew: %s', (stored) => {
    sessionStorage.setItem('innopay.join', stored);
    expect(readDraft().step).toBe('codes');
  });

  test('takes its codes from behind the # of an invite, and from nothing else', () => {
    expect(codesIn('#ABC234-DEFG5678')).toEqual({ shopCode: 'ABC234', inviteCode: 'DEFG5678' });
    for (const odd of ['', '#', '#abc234-defg5678', '#ABC234-DEFG56789', '#ABC234DEFG5678', '#<b>-x']) expect(codesIn(odd)).toBeNull();
    expect(tidyCode(' ab c2-34xyz', 6)).toBe('ABC234');
  });

  test('tells a short password from a good one', () => {
    expect([strength('', 10), strength('abc', 10), strength('aaaaaaaaaaaaaaaa', 10), strength('brumal-Tock', 10), strength('brumal-Tock-29', 10), strength('brumal-Tock-29-vexil-quandry', 10)]).toEqual([0, 0, 1, 1, 2, 3]);
    expect(['password12345', 'Qwerty1234567', '비밀번호비밀번호12345'].map((word) => strength(word, 10))).toEqual([1, 1, 1]);
  });
});

describe('terms', () => {
  const docs = [
    { kind: 'SERVICE', version: 2, required: true },
    { kind: 'MARKETING', version: 1, required: false },
  ] as Terms[];

  test('are agreed to where that is required, and refused where it is not', () => {
    expect([enough(docs, {}), enough(docs, { MARKETING: true }), enough(docs, { SERVICE: true })]).toEqual([false, false, true]);
    expect(answersOf(docs, { SERVICE: true })).toEqual([
      { kind: 'SERVICE', version: 2, agreed: true },
      { kind: 'MARKETING', version: 1, agreed: false },
    ]);
  });

  test('are headings, paragraphs and lists; markup stays text', () => {
    expect(blocksOf('머리말\n이어서\n\n# 제1조\n- 하나\n- 둘\n\n<b>셋</b>\n## 가\n# 나\n끝')).toEqual([
      { as: 'p', text: '머리말\n이어서' },
      { as: 'h2', text: '제1조' },
      { as: 'ul', items: ['하나', '둘'] },
      { as: 'p', text: '<b>셋</b>' },
      { as: 'h3', text: '가' },
      { as: 'h2', text: '나' },
      { as: 'p', text: '끝' },
    ]);
  });
});
