import { setConsoleWords } from '../shared/i18n/console/console';
import { locale, setLocale, startLocale, type Locale } from '../shared/i18n/i18n';

/** Switches the language of the console and of the parts it shares with the app. */
export async function setWords(next: Locale): Promise<void> {
  await setConsoleWords(next);
  await setLocale(next);
}

/** Applies the language chosen on this device before. */
export async function startWords(): Promise<void> {
  await startLocale();
  await setConsoleWords(locale.value);
}
