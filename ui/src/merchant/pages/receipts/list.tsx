import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Page as Rows } from '../../../shared/api/api';
import { cashReceipts, type CashReceipt } from '../../../shared/api/cash';
import { Button, Field, IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, ListRow, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href, navigate } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { useLoad } from '../../../shared/state/load';
import type { PageInput } from '../../routes';
import { whenText } from '../../words';
import { ReceiptBadge } from './status';
import './receipts.css';

const PAGE = 30;
/** After the last key the search waits so long, in milliseconds. */
const PAUSE = 350;

/** Every cash receipt, found by its number, the end of who it is for, or what was sold. */
export default function ReceiptsPage({ query }: PageInput): JSX.Element {
  const m = t().receipts;
  const q = query.get('q')?.slice(0, 100) ?? '';
  return (
    <Page title={m.list} up="/pay/cash" right={<IconButton icon="plus" label={m.new} href={href('/cash-receipts/new')} />}>
      <Search q={q} />
      <List q={q} />
    </Page>
  );
}

function Search({ q }: { q: string }): JSX.Element {
  const m = t().receipts;
  const [text, setText] = useState(q);
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => navigate(text.trim() ? `/cash-receipts?q=${encodeURIComponent(text.trim())}` : '/cash-receipts', { replace: true }), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return <Field label={m.search} type="search" value={text} onInput={setText} placeholder={m.searchHint} maxLength={100} />;
}

function List({ q }: { q: string }): JSX.Element {
  const m = t().receipts;
  const load = useLoad((signal) => cashReceipts.list(q, undefined, PAGE, signal), q);
  const [older, setOlder] = useState<Rows<CashReceipt>>();
  const [failure, setFailure] = useState<unknown>();
  useFollow(load.reload);
  const first = load.data;
  // A first page that moved on leaves a gap to the older ones: they are asked for again.
  useEffect(() => setOlder(undefined), [first?.next, q]);
  if (!first) return load.failure === undefined ? <Skeleton shape="row" count={5} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
  const next = older ? older.next : first.next;
  const rows = [...first.rows, ...(older?.rows ?? [])];
  const more = async (): Promise<void> => {
    if (!next) return;
    setFailure(undefined);
    try {
      const page = await cashReceipts.list(q, next, PAGE);
      setOlder((old) => ({ ...page, rows: [...(old?.rows ?? []), ...page.rows] }));
    } catch (cause) {
      setFailure(cause);
    }
  };
  if (rows.length === 0) return <Nothing searched={q !== ''} />;
  const now = new Date();
  return (
    <>
      <div class="rows">
        {rows.map((receipt) => (
          <Row key={receipt.id} receipt={receipt} now={now} />
        ))}
      </div>
      <FailureNotice failure={failure ?? load.failure} />
      {next && <Button onPress={() => void more()}>{m.more}</Button>}
    </>
  );
}

function Nothing({ searched }: { searched: boolean }): JSX.Element {
  const m = t().receipts;
  if (searched) return <EmptyState picture="search" title={m.noneTitle} text={m.noneText} />;
  return (
    <EmptyState picture="slip" title={m.emptyTitle} text={m.emptyText}>
      <Button kind="tint" href={href('/cash-receipts/new')}>
        {m.new}
      </Button>
    </EmptyState>
  );
}

function Row({ receipt, now }: { receipt: CashReceipt; now: Date }): JSX.Element {
  const m = t().receipts;
  const { id, type, maskedIdentifier, requestedAt, paymentId } = receipt;
  return (
    <ListRow
      href={href(`/cash-receipts/${encodeURIComponent(id)}`)}
      icon="slip"
      tone={receipt.status === 'REJECTED' ? 'bad' : receipt.status === 'CANCELED' ? 'plain' : 'accent'}
      title={receipt.orderName}
      sub={[whenText(new Date(requestedAt), now), type === 'SELF_ISSUED' ? m.kinds[type] : `${m.kinds[type]} ${maskedIdentifier.slice(-4)}`, ...(paymentId ? [] : [m.alone])]}
      end={
        <>
          <Amount won={receipt.amount} size="s" struck={receipt.status === 'CANCELED'} />
          <ReceiptBadge status={receipt.status} />
        </>
      }
    />
  );
}
