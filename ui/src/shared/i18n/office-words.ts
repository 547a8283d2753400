import { en } from './en-office';
import { locale } from './i18n';
import { ko, type OfficeWords } from './ko-office';

/** The sentences of notices, help desk, guide and merchant information. Reading them in a component makes it follow a change. */
export const officeWords = (): OfficeWords => (locale.value === 'en' ? en : ko);
