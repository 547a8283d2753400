import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { exportAddress, sales, type Settlement, type SettlementList, type SettlementSum } from '../../../shared/api/sales';
import { IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Facts, ListRow, Notice, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { salesWords } from '../../../shared/i18n/sales-words';
import { navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { dayParts, koreanDay } from '../../../shared/text/day';
import type { PageInput } from '../../routes';
import { Calendar } from './calendar';
import { NoSales } from './noright';
import { firstOfMonth, lastOfMonth, monthAfter } from './period';
import { dayName } from './words';
import './sales.css';

/** The month of an address, or the present one. */
function readMonth(text: string | null, today: string): string {
  return /^20\d\d-(0[1-9]|1[0-2])$/.test(text ?? '') ? `${text}-01` : firstOfMonth(today);
}

/** When how much is expected to arrive: a month as a calendar and as a list. */
export default function SettlementsPage({ query }: PageInput): JSX.Element {
  const m = salesWords();
  const today = koreanDay(new Date());
  const from = readMonth(query.get('month'), today);
  const days = { from, to: lastOfMonth(from) };
  const load = useLoad((signal) => sales.settlements(days, signal), from);
  const [shown, setShown] = useState<Settlement>();
  const { year, month } = dayParts(from);
  const name = m.month(year, month);
  const go = (by: 1 | -1): void => void navigate(`/sales/settlements?month=${monthAfter(from, by).slice(0, 7)}`, { replace: true });
  if (!rights.value.viewSales) return <NoSales title={m.settlements} />;
  return (
    <Page
      wide
      title={m.settlements}
      up="/sales"
      right={
        <a class="icon-button" href={exportAddress('settlements', days, 'xlsx')} download="" aria-label={m.export} title={m.export} onClick={() => toast(m.exporting)}>
          <Icon name="download" />
        </a>
      }
    >
      <div class="sales-when">
        <IconButton icon="back" label={m.earlier} onPress={() => go(-1)} />
        <strong aria-live="polite">{name}</strong>
        <IconButton icon="next" label={m.later} disabled={from > today} onPress={() => go(1)} />
      </div>
      {load.data ? (
        <Month key={from} list={load.data} from={from} today={today} name={from === firstOfMonth(today) ? m.monthPay : m.monthPayOf(name)} onDay={setShown} />
      ) : load.failure === undefined ? (
        <>
          <Skeleton shape="amount" />
          <Skeleton shape="row" count={5} />
        </>
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
      <Sheet title={shown ? m.payOn(dayName(shown.day)) : ''} open={shown !== undefined} onClose={() => setShown(undefined)}>
        {shown && <Day of={shown} />}
      </Sheet>
    </Page>
  );
}

interface MonthProps {
  list: SettlementList;
  from: string;
  today: string;
  name: string;
  onDay: (of: Settlement) => void;
}

function Month({ list, from, today, name, onDay }: MonthProps): JSX.Element {
  const m = salesWords();
  return (
    <>
      <section class="sales-head">
        <h2>{name}</h2>
        <Amount won={list.total.netAmount} size="xl" />
        <p>{m.expectation}</p>
      </section>
      {list.uncoveredAmount !== undefined && list.uncoveredAmount !== 0 && (
        <Notice tone="warn" icon="alert">
          <p>{m.noContract(list.uncoveredAmount)}</p>
        </Notice>
      )}
      {list.unsure && (
        <Notice tone="plain" icon="clock">
          <p>{m.unsure}</p>
        </Notice>
      )}
      <Calendar list={list} from={from} today={today} onDay={onDay} />
      {list.settlements.length === 0 ? (
        <EmptyState picture="coin" title={m.noPayTitle} text={m.noPayText} />
      ) : (
        <>
          <div class="rows">
            {list.settlements.map((each) => (
              <ListRow key={each.day} onPress={() => onDay(each)} icon={each.day <= today ? 'check' : 'clock'} tone={each.day <= today ? 'plain' : 'accent'} title={dayName(each.day)} sub={each.sales.slice(0, 3).map(({ day }) => dayName(day))} end={<Amount won={each.netAmount} size="s" />} />
            ))}
          </div>
          <section class="sales-block">
            <Made sum={list.total} />
          </section>
        </>
      )}
    </>
  );
}

function Day({ of }: { of: Settlement }): JSX.Element {
  const m = salesWords();
  return (
    <div class="stack">
      <Amount won={of.netAmount} size="l" />
      <Made sum={of} />
      <h3>{m.covers}</h3>
      <Facts rows={of.sales.map((each) => [dayName(each.day), <Amount won={each.netAmount} size="s" />] as const)} />
      <h3>{m.byMethod}</h3>
      <Facts rows={of.methods.map((each) => [m.methods[each.channel] ?? each.channel, <Amount won={each.netAmount} size="s" />] as const)} />
      <p class="field-hint">{m.expectation}</p>
    </div>
  );
}

function Made({ sum }: { sum: SettlementSum }): JSX.Element {
  const m = salesWords();
  return (
    <Facts
      rows={[
        [m.gross, <Amount won={sum.grossAmount} size="s" />],
        [m.cancels, sum.canceledAmount !== 0 && <Amount won={-sum.canceledAmount} size="s" />],
        [m.fee, <Amount won={-sum.fee} size="s" />],
        [m.feeVat, sum.feeVat !== 0 && <Amount won={-sum.feeVat} size="s" />],
        [m.payNet, <Amount won={sum.netAmount} size="m" />],
      ]}
    />
  );
}
