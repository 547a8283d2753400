import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { interestFree } from '../../../shared/api/office';
import { IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { amountText } from '../../../shared/i18n/i18n';
import { officeWords } from '../../../shared/i18n/office-words';
import { navigate } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { koreanDay } from '../../../shared/text/day';
import { monthAfter, monthsText, spanDays } from '../../../shared/text/months';
import type { PageInput } from '../../routes';
import './guide.css';

/** Which cards ask no interest for which months, by month. */
export default function InterestPage({ query }: PageInput): JSX.Element {
  const m = officeWords().interest;
  const [month, setMonth] = useState(() => query.get('month') ?? koreanDay(new Date()).slice(0, 7));
  const load = useLoad((signal) => interestFree(month, signal), month);
  const go = (by: number): void => {
    const next = monthAfter(month, by);
    setMonth(next);
    navigate(`/guide/interest-free?month=${next}`, { replace: true });
  };
  const [year = 0, of = 1] = month.split('-').map(Number);
  return (
    <Page title={officeWords().guide.interest} up="/guide">
      <div class="month-bar">
        <IconButton icon="back" label={m.previous} onPress={() => go(-1)} />
        <h2 aria-live="polite">{m.label(year, of)}</h2>
        <IconButton icon="next" label={m.next} onPress={() => go(1)} />
      </div>
      {load.data && !load.loading ? (
        load.data.length === 0 ? (
          <EmptyState picture="percent" title={m.emptyTitle} text={m.emptyText} />
        ) : (
          <>
            <table class="free-table">
              <thead>
                <tr>
                  <th scope="col">{m.card}</th>
                  <th scope="col">{m.months}</th>
                  <th scope="col">{m.from}</th>
                </tr>
              </thead>
              <tbody>
                {load.data.map((event, i) => (
                  <tr key={i}>
                    <th scope="row">{event.issuerName}</th>
                    <td>
                      <span class="free-months">{m.monthsOf(monthsText(event.months))}</span>
                      <span class="free-span">{m.span(...spanDays(event.from, event.until))}</span>
                    </td>
                    <td>{m.over(amountText(event.minAmount))}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p class="guide-lead">{m.note}</p>
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
