import { signal } from '@preact/signals';
import { grouped } from '../money/money';
import { ko, type Messages } from './ko';
import { readChoice, writeChoice } from '../state/choice';

export type Locale = 'ko' | 'en';

const STORE = 'innopay.locale';

export const locale = signal<Locale>('ko');
const messages = signal<Messages>(ko);

/** The messages of the chosen language. Reading them in a component makes it follow a change. */
export function t(): Messages {
  return messages.value;
}

/** An amount with its unit, inside a sentence of the chosen language. */
export function amountText(won: number): string {
  return `${grouped(won)}${t().common.won}`;
}

/** Switches the language; English is fetched when it is first wanted. */
export async function setLocale(next: Locale): Promise<void> {
  const table = next === 'en' ? (await import('./en')).en : ko;
  messages.value = table;
  locale.value = next;
  document.documentElement.lang = next;
  writeChoice(STORE, next);
}

/** Applies the language chosen on this device before. */
export async function startLocale(): Promise<void> {
  if (readChoice(STORE, ['ko', 'en'], 'ko') === 'en') await setLocale('en');
}
