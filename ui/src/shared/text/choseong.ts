const FIRST_SYLLABLE = 0xac00;
const LAST_SYLLABLE = 0xd7a3;
const FINALS = 28;
const PER_INITIAL = 21 * FINALS;

const INITIALS = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const FINAL = ' ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ';
/** Two consonants that a Korean keyboard joins when they are typed in a row: ㄹㅁ becomes ㄻ. */
const JOINED: Record<string, string> = { ㄳ: 'ㄱㅅ', ㄵ: 'ㄴㅈ', ㄶ: 'ㄴㅎ', ㄺ: 'ㄹㄱ', ㄻ: 'ㄹㅁ', ㄼ: 'ㄹㅂ', ㄽ: 'ㄹㅅ', ㄾ: 'ㄹㅌ', ㄿ: 'ㄹㅍ', ㅀ: 'ㄹㅎ', ㅄ: 'ㅂㅅ' };
/** A plain consonant finds its tense sister too: few people hold Shift in a search. */
const TENSE: Record<string, string> = { ㄱ: 'ㄲ', ㄷ: 'ㄸ', ㅂ: 'ㅃ', ㅅ: 'ㅆ', ㅈ: 'ㅉ' };

/** A text as the search compares it: composed, lower case, without blanks. */
export function searchable(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s/g, '');
}

const isSyllable = (code: number): boolean => code >= FIRST_SYLLABLE && code <= LAST_SYLLABLE;
const initialOf = (code: number): string => INITIALS.charAt(Math.floor((code - FIRST_SYLLABLE) / PER_INITIAL));
const finalOf = (code: number): string => FINAL.charAt((code - FIRST_SYLLABLE) % FINALS);
const withoutFinal = (code: number): number => code - ((code - FIRST_SYLLABLE) % FINALS);

/** Whether a consonant is a letter itself, or the initial of a syllable. */
function startsWith(consonant: string, letter: string): boolean {
  const code = letter.charCodeAt(0);
  const initial = isSyllable(code) ? initialOf(code) : letter;
  return initial === consonant || (initial !== '' && TENSE[consonant] === initial);
}

/**
 * Whether a syllable still being typed is on its way to the letters at a place: 아메 is
 * typed as 암 on its way from 아 to 아메, and 커 on its way to 컵.
 */
function onItsWay(typed: number, name: string, at: number): boolean {
  const code = name.charCodeAt(at);
  if (!isSyllable(typed) || !isSyllable(code)) return false;
  const final = finalOf(typed);
  if (final === ' ') return withoutFinal(code) === typed;
  return code === withoutFinal(typed) && at + 1 < name.length && startsWith(final, name.charAt(at + 1));
}

function fitsAt(name: string, query: string, at: number): boolean {
  for (let i = 0; i < query.length; i++) {
    const [want, have] = [query.charAt(i), name.charAt(at + i)];
    if (want === have) continue;
    if (INITIALS.includes(want) && startsWith(want, have)) continue;
    return i === query.length - 1 && onItsWay(want.charCodeAt(0), name, at + i);
  }
  return true;
}

/** A query made ready once for many names. */
export function queryOf(text: string): string {
  return searchable(text).replace(/[ㄳ-ㅄ]/g, (letter) => JOINED[letter] ?? letter);
}

/**
 * Whether a name holds a query: letters as they are, consonants as the initials of
 * syllables (ㅇㅁㄹㅋㄴ finds 아메리카노), the last syllable also half typed. The name comes
 * from searchable, the query from queryOf.
 */
export function holds(name: string, query: string): boolean {
  if (query.length > name.length) return false;
  for (let at = 0; at + query.length <= name.length; at++) if (fitsAt(name, query, at)) return true;
  return false;
}
