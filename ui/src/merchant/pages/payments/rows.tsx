import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Payment } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { daysBefore, dayParts } from '../../../shared/text/day';
import { isNarrow, PLAIN, type Filter } from './filter';
import { byDay, type Day, type PaymentList } from './list';

interface RowsProps {
  list: PaymentList;
  filter: Filter;
  today: string;
  onChange: (change: Partial<Filter>) => void;
  /** One payment as a line. */
  row: (payment: Payment) => JSX.Element;
  /** Shows what each day brought. */
  nets?: boolean;
}

/** The rows of a list by day, in each of its states. */
export function Rows({ list, filter, today, onChange, row, nets = false }: RowsProps): JSX.Element {
  const { rows, next, loading, failure } = list.state.value;
  if (rows.length === 0) {
    if (failure !== undefined) return <ErrorState failure={failure} onRetry={() => list.retry()} />;
    return loading ? <Skeleton shape="row" count={6} /> : <Nothing filter={filter} onChange={onChange} />;
  }
  return (
    <>
      {byDay(rows, next !== undefined).map((group) => (
        <section key={group.day} class="day">
          <DayHead group={group} today={today} net={nets} />
          <div class="rows">{group.rows.map(row)}</div>
        </section>
      ))}
      {failure !== undefined ? <ErrorState failure={failure} onRetry={() => void list.more()} /> : <Tail list={list} more={next !== undefined} loading={loading} />}
    </>
  );
}

/** An empty list: because of its conditions, or because there is nothing yet. */
function Nothing({ filter, onChange }: { filter: Filter; onChange: (change: Partial<Filter>) => void }): JSX.Element {
  const m = t().history;
  if (isNarrow(filter) || filter.period !== 'quarter') {
    const [text, act] = isNarrow(filter) ? [m.reset, () => onChange({ ...PLAIN, channel: filter.channel })] : [m.widen, () => onChange({ period: 'quarter' as const })];
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

function DayHead({ group, today, net }: { group: Day; today: string; net: boolean }): JSX.Element {
  return (
    <div class="day-head">
      <h2>{dayTitle(group.day, today)}</h2>
      {net && group.net !== null && (
        <span>
          <span class="unseen">{t().desk.dayNet} </span>
          <Amount won={group.net} size="s" />
        </span>
      )}
    </div>
  );
}

function dayTitle(day: string, today: string): string {
  const m = t().history;
  const { month, date, weekday } = dayParts(day);
  const name = m.day(month, date, weekday);
  if (day === today) return `${m.today} · ${name}`;
  return day === daysBefore(today, 1) ? `${m.yesterday} · ${name}` : name;
}

/** Fetches the next page when it comes near, and by a button for those who do not scroll. */
function Tail({ list, more, loading }: { list: PaymentList; more: boolean; loading: boolean }): JSX.Element {
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
    if (seen && more && !loading) void list.more();
  }, [seen, more, loading]);
  return (
    <div class="tail" ref={mark}>
      {loading ? <Skeleton shape="row" count={2} /> : more ? <Button onPress={() => void list.more()}>{t().history.loadMore}</Button> : <p class="small-print">{t().history.end}</p>}
    </div>
  );
}
