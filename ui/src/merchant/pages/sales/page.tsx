import type { JSX } from 'preact';
import { exportAddress, type Days, type SalesReport, type SalesSum } from '../../../shared/api/sales';
import { Button, IconButton, Segments } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Facts, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { salesWords } from '../../../shared/i18n/sales-words';
import { href, navigate } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { koreanDay } from '../../../shared/text/day';
import type { PageInput } from '../../routes';
import { Takeaway } from '../../takeaway';
import { whenText } from '../../words';
import { Bars, Heat, type Point } from './bars';
import { keptView, loadView, type View } from './load';
import { changeOf, daysOf, isPresent, readDay, readSpan, SPANS, stepped, type Span } from './period';
import { Shares } from './shares';
import { netName, pointMark, pointName, spanName } from './words';
import './sales.css';

/** What the shop sold: by day, week and month. */
export default function SalesPage({ query }: PageInput): JSX.Element {
  const m = salesWords();
  const today = koreanDay(new Date());
  const all = rights.value.viewSales;
  const span = all ? readSpan(query.get('span')) : 'DAY';
  const day = all ? readDay(query.get('day'), today) : today;
  const days = daysOf(span, day, today);
  const go = (next: Span, at: string): void => void navigate(`/sales?span=${next}&day=${at}`, { replace: true });
  return (
    <Page wide title={m.title} up="/" right={all && <Export span={span} days={days} />}>
      {all && (
        <>
          <Segments label={m.spans} options={SPANS.map((value) => ({ value, text: m.span[value] }))} value={span} onChange={(next) => go(next, day)} />
          <div class="sales-when">
            <IconButton icon="back" label={m.earlier} onPress={() => go(span, stepped(span, day, -1, today))} />
            <strong aria-live="polite">{spanName(span, days.from, days.to)}</strong>
            <IconButton icon="next" label={m.later} disabled={isPresent(span, day, today)} onPress={() => go(span, stepped(span, day, 1, today))} />
          </div>
        </>
      )}
      <Shown key={`${span} ${days.from} ${days.to}`} span={span} day={day} days={days} today={today} />
      {all && (
        <div class="rows">
          <ListRow href={href('/sales/closings')} icon="check" title={m.closing} sub={[m.closingHint]} end={<Icon name="next" size={18} />} />
          <ListRow href={href('/sales/settlements')} icon="coin" title={m.settlements} sub={[m.settlementsHint]} end={<Icon name="next" size={18} />} />
          <ListRow href={href(`/payments?from=${days.from}&to=${days.to}`)} icon="slip" tone="plain" title={m.toPayments} sub={[m.bookedDay]} end={<Icon name="next" size={18} />} />
        </div>
      )}
    </Page>
  );
}

interface ShownProps {
  span: Span;
  day: string;
  days: Days;
  today: string;
}

function Shown({ span, day, days, today }: ShownProps): JSX.Element {
  const m = salesWords();
  const load = useLoad((signal) => loadView(span, days, signal), `${span} ${days.from} ${days.to}`);
  useFollow(load.reload);
  const name = netName(span, day, today, spanName(span, days.from, days.to));
  if (load.data) return <Whole span={span} view={load.data} name={name} present={isPresent(span, day, today)} />;
  if (load.failure === undefined) {
    return (
      <>
        <Skeleton shape="amount" />
        <div class="chart chart-coming" />
        <Skeleton shape="row" count={4} />
      </>
    );
  }
  const kept = keptView(span, days);
  if (!kept) return <ErrorState failure={load.failure} onRetry={load.reload} />;
  return (
    <>
      <Notice tone="warn" icon="offline">
        <p>{m.kept(whenText(new Date(kept.at), new Date()))}</p>
      </Notice>
      <Whole span={span} view={kept.view} name={name} present={isPresent(span, day, today)} />
    </>
  );
}

function Whole({ span, view, name, present }: { span: Span; view: View; name: string; present: boolean }): JSX.Element {
  const m = salesWords();
  const { total, scope } = view.course;
  const none = total.count + total.canceledCount === 0;
  return (
    <>
      <section class="sales-head" aria-labelledby="sales-net">
        <h2 id="sales-net">{name}</h2>
        <Amount won={total.netAmount} size="xl" />
        <p>
          {m.sold(total.count, total.amount)}
          {total.canceledCount > 0 && <span class="sales-back"> · {m.canceled(total.canceledCount, total.canceledAmount)}</span>}
        </p>
        <Compared span={span} report={view.course} present={present} />
      </section>
      {scope === 'OWN' && (
        <Notice tone="plain" icon="lock">
          <p>{m.own}</p>
        </Notice>
      )}
      {none ? (
        <EmptyState picture="coin" title={m.emptyTitle} text={m.emptyText}>
          {present && <Button kind="primary" href={href('/pay/card')}>{m.toPay}</Button>}
        </EmptyState>
      ) : (
        <Parts span={span} view={view} />
      )}
    </>
  );
}

/** How the time stands against the one before it. */
function Compared({ span, report, present }: { span: Span; report: SalesReport; present: boolean }): JSX.Element | null {
  const m = salesWords();
  const { previous, total } = report;
  if (!previous) return null;
  const than = (present ? m.against : m.before)[span];
  const by = total.netAmount - previous.total.netAmount;
  const percent = changeOf(total.netAmount, previous.total.netAmount);
  const rate = percent === null ? '' : m.rate(Math.abs(percent));
  if (previous.total.count + previous.total.canceledCount === 0) return <p class="sales-than">{m.noBefore(than)}</p>;
  if (by === 0) return <p class="sales-than">{m.same(than)}</p>;
  return (
    <p class={`sales-than ${by > 0 ? 'is-more' : 'is-less'}`}>
      <Icon name={by > 0 ? 'up' : 'down'} size={18} />
      {by > 0 ? m.more(than, by, rate) : m.less(than, -by, rate)}
    </p>
  );
}

function Parts({ span, view }: { span: Span; view: View }): JSX.Element {
  const m = salesWords();
  return (
    <div class="sales-parts">
      <section class="sales-block">
        <h2>{span === 'DAY' ? m.byTime : m.byDay}</h2>
        <Bars title={span === 'DAY' ? m.byTime : m.byDay} points={span === 'DAY' ? openHours(view.course) : view.course.lines.map(point)} />
      </section>
      {view.hours && (
        <section class="sales-block">
          <h2>{m.byTime}</h2>
          <Heat points={hours(view.hours)} />
        </section>
      )}
      <Shares title={m.byMethod} by="METHOD" lines={view.methods.lines} />
      <Shares title={m.byProduct} by="PRODUCT" lines={view.products.lines} />
      {view.staff && view.course.scope === 'ALL' && <Shares title={m.byStaff} by="STAFF" lines={view.staff.lines} />}
      <Shares title={m.byIssuer} by="ISSUER" lines={view.issuers.lines} />
      <Made total={view.course.total} />
    </div>
  );
}

function point({ value, netAmount, count, canceledCount }: SalesReport['lines'][number]): Point {
  return { name: pointName(value), mark: pointMark(value), won: netAmount, count: count + canceledCount };
}

/** All hours of a day, also those in which nothing was sold. */
function hours(report: SalesReport): Point[] {
  const at = new Map(report.lines.map((line) => [Number(line.value), line]));
  return Array.from({ length: 24 }, (_, hour) => {
    const line = at.get(hour);
    const value = String(hour).padStart(2, '0');
    return line ? point(line) : { name: pointName(value), mark: pointMark(value), won: 0, count: 0 };
  });
}

/** The hours from the first sale of the day to the last, eight of them at least. */
function openHours(report: SalesReport): Point[] {
  const sold = report.lines.map(({ value }) => Number(value));
  const first = Math.max(0, Math.min(...sold, 16) - 1);
  const last = Math.min(23, Math.max(...sold, first + 7) + 1);
  return hours(report).slice(first, last + 1);
}

function Made({ total }: { total: SalesSum }): JSX.Element {
  const m = salesWords();
  return (
    <section class="sales-block">
      <h2>{m.parts}</h2>
      <Facts
        rows={[
          [m.supplied, <Amount won={total.suppliedAmount} size="s" />],
          [m.vat, <Amount won={total.vat} size="s" />],
          [m.taxFree, total.taxFreeAmount !== 0 && <Amount won={total.taxFreeAmount} size="s" />],
          [m.serviceFee, total.serviceFee !== 0 && <Amount won={total.serviceFee} size="s" />],
        ]}
      />
    </section>
  );
}

function Export({ span, days }: { span: Span; days: Days }): JSX.Element {
  const m = salesWords();
  const by = span === 'DAY' ? 'HOUR' : 'DAY';
  return (
    <Takeaway
      label={m.export}
      title={m.exportTitle}
      taking={m.exporting}
      names={m}
      hint={`${spanName(span, days.from, days.to)} · ${t().common.won}`}
      address={(format) => exportAddress('sales', days, format, by)}
    />
  );
}
