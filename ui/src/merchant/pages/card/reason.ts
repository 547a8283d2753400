import { t } from '../../../shared/i18n/i18n';

/** Why a card was swiped although chips come first by law. */
export interface Reason {
  kind: '' | 'unread' | 'none' | 'other';
  /** Typed, for another reason. */
  text: string;
}

export const NO_REASON: Reason = { kind: '', text: '' };

/** More digits in a row than these could be somebody's number, which no record keeps. */
const NUMBER = /\d(?:[ .-]*\d){5}/;

/** The reason as the payment names it; empty while it is missing or does not fit the card. */
export function readyReason({ kind, text }: Reason, chip: boolean): string {
  switch (kind) {
    case '':
      return '';
    case 'none':
      return chip ? '' : t().reader.reasons.none;
    case 'unread':
      return t().reader.reasons.unread;
    case 'other':
      return NUMBER.test(text) ? '' : text.trim().slice(0, 100);
  }
}

/** Whether a typed reason holds a number. */
export const holdsNumber = (text: string): boolean => NUMBER.test(text);
