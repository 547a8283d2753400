import { en } from './en-printer';
import { locale } from './i18n';
import { ko, type PrinterWords } from './ko-printer';

/** The sentences of printing in the chosen language. Reading them in a component makes it follow a change. */
export const printerWords = (): PrinterWords => (locale.value === 'en' ? en : ko);
