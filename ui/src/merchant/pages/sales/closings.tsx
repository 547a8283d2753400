import type { JSX } from 'preact';
import { closings, type Closing } from '../../../shared/api/sales';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Badge, ListRow, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { salesWords } from '../../../shared/i18n/sales-words';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { rights } from '../../../shared/state/rights';
import { daysBefore, koreanDay } from '../../../shared/text/day';
import { whenText } from '../../words';
import { NoSales } from './noright';
import { dayName } from './words';
import './sales.css';

/** So far back the list goes. */
const DAYS = 90;

/** Days that were closed, newest first, and the way to close today. */
export default function ClosingsPage(): JSX.Element {
  const m = salesWords();
  const today = koreanDay(new Date());
  const load = useLoad((signal) => closings.list({ from: daysBefore(today, DAYS), to: today }, signal), today);
  if (!rights.value.viewSales) return <NoSales title={m.closings} />;
  return (
    <Page title={m.closings} up="/sales">
      {load.data ? <List all={load.data} today={today} /> : load.failure === undefined ? <Skeleton shape="row" count={6} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function List({ all, today }: { all: readonly Closing[]; today: string }): JSX.Element {
  const m = salesWords();
  const closedToday = all.some(({ day, status }) => day === today && status === 'CLOSED');
  const act = (
    <Button kind="primary" icon="check" href={href('/sales/close')}>
      {m.closeDay(dayName(today))}
    </Button>
  );
  if (all.length === 0) {
    return (
      <EmptyState picture="check" title={m.noClosingsTitle} text={m.noClosingsText}>
        {act}
      </EmptyState>
    );
  }
  return (
    <>
      {!closedToday && (
        <section class="close-today">
          <h2>{m.todayOpen}</h2>
          <p>{m.restCount}</p>
          {act}
        </section>
      )}
      <div class="rows">
        {all.map((each) => (
          <ListRow
            key={`${each.day} ${each.version}`}
            href={href(`/sales/close?day=${each.day}`)}
            icon={each.status === 'CLOSED' ? 'check' : 'undo'}
            tone={each.status === 'CLOSED' ? 'ok' : 'plain'}
            title={dayName(each.day)}
            sub={[m.version(each.version), m.by(each.closedByName ?? m.system, whenText(new Date(each.closedAt), new Date()))]}
            end={
              <>
                <Amount won={each.total.netAmount} size="s" struck={each.status === 'REOPENED'} />
                {each.status === 'REOPENED' ? (
                  <Badge tone="plain">{m.reopened}</Badge>
                ) : (
                  each.difference !== 0 && <Badge tone={each.difference > 0 ? 'warn' : 'bad'}>{each.difference > 0 ? m.over(each.difference) : m.short(-each.difference)}</Badge>
                )}
              </>
            }
          />
        ))}
      </div>
    </>
  );
}
