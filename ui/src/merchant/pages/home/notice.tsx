import type { JSX } from 'preact';
import { IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Badge } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { strip, unreadNotices } from '../../inbox';

/** The way to the inbox, with how much of it is unread. */
export function Bell(): JSX.Element {
  const count = unreadNotices.value;
  return (
    <span class="bar-icon">
      <IconButton icon="bell" label={count > 0 ? t().nav.noticesUnread(count) : t().nav.notices} href={href('/notices')} />
      {count > 0 && (
        <span class="bar-count bell-count" aria-hidden="true">
          {count > 99 ? '99+' : count}
        </span>
      )}
    </span>
  );
}

/** One notice that nobody read yet; an important one stays until somebody does. */
export function NoticeStrip(): JSX.Element | null {
  const notice = strip.value;
  if (!notice) return null;
  return (
    <a class={notice.important ? 'notice-strip is-important' : 'notice-strip'} href={href(`/notices/${encodeURIComponent(notice.id)}`)}>
      <Icon name="bell" size={20} />
      <span class="notice-strip-text">{notice.title}</span>
      {notice.important && <Badge tone="warn">{t().nav.noticeImportant}</Badge>}
      <Icon name="next" size={18} />
    </a>
  );
}
