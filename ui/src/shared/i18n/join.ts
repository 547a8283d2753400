import { en } from './en-join';
import { locale } from './i18n';
import { ko, type JoinMessages } from './ko-join';

/** The sentences of getting in, in the chosen language; fetched with the screens that say them. */
export function j(): JoinMessages {
  return locale.value === 'en' ? en : ko;
}
