import { en } from './en-sales';
import { locale } from './i18n';
import { ko, type SalesWords } from './ko-sales';

/** The sentences of sales in the chosen language. Reading them in a component makes it follow a change. */
export const salesWords = (): SalesWords => (locale.value === 'en' ? en : ko);
