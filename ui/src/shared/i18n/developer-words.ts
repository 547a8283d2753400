import { en } from './en-developer';
import { locale } from './i18n';
import { ko, type DeveloperWords } from './ko-developer';

/** The sentences for integrators in the chosen language. Reading them in a component makes it follow a change. */
export const developerWords = (): DeveloperWords => (locale.value === 'en' ? en : ko);
