import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Payment, Summary } from '../../../shared/api/types';
import { Button, IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { arrivedBy, href, navigate } from '../../../shared/router/router';
import { daysBefore, dayParts, koreanDay, timeOfDay } from '../../../shared/text/day';
import { PaymentRow } from '../../words';
import type { PageInput } from '../../routes';
import { apiQuery, isNarrow, PLAIN, readFilter, writeFilter, type Filter } from './filter';
import { FilterBar } from './filters';
import { byDay, history } from './list';
import './history.css';

/** Chapter 7: every payment, by day, with conditions and a total. Also where a payment to cancel is chosen. */
export default function HistoryPage({ query }: PageInput): JSX.Element {
  const filter = readFilter(query);
  const address = writeFilter(filter);
  const today = koreanDay(new Date());
  useEffect(() => {
    history.open(apiQuery(filter, today), arrivedBy.value === 'pop');
  }, [address]);
  const change = (next: Partial<Filter>): void => void navigate(writeFilter({ ...filter, ...next }), { replace: true });
  const m = t().history;
  const { sums, rows, loading } = history.state.value;
  return (
    <Page wide title={filter.forCancel ? m.cancelTitle : m.title} left={<IconButton icon="back" label={t().common.back} href={href('/')} />}>
      <FilterBar filter={filter} onChange={change} />
      {sums && rows.length > 0 && <Totals sums={sums} />}
      <div aria-busy={loading}>
        <Rows filter={filter} today={today} onReset={() => change({ ...PLAIN, forCancel: filter.forCancel })} onWiden={() => change({ period: 'quarter' })} />
      </div>
    </Page>
  );
}

/** The totals of everything the conditions match, not only of the rows in sight. */
function Totals({ sums }: { sums: Summary }): JSX.Element {
  const m = t().history;
  return (
    <section class="totals" aria-label={m.net}>
      <div>
        <span class="totals-label">{m.net}</span>
        <Amount won={sums.netAmount} size="l" />
      </div>
      <div class="totals-side">
        <span>{m.total(sums.count)}</span>
        {sums.canceledCount > 0 && <span class="totals-bad">{m.canceled(sums.canceledCount, sums.canceledAmount)}</span>}
      </div>
    </section>
  );
}

interface RowsProps {
  filter: Filter;
  today: string;
  onReset: () => void;
  onWiden: () => void;
}

function Rows({ filter, today, onReset, onWiden }: RowsProps): JSX.Element {
  const { rows, next, loading, failure } = history.state.value;
  const m = t().history;
  if (rows.length === 0) {
    if (failure !== undefined) return <ErrorState failure={failure} onRetry={() => history.retry()} />;
    if (loading) return <Skeleton shape="row" count={6} />;
    if (isNarrow(filter) || filter.period !== 'quarter') {
      const [text, act] = isNarrow(filter) ? [m.reset, onReset] : [m.widen, onWiden];
      return (
        <EmptyState picture="search" title={m.noneTitle} text={m.noneText}>
          <Button kind="tint" onPress={act}>
            {text}
          </Button>
        </EmptyState>
      );
    }
    return (
      <EmptyState picture="slip" title={m.emptyTitle} text={m.emptyText}>
        <Button kind="tint" href={href('/pay/card')}>
          {m.emptyAct}
        </Button>
      </EmptyState>
    );
  }
  return (
    <>
      {byDay(rows).map((group) => (
        <section key={group.day} class="day">
          <h2>{dayTitle(group.day, today)}</h2>
          <div class="rows">
            {group.rows.map((payment) => (
              <PaymentRow key={payment.id} payment={payment} href={rowHref(payment, filter)} time={timeOfDay(new Date(payment.requestedAt))} left={filter.forCancel} />
            ))}
          </div>
        </section>
      ))}
      {failure !== undefined ? <ErrorState failure={failure} onRetry={() => void history.more()} /> : <Tail more={next !== undefined} loading={loading} />}
    </>
  );
}

function rowHref(payment: Payment, filter: Filter): string {
  const address = `/payments/${encodeURIComponent(payment.id)}`;
  return href(filter.forCancel ? `${address}/cancel` : address);
}

function dayTitle(day: string, today: string): string {
  const m = t().history;
  const { month, date, weekday } = dayParts(day);
  const name = m.day(month, date, weekday);
  if (day === today) return `${m.today} · ${name}`;
  return day === daysBefore(today, 1) ? `${m.yesterday} · ${name}` : name;
}

/** Fetches the next page when it comes near, and by a button for those who do not scroll. */
function Tail({ more, loading }: { more: boolean; loading: boolean }): JSX.Element {
  const mark = useRef<HTMLDivElement>(null);
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    const element = mark.current;
    if (!element) return;
    const watch = new IntersectionObserver((entries) => setSeen(entries.some((entry) => entry.isIntersecting)), { rootMargin: '600px' });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (seen && more && !loading) void history.more();
  }, [seen, more, loading]);
  return (
    <div class="tail" ref={mark}>
      {loading ? <Skeleton shape="row" count={2} /> : more ? <Button onPress={() => void history.more()}>{t().history.loadMore}</Button> : <p class="small-print">{t().history.end}</p>}
    </div>
  );
}
