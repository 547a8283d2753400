import { c } from '../../../shared/i18n/console/console';
import { grouped } from '../../../shared/money/money';
import { digitsOf, luhn } from '../../../shared/text/digits';
import type { Rule, RuleDraft, RuleKind } from '../../api-risk';

/** What a kind of rule is made of, beside its name and what it does. */
export const PARTS: Record<RuleKind, readonly ('amount' | 'count' | 'window' | 'hours')[]> = {
  PAYMENT_AMOUNT: ['amount'],
  CARD_VELOCITY: ['count', 'amount', 'window'],
  MERCHANT_VELOCITY: ['count', 'amount', 'window'],
  CARD_DECLINES: ['count', 'window'],
  NIGHT: ['hours', 'amount'],
};

export type WindowUnit = 'MINUTE' | 'HOUR' | 'DAY';
const SECONDS: Record<WindowUnit, number> = { MINUTE: 60, HOUR: 3600, DAY: 86_400 };

/** A span in its largest whole unit. */
export function windowParts(seconds: number): { n: number; unit: WindowUnit } {
  const unit = (['DAY', 'HOUR'] as const).find((each) => seconds > 0 && seconds % SECONDS[each] === 0) ?? 'MINUTE';
  return { n: Math.floor(seconds / SECONDS[unit]), unit };
}

export const windowSeconds = (n: number, unit: WindowUnit): number => n * SECONDS[unit];

/** A new rule, switched off. */
export const FRESH: RuleDraft = { name: '', kind: 'PAYMENT_AMOUNT', action: 'REVIEW', enabled: false, mostAmount: 1_000_000, mostCount: 5, windowSeconds: 3600, from: '23:00', until: '06:00' };

/** The draft that changes a rule; what its kind does not use keeps the values of a new one at hand. */
export function draftOf({ name, kind, action, enabled, mostAmount = 0, mostCount = 0, windowSeconds: seconds = 0, from = '', until = '', merchantId = '' }: Rule): RuleDraft {
  return {
    ...FRESH,
    name,
    kind,
    action,
    enabled,
    ...(PARTS[kind].includes('amount') ? { mostAmount } : {}),
    ...(PARTS[kind].includes('count') ? { mostCount } : {}),
    ...(PARTS[kind].includes('window') ? { windowSeconds: seconds } : {}),
    ...(PARTS[kind].includes('hours') ? { from, until } : {}),
    ...(merchantId ? { merchantId } : {}),
  };
}

/** What is sent of a draft: only what its kind uses. */
export function sent(draft: RuleDraft): RuleDraft {
  const { name, kind, action, enabled, mostAmount = 0, mostCount = 0, windowSeconds: seconds = 0, from = '', until = '', merchantId = '' } = draft;
  const has = (part: (typeof PARTS)[RuleKind][number]): boolean => PARTS[kind].includes(part);
  return {
    name: name.trim(),
    kind,
    action,
    enabled,
    ...(merchantId.trim() ? { merchantId: merchantId.trim() } : {}),
    ...(has('amount') ? { mostAmount } : {}),
    ...(has('count') ? { mostCount } : {}),
    ...(has('window') ? { windowSeconds: seconds } : {}),
    ...(has('hours') ? { from, until } : {}),
  };
}

/** What of a draft a trial depends on: not its name, nor whether it is in force. */
export const trialKey = (draft: RuleDraft): string => JSON.stringify({ ...sent(draft), name: '', enabled: false });

/** The limit of a rule in words. */
export function limitText(rule: RuleDraft): string {
  const m = c().risk;
  const { kind, mostAmount = 0, mostCount = 0, from = '', until = '' } = rule;
  const { n, unit } = windowParts(rule.windowSeconds ?? 0);
  const span = m.span(n, unit);
  const won = m.won(grouped(mostAmount));
  switch (kind) {
    case 'PAYMENT_AMOUNT':
      return m.overOnce(won);
    case 'NIGHT':
      return mostAmount > 0 ? m.overNight(from, until, won) : m.allNight(from, until);
    case 'CARD_DECLINES':
      return m.declines(span, grouped(mostCount));
    case 'CARD_VELOCITY':
    case 'MERCHANT_VELOCITY':
      return m.velocity(span, mostCount > 0 ? grouped(mostCount) : '', mostAmount > 0 ? won : '');
  }
}

/** The shortest and the longest card numbers. */
const [LEAST, MOST] = [12, 19] as const;

/**
 * What a search for blocks may say: of a whole card number no more than what the list
 * shows of it, so that the number comes neither into the address nor over the line.
 */
export function searchText(typed: string): string {
  return typed.replace(/\d(?:[ -]?\d){11,}/g, (found) => maskedCard(found));
}

/** First six and last four digits of a card number. */
export function maskedCard(typed: string): string {
  const digits = typed.replace(/\D/g, '');
  return digits.length < LEAST ? digits : `${digits.slice(0, 6)}******${digits.slice(-4)}`;
}

/** Whether it can be a card number. */
export function isCard(typed: string): boolean {
  const digits = digitsOf(typed, MOST + 1);
  return digits.length >= LEAST && digits.length <= MOST && luhn(digits);
}

/** How long a block holds. */
export type Term = 'EVER' | 'DAY' | 'WEEK' | 'MONTH' | 'QUARTER' | 'DATE';
const DAYS: Partial<Record<Term, number>> = { DAY: 1, WEEK: 7, MONTH: 30, QUARTER: 90 };

/** When a block ends, as the API takes it; undefined when it stays, or no day is chosen. */
export function untilOf(term: Term, day: string, now: Date): string | undefined {
  const days = DAYS[term];
  if (days !== undefined) return new Date(now.getTime() + days * 86_400_000).toISOString();
  // The whole day chosen, in Seoul.
  return term === 'DATE' && day ? new Date(new Date(`${day}T00:00:00+09:00`).getTime() + 86_400_000).toISOString() : undefined;
}
