import type { Said } from '../terms/agree';

/** The steps of a registration, in order. */
export const STEPS = ['codes', 'who', 'code', 'id', 'password', 'terms'] as const;
export type Step = (typeof STEPS)[number];

/** What is kept through a reload of this tab. A password never is. */
export interface Draft {
  step: Step | 'done';
  token: string;
  shopCode: string;
  inviteCode: string;
  shop: string;
  name: string;
  phone: string;
  loginId: string;
  said: Said;
}

export const EMPTY: Draft = { step: 'codes', token: '', shopCode: '', inviteCode: '', shop: '', name: '', phone: '', loginId: '', said: {} };

const STORE = 'innopay.join';

const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** The draft of this tab; a step whose password is gone begins with the password again. */
export function readDraft(): Draft {
  try {
    const raw = JSON.parse(sessionStorage.getItem(STORE) ?? '{}') as Partial<Record<keyof Draft, unknown>>;
    const known = [...STEPS, 'done'].find((step) => step === raw.step) as Draft['step'] | undefined;
    const token = words(raw.token);
    const step = token === '' ? 'codes' : known === 'terms' ? 'password' : known ?? 'codes';
    return {
      step, token, shopCode: words(raw.shopCode), inviteCode: words(raw.inviteCode), shop: words(raw.shop), name: words(raw.name), phone: words(raw.phone),
      loginId: words(raw.loginId), said: typeof raw.said === 'object' && raw.said !== null ? (raw.said as Said) : {},
    };
  } catch {
    return EMPTY;
  }
}

export function writeDraft(draft: Draft | null): void {
  try {
    if (draft) sessionStorage.setItem(STORE, JSON.stringify(draft));
    else sessionStorage.removeItem(STORE);
  } catch {
    // Without storage a reload begins anew.
  }
}

/** The two codes that an invite's link carries behind its #, or null. */
export function codesIn(hash: string): { shopCode: string; inviteCode: string } | null {
  const found = /^#([0-9A-Z]{6})-([0-9A-Z]{8})$/.exec(hash);
  return found ? { shopCode: found[1] ?? '', inviteCode: found[2] ?? '' } : null;
}

/** A code as it is typed: capitals and digits alone, so many. */
export const tidyCode = (text: string, most: number): string => text.toUpperCase().replace(/[^0-9A-Z]/g, '').slice(0, most);

/** What is tried first by whoever guesses, and runs of digits. The server knows many more. */
const GUESSED = /pass(word|wd|code)?|qwerty\w*|asdf\w*|zxcv\w*|1q2w3e\w*|abcd?e?|welcome|letmein|iloveyou|admin|innopay|비밀번호|\d{4,}/gi;

/** Characters that must be left without those. */
const LEFT = 4;

/** How hard a password is to guess by its look, 0 to 3; 1 at most where little is left besides what is common. */
export function strength(password: string, least: number): 0 | 1 | 2 | 3 {
  const letters = [...password];
  if (letters.length < least) return 0;
  if ([...password.replace(GUESSED, '')].length < LEFT) return 1;
  const distinct = new Set(letters).size;
  if (distinct < 6) return 1;
  const score = letters.length - least + distinct / 2;
  return score >= 12 ? 3 : score >= 7 ? 2 : 1;
}
