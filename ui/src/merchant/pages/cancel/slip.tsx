import type { JSX } from 'preact';
import { payments } from '../../../shared/api/api';
import type { Cancel, Payment } from '../../../shared/api/types';
import { Button, IconButton } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Facts, Skeleton, Stamp } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { useLoad } from '../../../shared/state/load';
import { koreanDay, slipTime } from '../../../shared/text/day';
import { groupMasked } from '../../../shared/text/digits';
import { handedOver } from '../../handover';
import { PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import { useSettled } from '../../settled';
import type { PageInput } from '../../routes';
import { dayAddress } from '../payments/filter';
import { Shop } from '../payments/slip';

/** The slip of one cancel; follows it until it is settled. */
export default function CancelSlipPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const known = handedOver(id);
  const load = useLoad((signal) => (known ? Promise.resolve(known) : payments.get(id, signal)), id);
  const payment = useSettled(load.data ?? known);
  const cancel = payment?.cancels?.find((each) => each.id === params['cancelId']);
  const m = t().cancel;
  return (
    <Page title={m.slip} left={<IconButton icon="back" label={t().common.back} href={href(`/payments/${encodeURIComponent(id)}`)} />}>
      {payment && cancel ? (
        <CancelSlip payment={payment} cancel={cancel} />
      ) : payment ? (
        <EmptyState picture="search" title={t().detail.notFoundTitle} text={t().detail.notFoundText} />
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={4} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function CancelSlip({ payment, cancel }: { payment: Payment; cancel: Cancel }): JSX.Element {
  const m = t().cancel;
  const detail = t().detail;
  if (cancel.status === 'IN_PROGRESS' || cancel.status === 'UNKNOWN') {
    return (
      <div class="waiting" role="status">
        <span class="spinner" />
        <Amount won={cancel.amount} size="xl" />
        <h2>{m.checking}</h2>
        <p>{m.checkingHint}</p>
      </div>
    );
  }
  const failed = cancel.status === 'FAILED';
  return (
    <>
      <article class="slip" aria-label={m.slip}>
        <header class="slip-head">
          <div class="slip-top">
            <h2>{failed ? m.failedTitle : m.doneTitle}</h2>
            {!failed && <Stamp>{detail.cancelKind[cancel.kind]}</Stamp>}
          </div>
          <Amount won={failed ? cancel.amount : -cancel.amount} size="xl" bad={!failed} struck={failed} />
          <p>{failed ? (cancel.failure?.message ?? m.failedText) : payment.orderName}</p>
        </header>
        <Facts
          rows={[
            [m.number, cancel.cancelNumber],
            [m.at, cancel.canceledAt && slipTime(new Date(cancel.canceledAt))],
            [detail.reason, cancel.reason],
            [detail.vat, cancel.vat !== 0 && <Amount won={cancel.vat} size="s" />],
            [detail.taxFree, cancel.taxFreeAmount !== 0 && <Amount won={cancel.taxFreeAmount} size="s" />],
          ]}
        />
        <div class="slip-rule" />
        <Facts
          rows={[
            [detail.card, payment.card?.issuerName],
            [t().pay.number, payment.card && groupMasked(payment.card.maskedNumber)],
            [m.original, payment.card?.approvalNumber],
            [t().history.channel, !payment.card && t().channel[payment.channel]],
            [payment.method === 'CASH' ? t().cash.at : m.originalAt, payment.approvedAt && slipTime(new Date(payment.approvedAt))],
            [detail.amount, <Amount won={payment.amount} size="s" />],
            [m.left, <Amount won={payment.balanceAmount} size="s" />],
          ]}
        />
        <div class="slip-rule" />
        <Shop />
      </article>
      {!failed && <p class="small-print">{payment.method === 'CASH' ? t().cash.canceledNote : cancel.kind === 'VOID' ? m.voidNote : m.refundNote}</p>}
      <div class="button-row">
        {payment.receiptUrl && (
          <Button icon="slip" href={payment.receiptUrl} newTab>
            {detail.receipt}
          </Button>
        )}
        <SendReceipt payment={payment} />
        {!failed && <PrintButton subject={{ kind: 'payment', id: payment.id, cancelId: cancel.id }} />}
        <Button icon="search" href={href(`/payments/${encodeURIComponent(payment.id)}`)}>
          {m.toDetail}
        </Button>
      </div>
      <div class="cta">
        <Button kind="primary" href={href(dayAddress(koreanDay(new Date(payment.requestedAt))))}>
          {m.toHistory}
        </Button>
      </div>
    </>
  );
}
