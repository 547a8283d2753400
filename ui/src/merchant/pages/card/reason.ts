import type { Merchant } from '../../../shared/api/types';
import { t } from '../../../shared/i18n/i18n';

/** Why a card was swiped although chips come first by law. */
export interface Reason {
  kind: '' | 'unread' | 'none' | 'other';
  /** Typed, for another reason. */
  text: string;
}

export const NO_REASON: Reason = { kind: '', text: '' };

/** Whether a chip that was not even tried is asked about, or refused. */
export type ChipPolicy = Merchant['readers']['chipFirst'];

/** More digits in a row than these could be somebody's number, which no record keeps. */
const NUMBER = /\d(?:[ .-]*\d){5}/;

/** What the server understands as: the chip was tried. The seller's words follow. */
const CHIP_FAILED = 'CHIP_FAILED';

/** The reasons that fit a card; chip is null while the reader hides whether it has one. */
export function reasonsFor(chip: boolean | null, policy: ChipPolicy): readonly Exclude<Reason['kind'], ''>[] {
  if (!chip) return ['unread', 'none', 'other'];
  return policy === 'REFUSE' ? ['unread'] : ['unread', 'other'];
}

/** The reason as the payment names it; empty while it is missing or does not fit the card. */
export function readyReason({ kind, text }: Reason, chip: boolean | null, policy: ChipPolicy): string {
  if (kind === '' || !reasonsFor(chip, policy).includes(kind)) return '';
  switch (kind) {
    case 'none':
      return t().reader.reasons.none;
    case 'unread':
      return `${CHIP_FAILED} ${t().reader.reasons.unread}`;
    case 'other':
      return NUMBER.test(text) ? '' : text.trim().slice(0, 100);
  }
}

/** Whether a typed reason holds a number. */
export const holdsNumber = (text: string): boolean => NUMBER.test(text);
