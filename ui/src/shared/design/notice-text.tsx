import type { JSX } from 'preact';
import { t } from '../i18n/i18n';
import { Badge } from './parts';
import { WrittenText } from './written';

interface NoticeTextProps {
  title: string;
  body: string;
  important: boolean;
  /** Since when, and until when, in words. */
  when: string;
}

/** A notice as its readers see it. */
export function NoticeText({ title, body, important, when }: NoticeTextProps): JSX.Element {
  return (
    <article class="notice-text">
      <header class="notice-head">
        {important && <Badge tone="warn">{t().nav.noticeImportant}</Badge>}
        <h2>{title}</h2>
        <p class="notice-when">{when}</p>
      </header>
      <WrittenText text={body} />
    </article>
  );
}
