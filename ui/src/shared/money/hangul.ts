const DIGITS = ['', '일', '이', '삼', '사', '오', '육', '칠', '팔', '구'];
const PLACES = ['', '십', '백', '천'];
const GROUPS = ['', '만', '억'];

/** Reads up to four digits; a leading one is dropped before 십, 백 and 천. */
function readGroup(group: number): string {
  let text = '';
  for (let place = 3; place >= 0; place--) {
    const digit = Math.floor(group / 10 ** place) % 10;
    if (digit === 0) continue;
    text += `${digit === 1 && place > 0 ? '' : DIGITS[digit]}${PLACES[place]}`;
  }
  return text;
}

/**
 * How an amount is said in Korean: 1,234,500 is 백이십삼만 사천오백 원. A bare 만 stands
 * for 10,000 only at the head, as people say it. Zero is 영 원.
 */
export function hangulWon(won: number): string {
  if (won === 0) return '영 원';
  const parts: string[] = [];
  for (let index = 2; index >= 0; index--) {
    const group = Math.floor(won / 10_000 ** index) % 10_000;
    if (group === 0) continue;
    const bare = group === 1 && index === 1 && parts.length === 0;
    parts.push((bare ? '' : readGroup(group)) + GROUPS[index]);
  }
  return `${parts.join(' ')} 원`;
}
