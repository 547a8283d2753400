import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { payments, type Page as Rows } from '../../../shared/api/api';
import { sales } from '../../../shared/api/sales';
import type { Payment } from '../../../shared/api/types';
import { chosenReader } from '../../../shared/devices/reader';
import { IconButton } from '../../../shared/design/controls';
import { Icon, Wordmark } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { ErrorState, FailureNotice } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useFollow } from '../../../shared/state/follow';
import { keepRows } from '../../../shared/state/kept';
import { useLoad, type Load } from '../../../shared/state/load';
import { session } from '../../../shared/state/session';
import { koreanDay } from '../../../shared/text/day';
import { functions } from '../../nav';
import { ownMerchant } from '../../own';
import { shopPrints } from '../../printing';
import { loadCounter, policyOf, ReaderSheet } from '../../reader';
import { hasLine } from '../../ways';
import { paymentAddress, PaymentRow, whenText } from '../../words';
import { Devices } from './devices';
import { FirstSteps, useFirstRun } from './first';
import { Bell, NoticeStrip } from './notice';
import { PrinterChip } from './printer';
import './home.css';

const RECENT = 4;
const KEPT = 50;

/** Home: today's money, the functions, and what happened last. */
export default function HomePage(): JSX.Element {
  const [first, ...others] = functions();
  const recent = useRecent();
  const merchant = useLoad(loadCounter, 'merchant').data;
  const [choosing, setChoosing] = useState(false);
  const chip = useRef<HTMLButtonElement>(null);
  const run = useFirstRun({ reader: merchant && chosenReader.value !== null, paid: recent.data && recent.data.rows.length > 0 });
  const asked = run.steps.some(({ name, done }) => name === 'reader' && !done);
  const choose = (): void => setChoosing(true);
  const chosen = (): void => {
    setChoosing(false);
    // The step that opened the sheet may be done and gone: the keyboard goes on at the reader.
    requestAnimationFrame(() => document.activeElement === document.body && chip.current?.focus());
  };
  return (
    <Page title={t().home.title} brand={<Wordmark />} left={<IconButton icon="gear" label={t().nav.settings} href={href('/settings')} />} right={<Bell />}>
      <NoticeStrip />
      <Today />
      <nav class="functions" aria-label={t().home.functions}>
        {first && (
          <a class="tile tile-main" href={href(first.to)}>
            <span class="tile-text">
              <strong>{first.text}</strong>
              <span>{t().functions.cardHint}</span>
            </span>
            <Icon name={first.icon} size={32} />
          </a>
        )}
        <div class="tiles">
          {hasLine.value === undefined && <span class="tile tile-coming" />}
          {others.map((entry) => (
            <a key={entry.section} class="tile" href={href(entry.to)}>
              <Icon name={entry.icon} size={28} />
              {entry.text}
            </a>
          ))}
        </div>
      </nav>
      <div class="devices">
        {merchant && !asked && <Devices chip={chip} onReader={choose} />}
        {shopPrints.value && <PrinterChip />}
      </div>
      <Recent load={recent} />
      {/* Last, for it comes late: nothing that is being read moves. A new shop has nothing above it. */}
      <FirstSteps run={run} onReader={choose} />
      {merchant && <ReaderSheet policy={policyOf(merchant)} open={choosing} onClose={chosen} />}
    </Page>
  );
}

function Today(): JSX.Element {
  const today = koreanDay(new Date());
  // By the day of the books, as the page of sales that this leads to.
  const load = useLoad((signal) => sales.report({ from: today, to: today }, 'DAY', signal), today);
  const m = t().home;
  useFollow(load.reload);
  const sums = load.data?.total;
  return (
    <section class="today" aria-labelledby="today-title">
      <h2 id="today-title">
        <a class="today-link" href={href('/sales')}>
          {load.data?.scope === 'OWN' ? m.todayOwn : m.today}
          <Icon name="next" size={16} />
        </a>
      </h2>
      {sums ? (
        <>
          <Amount won={sums.netAmount} size="xl" />
          <p>{sums.count + sums.canceledCount === 0 ? m.none : m.detail(sums.count, sums.canceledCount, sums.canceledAmount)}</p>
        </>
      ) : load.failure === undefined ? (
        <Skeleton shape="amount" />
      ) : (
        <FailureNotice failure={load.failure} />
      )}
    </section>
  );
}

/** At most so often the newest payments are kept for times without a network, in milliseconds. */
const KEEP_EVERY = 60_000;
let keptAt = 0;

function keepNewest(): void {
  const who = session.value;
  if (!who || Date.now() - keptAt < KEEP_EVERY) return;
  keptAt = Date.now();
  payments.list({}, undefined, KEPT).then(
    ({ rows }) => keepRows(who, rows, new Date(), ownMerchant.value),
    () => (keptAt = 0),
  );
}

function useRecent(): Load<Rows<Payment>> {
  const load = useLoad((signal) => payments.list({}, undefined, RECENT, signal), 'recent');
  useFollow(load.reload);
  useEffect(keepNewest, [load.data]);
  return load;
}

function Recent({ load }: { load: Load<Rows<Payment>> }): JSX.Element | null {
  const m = t().home;
  const now = new Date();
  if (load.data?.rows.length === 0) return null;
  return (
    <section>
      <div class="section-head">
        <h2>{m.recent}</h2>
        <a class="link" href={href('/payments')}>
          {m.all}
          <Icon name="next" size={16} />
        </a>
      </div>
      {load.data ? (
        <div class="rows">
          {load.data.rows.map((payment) => (
            <PaymentRow key={payment.id} payment={payment} href={href(paymentAddress(payment))} time={whenText(new Date(payment.requestedAt), now)} />
          ))}
        </div>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={RECENT} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </section>
  );
}
