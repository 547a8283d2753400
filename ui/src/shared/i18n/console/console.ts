import { signal } from '@preact/signals';
import type { Locale } from '../i18n';
import { ko, type ConsoleMessages } from './ko';

const messages = signal<ConsoleMessages>(ko);

/** The console's messages in the chosen language. Reading them in a component makes it follow a change. */
export function c(): ConsoleMessages {
  return messages.value;
}

/** Has the console speak a language; English is fetched when it is first wanted. */
export async function setConsoleWords(next: Locale): Promise<void> {
  messages.value = next === 'en' ? (await import('./en')).en : ko;
}
