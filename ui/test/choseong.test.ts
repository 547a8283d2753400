import { describe, expect, it } from 'vitest';
import { holds, queryOf, searchable } from '../src/shared/text/choseong';

const found = (name: string, query: string): boolean => holds(searchable(name), queryOf(query));

describe('search by initials', () => {
  it.each([
    ['아메리카노', 'ㅇㅁㄹㅋㄴ'],
    ['아메리카노', 'ㅁㄹㅋ'],
    ['아메리카노', '아메'],
    ['아메리카노', '아ㅁㄹ'],
    ['아메리카노', '메리카노'],
    ['아메리카노', 'ㅇ'],
    ['아이스 아메리카노', 'ㅇㅇㅅㅇㅁ'],
    ['아이스 아메리카노', '스아메'],
    ['Americano 355ml', 'AMER'],
    ['라면 5개입', '5ㄱㅇ'],
    ['바닐라라떼', 'ㄹㄹㄷ'],
    ['바닐라라떼', 'ㄹㄹㄸ'],
    ['소금빵', 'ㅅㄱㅂ'],
    ['', ''],
    ['아메리카노', ''],
  ])('finds %s by %s', (name, query) => expect(found(name, query)).toBe(true));

  it.each([
    ['아메리카노', 'ㅇㄹㅋㄴ'],
    ['아메리카노', 'ㅇㅁㄹㅋㄴㄴ'],
    ['카페라떼', '카라'],
    ['아메리카노', '어메'],
    ['아메리카노', 'x'],
    ['따뜻한 차', 'ㄷㄷㅎㅊㅊ'],
    ['다과', 'ㄸㄱ'],
    ['', 'ㄱ'],
  ])('does not find %s by %s', (name, query) => expect(found(name, query)).toBe(false));

  it('takes apart the consonants that a keyboard joined', () => {
    expect(queryOf('ㄻㅇㅇㄷ')).toBe('ㄹㅁㅇㅇㄷ');
    expect(found('레몬에이드', 'ㄻㅇㅇㄷ')).toBe(true);
    expect(found('밥솥', 'ㅄ')).toBe(true);
  });

  it('goes along with a syllable that is still being typed', () => {
    for (const typed of ['ㅇ', '아', '암', '아메', '아멜', '아메리', '아메맄', '아메릭']) expect(found('아메리카노', typed), typed).toBe(typed !== '아메릭');
    for (const typed of ['ㅋ', '커', '컵']) expect(found('컵라면', typed), typed).toBe(true);
    expect(found('카페라떼', '캎')).toBe(true);
    expect(found('카페라떼', '캎라')).toBe(false);
  });

  it('finds a name whose letters arrive decomposed', () => {
    expect(found('아메리카노'.normalize('NFD'), 'ㅇㅁㄹㅋㄴ')).toBe(true);
    expect(found('아메리카노', '아메'.normalize('NFD'))).toBe(true);
  });
});
