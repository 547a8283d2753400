import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import type { Payment } from '../../../shared/api/types';
import { Button, IconButton } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Page } from '../../../shared/design/page';
import { Amount, Facts, Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { locale, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { slipTime } from '../../../shared/text/day';
import { groupMasked } from '../../../shared/text/digits';
import { celebrate } from '../../feel';
import { handedOver } from '../../handover';
import { holdsScreen, PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import { isOpen, useSettled } from '../../settled';
import type { PageInput } from '../../routes';
import { CashDone } from '../cash/done';
import { Returning } from './returning';

/** What became of a payment at the counter; follows it until it is settled. */
export default function ResultPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const known = handedOver(id);
  const load = useLoad((signal) => (known ? Promise.resolve(known) : payments.get(id, signal)), id);
  const payment = useSettled(load.data ?? known);
  if (payment) return <Result payment={payment} fresh={known !== undefined} />;
  return (
    <Page title={t().result.title} left={<IconButton icon="home" label={t().common.home} href={href('/')} />}>
      {load.failure === undefined ? <Skeleton shape="row" count={3} /> : <ErrorState failure={load.failure} onRetry={load.reload} />}
    </Page>
  );
}

function Result({ payment, fresh }: { payment: Payment; fresh: boolean }): JSX.Element {
  const approved = payment.status === 'DONE' || payment.status === 'PARTIAL_CANCELED' || payment.status === 'CANCELED';
  return (
    <Page title={t().result.title} tone={approved ? 'ok' : undefined} left={<IconButton icon="home" label={t().common.home} href={href('/')} />}>
      {approved && payment.method === 'CASH' ? <CashDone payment={payment} fresh={fresh} /> : approved ? <Approved payment={payment} fresh={fresh} /> : isOpen(payment) ? <Checking payment={payment} /> : <Declined payment={payment} />}
    </Page>
  );
}

/** fresh: paid just now on this device, not looked up again. */
function Approved({ payment, fresh }: { payment: Payment; fresh: boolean }): JSX.Element {
  const m = t().result;
  useEffect(() => {
    if (fresh) celebrate();
  }, []);
  const card = payment.card;
  const slip = { kind: 'payment', id: payment.id } as const;
  return (
    <>
      <div class="outcome tone-ok" role="status">
        <span class="outcome-mark">
          <Icon name="check" size={48} />
        </span>
        <h2>{m.approved}</h2>
        <Amount won={payment.amount} size="xl" />
        <p>{payment.orderName}</p>
      </div>
      <div class="result-slip">
      <Facts
        rows={[
          [m.approvalNumber, card?.approvalNumber],
          [m.card, card && [card.issuerName, card.entry === 'SWIPE' && m.swiped].filter(Boolean).join(' · ')],
          [t().pay.number, card && groupMasked(card.maskedNumber)],
          [m.installment, card && `${t().pay.months(card.installmentMonths)}${card.interestFree ? ` (${t().pay.interestFree})` : ''}`],
          [m.at, payment.approvedAt && slipTime(new Date(payment.approvedAt))],
          [t().pay.supplied, <Amount won={payment.suppliedAmount} size="s" />],
          [t().pay.vat, <Amount won={payment.vat} size="s" />],
          [t().pay.taxFree, payment.taxFreeAmount > 0 && <Amount won={payment.taxFreeAmount} size="s" />],
          [t().pay.serviceFee, payment.serviceFee > 0 && <Amount won={payment.serviceFee} size="s" />],
        ]}
      />
      </div>
      <div class="button-row">
        {payment.receiptUrl && (
          <Button icon="slip" href={payment.receiptUrl} newTab>
            {m.receipt}
          </Button>
        )}
        <SendReceipt payment={payment} />
        <PrintButton subject={slip} fresh={fresh} />
        <Button icon="search" href={href(`/payments/${encodeURIComponent(payment.id)}`)}>
          {m.detail}
        </Button>
      </div>
      <div class="cta">
        {fresh && !holdsScreen(slip) && <Returning />}
        <Button kind="primary" href={href('/pay/card')}>
          {m.again}
        </Button>
      </div>
    </>
  );
}

function Declined({ payment }: { payment: Payment }): JSX.Element {
  const m = t().result;
  const code = payment.failure?.code ?? '';
  // The card company's sentence is Korean and says both what happened and what to do.
  const said = locale.value === 'ko' ? payment.failure?.message : undefined;
  return (
    <>
      <div class="outcome tone-bad" role="alert">
        <span class="outcome-mark">
          <Icon name="close" size={48} />
        </span>
        <h2>{code === 'REVERSED' || code === 'NOT_SENT' ? m.reversed : m.declined}</h2>
        <Amount won={payment.amount} size="l" struck />
        <p>{said || m.next[code] || m.nextOther}</p>
        {code && <span class="small-print">{t().common.code(code)}</span>}
      </div>
      <div class="cta">
        <p class="safe">{m.sameAmount}</p>
        <Button kind="primary" href={href('/pay/card?step=card')}>
          {m.otherCard}
        </Button>
        <div class="button-row">
          <Button href={href('/pay/card')}>{m.changeAmount}</Button>
          <Button href={href(`/payments/${encodeURIComponent(payment.id)}`)}>{m.detail}</Button>
        </div>
      </div>
    </>
  );
}

function Checking({ payment }: { payment: Payment }): JSX.Element {
  return (
    <>
      <div class="waiting" role="status">
        <span class="spinner" />
        <Amount won={payment.amount} size="xl" />
        <h2>{t().pay.checking}</h2>
        <p>{t().pay.checkingHint}</p>
      </div>
      <div class="cta">
        <Button href={href('/payments')} wide>
          {t().functions.payments}
        </Button>
      </div>
    </>
  );
}
