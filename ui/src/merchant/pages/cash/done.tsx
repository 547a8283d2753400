import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { Payment } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Icon } from '../../../shared/design/icons';
import { Amount, Facts } from '../../../shared/design/parts';
import { amountText, t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { slipTime } from '../../../shared/text/day';
import { celebrate } from '../../feel';
import { PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import { ReceiptPart } from '../receipts/part';
import { ChangeWords } from './kept';

/** A sale in cash: the change first, for it is handed over now; then its receipt, followed live. */
export function CashDone({ payment, fresh }: { payment: Payment; fresh: boolean }): JSX.Element {
  const m = t().cash;
  useEffect(() => {
    if (fresh) celebrate();
  }, []);
  return (
    <>
      <div class="outcome tone-ok" role="status">
        <span class="outcome-mark">
          <Icon name="check" size={48} />
        </span>
        <h2>{m.doneTitle}</h2>
        <ChangeWords change={payment.cash?.change ?? 0} />
        <p>{[amountText(payment.amount), payment.orderName].join(' · ')}</p>
      </div>
      <div class="result-slip stack">
        <Facts
          rows={[
            [m.amount, <Amount won={payment.amount} size="s" />],
            [m.received, payment.cash && <Amount won={payment.cash.received} size="s" />],
            [m.at, payment.approvedAt && slipTime(new Date(payment.approvedAt))],
            [t().pay.supplied, payment.suppliedAmount !== 0 && <Amount won={payment.suppliedAmount} size="s" />],
            [t().pay.vat, payment.vat !== 0 && <Amount won={payment.vat} size="s" />],
            [t().pay.taxFree, payment.taxFreeAmount > 0 && <Amount won={payment.taxFreeAmount} size="s" />],
            [t().pay.serviceFee, payment.serviceFee > 0 && <Amount won={payment.serviceFee} size="s" />],
          ]}
        />
        <ReceiptPart payment={payment} />
      </div>
      <div class="button-row">
        {payment.receiptUrl && (
          <Button icon="slip" href={payment.receiptUrl} newTab>
            {t().result.receipt}
          </Button>
        )}
        <SendReceipt payment={payment} />
        <PrintButton subject={{ kind: 'payment', id: payment.id, cash: true }} fresh={fresh} />
        <Button icon="search" href={href(`/payments/${encodeURIComponent(payment.id)}`)}>
          {t().result.detail}
        </Button>
      </div>
      <div class="cta">
        <Button kind="primary" href={href('/pay/cash')}>
          {m.again}
        </Button>
      </div>
    </>
  );
}
