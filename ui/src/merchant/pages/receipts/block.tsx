import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CashReceipt } from '../../../shared/api/cash';
import type { Payment } from '../../../shared/api/types';
import { Skeleton } from '../../../shared/design/parts';
import { ErrorState } from '../../../shared/design/states';
import { t } from '../../../shared/i18n/i18n';
import { loadMerchant, ownMerchant } from '../../own';
import { isCancelable } from '../cancel/cancelable';
import { IssueAct, ReceiptActs } from './actions';
import { useReceipt } from './follow';
import { ReceiptView } from './view';

/** The cash receipt of a cash payment, or the way to one; nothing where none are issued. */
export function PaymentReceipt({ payment }: { payment: Payment }): JSX.Element | null {
  const m = t().receipts;
  const [made, setMade] = useState<CashReceipt | undefined>();
  useEffect(() => {
    // Without an answer the payment is shown without the way to a receipt.
    loadMerchant().catch(() => undefined);
  }, []);
  const id = made?.id ?? payment.cashReceipt?.id;
  if (payment.method !== 'CASH' || (!id && !ownMerchant.value?.cashReceipts)) return null;
  return (
    <section class="receipt-block" aria-labelledby="cash-receipt-title">
      <h2 id="cash-receipt-title">{m.title}</h2>
      {id ? <Followed key={id} id={id} payment={payment} onMade={setMade} /> : <Missing payment={payment} onMade={setMade} />}
    </section>
  );
}

interface PartProps {
  payment: Payment;
  onMade: (receipt: CashReceipt) => void;
}

function Missing({ payment, onMade }: PartProps): JSX.Element {
  return (
    <>
      <p>{t().receipts.none}</p>
      {isCancelable(payment) && <IssueAct payment={payment} onDone={onMade} />}
    </>
  );
}

function Followed({ id, payment, onMade }: PartProps & { id: string }): JSX.Element {
  const load = useReceipt(id);
  const receipt = load.data;
  if (!receipt) return load.failure === undefined ? <Skeleton shape="line" count={3} /> : <ErrorState failure={load.failure} onRetry={load.reload} />;
  return (
    <>
      <ReceiptView receipt={receipt} />
      <ReceiptActs receipt={receipt} onDone={load.set} />
      {receipt.status === 'CANCELED' && isCancelable(payment) && <IssueAct payment={payment} onDone={onMade} />}
    </>
  );
}
