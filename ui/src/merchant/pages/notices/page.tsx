import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { notices, type OperatorNotice } from '../../../shared/api/office';
import { Button } from '../../../shared/design/controls';
import { NoticeText } from '../../../shared/design/notice-text';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { markRead } from '../../inbox';
import type { PageInput } from '../../routes';
import { whenText } from '../../words';
import './notices.css';

/** How many pages of the inbox are looked through for one notice. */
const PAGES = 10;

async function find(id: string, signal: AbortSignal): Promise<OperatorNotice | null> {
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const list = await notices.list(cursor, signal);
    const found = list.notices.find((notice) => notice.id === id);
    if (found) return found;
    cursor = list.nextCursor;
    if (!cursor) break;
  }
  return null;
}

/** One notice; to open it is to read it. */
export default function NoticePage({ params }: PageInput): JSX.Element {
  const m = officeWords().notices;
  const id = params.id ?? '';
  const load = useLoad((signal) => find(id, signal), id);
  const notice = load.data;
  useEffect(() => {
    // No answer: it stays unread, and is read when it is opened again.
    if (notice) void markRead(notice).catch(() => undefined);
  }, [notice]);
  return (
    <Page title={t().nav.notices} up="/notices">
      {notice ? (
        <NoticeText
          title={notice.title}
          body={notice.body}
          important={notice.important}
          when={[whenText(new Date(notice.from), new Date()), notice.until && m.until(whenText(new Date(notice.until), new Date()))].filter(Boolean).join(' · ')}
        />
      ) : load.failure !== undefined ? (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      ) : notice === null ? (
        <EmptyState picture="bell" title={m.goneTitle} text={m.goneText}>
          <Button kind="soft" href={href('/notices')}>
            {m.all}
          </Button>
        </EmptyState>
      ) : (
        <Skeleton shape="line" count={6} />
      )}
    </Page>
  );
}
