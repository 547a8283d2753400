import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { notices, type OperatorNotice } from '../../../shared/api/office';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Badge, ListRow, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { onWord } from '../../../shared/state/live';
import { whenText } from '../../words';
import './notices.css';

/** The inbox: what the operator tells, newest first. */
export default function NoticesPage(): JSX.Element {
  const m = officeWords().notices;
  const load = useLoad((signal) => notices.list(undefined, signal), 'notices');
  const [older, setOlder] = useState<OperatorNotice[]>([]);
  const [next, setNext] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  useEffect(() => onWord((word) => word.notices && load.reload()), []);
  useEffect(() => {
    setOlder([]);
    setNext(load.data?.nextCursor);
  }, [load.data]);
  const more = async (): Promise<void> => {
    setFailure(undefined);
    try {
      const page = await notices.list(next);
      setOlder((old) => [...old, ...page.notices]);
      setNext(page.nextCursor);
    } catch (cause) {
      setFailure(cause);
    }
  };
  const all = [...(load.data?.notices ?? []), ...older];
  return (
    <Page title={t().nav.notices} up="/">
      {load.data ? (
        all.length === 0 ? (
          <EmptyState picture="bell" title={m.emptyTitle} text={m.emptyText} />
        ) : (
          <>
            <p class="notice-when">{m.unread(load.data.unread)}</p>
            <div class="rows">
              {all.map((notice) => (
                <NoticeRow key={notice.id} notice={notice} />
              ))}
            </div>
            {next && (
              <Button kind="soft" wide onPress={more}>
                {m.more}
              </Button>
            )}
            <FailureNotice failure={failure} />
          </>
        )
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={4} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function NoticeRow({ notice }: { notice: OperatorNotice }): JSX.Element {
  const when = whenText(new Date(notice.from), new Date());
  return (
    <div class={notice.read ? 'is-read' : undefined}>
      <ListRow
        href={href(`/notices/${encodeURIComponent(notice.id)}`)}
        icon="bell"
        tone={notice.read ? 'plain' : notice.important ? 'warn' : 'accent'}
        title={notice.title}
        sub={[when]}
        end={notice.read ? null : <Badge tone={notice.important ? 'warn' : 'accent'}>{notice.important ? t().nav.noticeImportant : officeWords().notices.fresh}</Badge>}
      />
    </div>
  );
}
