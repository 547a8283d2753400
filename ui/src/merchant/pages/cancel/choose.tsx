import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Payment } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Badge, ListRow } from '../../../shared/design/parts';
import { t } from '../../../shared/i18n/i18n';
import { arrivedBy, href, navigate, savedScroll } from '../../../shared/router/router';
import { rights } from '../../../shared/state/rights';
import { koreanDay, timeOfDay } from '../../../shared/text/day';
import { channels } from '../../ways';
import { CHANNEL_ICONS, meansText, PaymentRow } from '../../words';
import type { PageInput } from '../../routes';
import { apiQuery, PLAIN, readFilter, writeFilter, type Filter } from '../payments/filter';
import { FilterBar } from '../payments/filters';
import { cancels } from '../payments/list';
import { Rows } from '../payments/rows';
import { NoRight } from '../products/noright';
import { obstacleOf } from './cancelable';
import '../payments/history.css';
import './cancel.css';

const SCREEN = '/cancel';

/** Chapter 8 from its own menu entry: the kind first, then conditions and the list. */
export default function ChoosePage({ query }: PageInput): JSX.Element {
  const filter = readFilter(query);
  if (!rights.value.cancel) return <NoRight title={t().cancel.menuTitle} up="/" />;
  return filter.channel ? <Candidates filter={filter} /> : <Kinds />;
}

/** The manual's 거래 종류. */
function Kinds(): JSX.Element {
  const m = t().cancel;
  return (
    <Page title={m.menuTitle} up="/">
      <h2 class="question">{m.kindQuestion}</h2>
      <div class="rows">
        {channels().map((channel) => (
          <ListRow key={channel} href={href(writeFilter({ ...PLAIN, channel }, SCREEN))} icon={CHANNEL_ICONS[channel]} title={m.kinds[channel]} sub={[m.kindHints[channel]]} end={<Icon name="next" size={20} />} />
        ))}
      </div>
    </Page>
  );
}

function Candidates({ filter }: { filter: Filter }): JSX.Element {
  const today = koreanDay(new Date());
  const address = writeFilter(filter, SCREEN);
  useEffect(() => {
    const back = arrivedBy.value === 'pop';
    cancels.open(apiQuery(filter, today), back, back ? savedScroll() : 0);
  }, [address]);
  const change = (next: Partial<Filter>): void => void navigate(writeFilter({ ...filter, ...next }, SCREEN), { replace: true });
  const m = t().cancel;
  return (
    <Page wide title={t().history.cancelTitle} up={SCREEN}>
      <div class="kind-line">
        <span>{filter.channel && m.kinds[filter.channel]}</span>
        <Button kind="text" href={href(SCREEN)}>
          {m.otherKind}
        </Button>
      </div>
      <FilterBar filter={filter} onChange={change} kindStands />
      <div aria-busy={cancels.state.value.loading}>
        <Rows list={cancels} filter={filter} today={today} onChange={change} row={row} />
      </div>
    </Page>
  );
}

/** A payment with what is left to cancel, which opens its slip with the cancel button; or with the reason why nothing can be. */
function row(payment: Payment): JSX.Element {
  const obstacle = obstacleOf(payment);
  const time = timeOfDay(new Date(payment.requestedAt));
  if (obstacle === null) return <PaymentRow key={payment.id} payment={payment} href={href(`/payments/${encodeURIComponent(payment.id)}`)} time={time} left />;
  return (
    <div key={payment.id} class="row-barred">
      <ListRow
        icon={CHANNEL_ICONS[payment.channel]}
        tone="plain"
        title={payment.orderName}
        sub={[time, meansText(payment)]}
        end={
          <>
            <Amount won={payment.amount} size="s" />
            <Badge tone={obstacle === 'checking' || obstacle === 'canceling' ? 'warn' : 'plain'}>{t().cancel.obstacles[obstacle]}</Badge>
          </>
        }
      />
    </div>
  );
}
