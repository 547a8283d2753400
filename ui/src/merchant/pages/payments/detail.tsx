import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { payments } from '../../../shared/api/api';
import { ApiFailure } from '../../../shared/api/failure';
import type { Payment, Signature } from '../../../shared/api/types';
import { Button } from '../../../shared/design/controls';
import { Page } from '../../../shared/design/page';
import { Amount, Notice, Skeleton } from '../../../shared/design/parts';
import { Sheet } from '../../../shared/design/sheet';
import { SignaturePad } from '../../../shared/design/signature';
import { EmptyState, ErrorState, FailureNotice } from '../../../shared/design/states';
import { toast } from '../../../shared/design/toast';
import { t } from '../../../shared/i18n/i18n';
import { href } from '../../../shared/router/router';
import { rights } from '../../../shared/state/rights';
import { useLoad } from '../../../shared/state/load';
import { PrintButton } from '../../print-button';
import { SendReceipt } from '../../receipt-send';
import { useSettled } from '../../settled';
import { paymentAddress } from '../../words';
import { isCancelable } from '../cancel/cancelable';
import type { PageInput } from '../../routes';
import { ReceiptPart } from '../receipts/part';
import { CancelEntries, Slip } from './slip';
import { Explanation, Story, useTimeline } from './timeline';
import './story.css';

/** A payment as its slip, with what can be done about it. */
export default function DetailPage({ params }: PageInput): JSX.Element {
  const id = params['id'] ?? '';
  const load = useLoad((signal) => payments.get(id, signal), id);
  const payment = useSettled(load.data);
  const m = t().detail;
  const missing = load.failure instanceof ApiFailure && load.failure.status === 404;
  return (
    <Page title={m.title} up="/payments">
      {payment ? (
        <Detail payment={payment} onSigned={load.set} />
      ) : missing ? (
        <EmptyState picture="search" title={m.notFoundTitle} text={m.notFoundText}>
          <Button kind="tint" href={href('/payments')}>
            {t().functions.payments}
          </Button>
        </EmptyState>
      ) : load.failure !== undefined ? (
        <ErrorState failure={load.failure} onRetry={load.reload} />
      ) : (
        <Skeleton shape="row" count={5} />
      )}
    </Page>
  );
}

function Detail({ payment, onSigned }: { payment: Payment; onSigned: (payment: Payment) => void }): JSX.Element {
  const m = t().detail;
  const cancelable = isCancelable(payment);
  const told = useTimeline(payment);
  return (
    <>
      <Explanation payment={payment} line={told.line} />
      {payment.signatureMissing && <MissingSignature payment={payment} onSigned={onSigned} />}
      <Slip payment={payment} />
      <CancelEntries payment={payment} />
      <ReceiptPart payment={payment} />
      <Story payment={payment} told={told} />
      <div class="cta button-row">
        {payment.status === 'READY' && (
          <Button kind="tint" icon="message" href={href(paymentAddress(payment))}>
            {t().request.toRequest}
          </Button>
        )}
        {payment.receiptUrl && (
          <Button icon="slip" href={payment.receiptUrl} newTab>
            {m.receipt}
          </Button>
        )}
        <SendReceipt payment={payment} />
        {payment.receiptUrl && <PrintButton subject={{ kind: 'payment', id: payment.id, cash: payment.method === 'CASH' }} />}
        {cancelable && rights.value.cancel && (
          <Button kind="bad" icon="undo" href={href(`/payments/${encodeURIComponent(payment.id)}/cancel`)}>
            {m.cancel}
          </Button>
        )}
      </div>
    </>
  );
}

/** A signature that was put off at the payment can be taken later. */
function MissingSignature({ payment, onSigned }: { payment: Payment; onSigned: (payment: Payment) => void }): JSX.Element {
  const m = t().detail;
  const [open, setOpen] = useState(false);
  const [signature, setSignature] = useState<Signature | null>(null);
  const [turn, setTurn] = useState(0);
  const [failure, setFailure] = useState<unknown>();
  const save = async (): Promise<void> => {
    if (!signature) return;
    setFailure(undefined);
    try {
      onSigned(await payments.sign(payment.id, signature));
      toast(m.signSaved);
      setOpen(false);
    } catch (caught) {
      setFailure(caught);
    }
  };
  return (
    <>
      <Notice tone="warn" icon="pen">
        <p>{m.signMissing}</p>
        <Button kind="text" onPress={() => setOpen(true)}>
          {m.sign}
        </Button>
      </Notice>
      <Sheet title={m.sign} open={open} onClose={() => setOpen(false)}>
        <Amount won={payment.amount} size="l" />
        <SignaturePad label={t().pay.signPad} turn={turn} onChange={setSignature} />
        <Button kind="soft" icon="undo" disabled={!signature} onPress={() => setTurn(turn + 1)}>
          {t().pay.signAgain}
        </Button>
        <FailureNotice failure={failure} />
        <Button kind="primary" disabled={!signature} onPress={() => void save()}>
          {m.signSave}
        </Button>
      </Sheet>
    </>
  );
}
