import { locale, type Locale } from '../../../shared/i18n/i18n';
import type { Chapter } from '../../../shared/i18n/manual';
import { holds, queryOf, searchable } from '../../../shared/text/choseong';

/** The manual in the chosen language; it is part of the shell that works without a network. */
export async function loadManual(language: Locale = locale.value): Promise<readonly Chapter[]> {
  return language === 'en' ? (await import('../../../shared/i18n/manual-en')).manual : (await import('../../../shared/i18n/manual-ko')).manual;
}

export interface Found {
  chapter: Chapter;
  /** Of the section; -1: the chapter itself. */
  at: number;
  title: string;
  text: string;
}

const MOST = 20;

/** Where the manual says something about a word, titles before texts. */
export function findIn(manual: readonly Chapter[], text: string): Found[] {
  const query = queryOf(text);
  if (query === '') return [];
  const titles: Found[] = [];
  const texts: Found[] = [];
  for (const chapter of manual) {
    if (holds(searchable(chapter.title), query)) titles.push({ chapter, at: -1, title: chapter.title, text: chapter.lead });
    chapter.sections.forEach((section, at) => {
      const hit = section.steps.find((step) => holds(searchable(step), query));
      if (holds(searchable(section.title), query)) titles.push({ chapter, at, title: section.title, text: section.steps[0] ?? '' });
      else if (hit !== undefined) texts.push({ chapter, at, title: section.title, text: hit });
    });
    const tip = chapter.tips.find((each) => holds(searchable(each), query));
    if (tip !== undefined) texts.push({ chapter, at: chapter.sections.length, title: chapter.title, text: tip });
  }
  return [...titles, ...texts].slice(0, MOST);
}
