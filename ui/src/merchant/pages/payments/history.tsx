import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Payment, PaymentQuery, Summary } from '../../../shared/api/types';
import { IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { arrivedBy, href, navigate, savedScroll } from '../../../shared/router/router';
import { koreanDay, timeOfDay } from '../../../shared/text/day';
import { cashQueue } from '../../queue-store';
import { Takeaway } from '../../takeaway';
import { paymentAddress, PaymentRow } from '../../words';
import type { PageInput } from '../../routes';
import { apiQuery, readFilter, writeFilter, type Filter } from './filter';
import { FilterBar } from './filters';
import { history } from './list';
import { QueuedSales } from './queued';
import { Rows } from './rows';
import { OpenRequests } from './waiting';
import { SettlingStrip } from './settling';
import './history.css';

/** Chapter 7: every payment, by day, with conditions, a total and a way to take it along. */
export default function HistoryPage({ query }: PageInput): JSX.Element {
  const filter = readFilter(query);
  const address = writeFilter(filter);
  const today = koreanDay(new Date());
  const asked = apiQuery(filter, today);
  useEffect(() => {
    const back = arrivedBy.value === 'pop';
    history.open(asked, back, back ? savedScroll() : 0);
  }, [address]);
  const waiting = cashQueue.sales.value.length;
  const waited = useRef(waiting);
  useEffect(() => {
    // What waited on this device has become a payment: the list has it now.
    if (waiting < waited.current) history.open(asked, true);
    waited.current = waiting;
  }, [waiting]);
  const change = (next: Partial<Filter>): void => void navigate(writeFilter({ ...filter, ...next }), { replace: true });
  const { sums, rows, loading } = history.state.value;
  return (
    <Page wide title={t().history.title} left={<IconButton icon="back" label={t().common.back} href={href('/')} />} right={rows.length > 0 && <Export query={asked} />}>
      {filter.status !== 'UNKNOWN' && <SettlingStrip onAll={() => change({ status: 'UNKNOWN', period: 'quarter' })} />}
      <QueuedSales />
      <OpenRequests />
      <FilterBar filter={filter} onChange={change} />
      {sums && rows.length > 0 && <Totals sums={sums} />}
      <div aria-busy={loading}>
        <Rows list={history} filter={filter} today={today} onChange={change} row={row} nets />
      </div>
    </Page>
  );
}

function row(payment: Payment): JSX.Element {
  return <PaymentRow key={payment.id} payment={payment} href={href(paymentAddress(payment))} time={timeOfDay(new Date(payment.requestedAt))} />;
}

/** The present filter as a file. */
function Export({ query }: { query: PaymentQuery }): JSX.Element {
  const m = t().desk;
  return (
    <Takeaway label={m.export} title={m.export} taking={m.exporting} names={m.formats} hint={m.exportHint} address={(format) => payments.exportAddress(query, format)} />
  );
}

/** The totals of everything the conditions match, not only of the rows in sight. */
function Totals({ sums }: { sums: Summary }): JSX.Element {
  const m = t().history;
  return (
    <section class="totals totals-pinned" aria-label={t().desk.totals}>
      <div class="totals-line">
        <span class="totals-label">{m.net}</span>
        <Amount won={sums.netAmount} size="l" />
      </div>
      <div class="totals-line">
        <span>{t().desk.sum(sums.count, sums.amount)}</span>
        {sums.canceledCount > 0 && <span class="totals-bad">{m.canceled(sums.canceledCount, sums.canceledAmount)}</span>}
      </div>
      <p class="totals-note">{t().desk.byRequest}</p>
    </section>
  );
}
