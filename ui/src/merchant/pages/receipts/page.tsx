import type { JSX } from 'preact';
import { ApiFailure } from '../../../shared/api/failure';
import type { CashReceipt } from '../../../shared/api/cash';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Skeleton } from '../../../shared/design/parts';
import { EmptyState, ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import { givenOf } from '../../receipt-ways';
import type { PageInput } from '../../routes';
import { ReceiptActs } from './actions';
import { useReceipt } from './follow';
import { ReceiptView } from './view';

/** One cash receipt, of a payment or standing alone. */
export default function ReceiptPage({ params }: PageInput): JSX.Element {
  const load = useReceipt(params['id'] ?? '');
  const m = t().receipts;
  const missing = load.failure instanceof ApiFailure && load.failure.status === 404;
  return (
    <Page title={m.title} up="/cash-receipts">
      {load.data ? (
        <Shown receipt={load.data} onChange={load.set} />
      ) : missing ? (
        <EmptyState picture="search" title={m.notFoundTitle} text={m.notFoundText}>
          <Button kind="tint" href={href('/cash-receipts')}>
            {m.list}
          </Button>
        </EmptyState>
      ) : load.failure === undefined ? (
        <Skeleton shape="row" count={5} />
      ) : (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      )}
    </Page>
  );
}

function Shown({ receipt, onChange }: { receipt: CashReceipt; onChange: (receipt: CashReceipt) => void }): JSX.Element {
  const m = t().receipts;
  return (
    <div class="receipt-block">
      <div class="hero-figures">
        <Amount won={receipt.amount} size="xl" struck={receipt.status === 'CANCELED'} />
        <span class="hero-words">{receipt.orderName}</span>
      </div>
      <ReceiptView receipt={receipt} />
      <div class="button-row">
        {receipt.paymentId && (
          <Button icon="search" href={href(`/payments/${encodeURIComponent(receipt.paymentId)}`)}>
            {m.sale}
          </Button>
        )}
        <SendReceipt payment={givenOf(receipt)} />
        {receipt.issueNumber && <PrintButton subject={{ kind: 'cashReceipt', id: receipt.id }} />}
        <ReceiptActs receipt={receipt} onDone={onChange} />
      </div>
    </div>
  );
}
